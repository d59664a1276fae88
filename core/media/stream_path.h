// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StreamPath: the way of one source stream into the result: copied, or decoded, filtered and
// encoded. Packets come in the order of the source, on the export's timeline. Private to
// core/media.

#include "core/media/input.h"
#include "core/media/packet_merge.h"
#include "core/media/path_report.h"
#include "core/media/plan.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::media {

class Journal;

// What all paths of one source reader share; outlives them.
struct PathSurroundings {
    const Input &input;
    MuxOutput &mux;
    PacketMerge &merge;
    int threads = 1;
    bool isTrimmed = false; // frames before 0 are pre-roll
    bool editLists = true; // may hide what a decoder needs to warm up
    std::optional<qint64> endUs; // of the export, on its timeline
    std::optional<qint64> expectedUs; // how long it is expected to be
    std::stop_token stop;

    // Of a path that encodes pictures.
    const Journal *journal = nullptr; // may be null
    qint64 segmentUs = 0;
    // Before packets up to this time are handed over: those of the other tracks are.
    std::function<Result<void>(qint64 us)> readOthersTo;
    // Everything before `us` is safe. DiskFull where the rest has no room.
    std::function<Result<void>(qint64 us)> journaled;
};

class StreamPath {
public:
    virtual ~StreamPath() = default;
    // Does not keep the packet.
    virtual Result<void> take(AVPacket *packet) = 0;
    // No more packets: what is inside comes out.
    virtual Result<void> finish() = 0;

    // The rest of the source is not wanted (the end of a trim).
    bool isSatisfied() const { return m_isSatisfied; }
    // How far the result is, microseconds.
    qint64 positionUs() const { return m_positionUs; }
    int track() const { return m_track; }
    const StreamPlan &plan() const { return m_plan; }
    virtual PathReport report() const { return m_report; }

protected:
    StreamPath(const StreamPlan &plan, const PathSurroundings &surroundings, PacketMerge::Kind kind);
    const AVStream *stream() const;
    QString sourceName() const;
    // Language, title and the like, without what describes the old container.
    Dictionary trackMetadata() const;
    int trackDisposition() const;
    Result<void> checkStop() const;

    const StreamPlan &m_plan;
    const PathSurroundings &m_surroundings;
    PathReport m_report;
    qint64 m_positionUs = 0;
    bool m_isSatisfied = false;
    int m_track;
};

// NoDecoder, NoEncoder, SourceProtected, …
Result<std::unique_ptr<StreamPath>> makeAudioPath(const StreamPlan &plan,
                                                  const PathSurroundings &surroundings);
// From text to text: mov_text, WebVTT, SubRip, ASS.
Result<std::unique_ptr<StreamPath>> makeSubtitlePath(const StreamPlan &plan,
                                                     const PathSurroundings &surroundings);
std::unique_ptr<StreamPath> makeCopyPath(const StreamPlan &plan,
                                         const PathSurroundings &surroundings);

} // namespace sendoff::media
