// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SourceReader: one pass over a source, packet by packet, each put on the export's timeline and
// given to the path of its stream. An export that encodes pictures reads the source twice, side by
// side: once for the pictures, which may begin in the middle, and once for everything else, from
// the beginning. Private to core/media.

#include "core/media/input.h"
#include "core/media/stream_path.h"
#include "core/media/timeline.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace sendoff::media {

class SourceReader {
public:
    // `leftOut` is told where each packet ends, microseconds of the timeline, of streams that the
    // plan leaves out but that have to be looked at; may be empty.
    static Result<std::unique_ptr<SourceReader>>
    open(std::shared_ptr<const SourceFile> source, const ExportPlan &plan, std::stop_token stop,
         std::function<void(qint64 endUs)> leftOut = {});

    Input &input() const { return *m_input; }
    Timeline &timeline() { return m_timeline; }

    // Whose packets a path gets; the path outlives the reader. Streams without a path are read all
    // the same where the plan uses them: what closes jumps of the clock must see the same packets
    // in every pass.
    void connect(StreamPath *path);
    bool hasPaths() const { return !m_paths.empty(); }
    // Towards a place before `us` of the timeline. False where it cannot be told whether the
    // timeline would be the same from there on.
    bool seekBefore(qint64 us);
    // The next packet on its way. At the end of the source, or where no path wants any more, the
    // paths are finished.
    Result<void> advance();
    Result<void> advanceTo(qint64 us); // until it has read that far, or to the end
    bool isDone() const { return m_isDone; }

private:
    SourceReader(std::unique_ptr<Input> input, const ExportPlan &plan, std::stop_token stop,
                 std::function<void(qint64)> leftOut);
    Result<void> takePacket(AVPacket *packet);
    Result<void> finishPaths();
    bool isSatisfied() const;

    std::unique_ptr<Input> m_input;
    Timeline m_timeline;
    std::stop_token m_stop;
    std::function<void(qint64)> m_leftOut;
    PacketPtr m_packet;
    std::vector<StreamPath *> m_paths;
    std::vector<StreamPath *> m_pathOf; // by source stream
    std::vector<bool> m_isPlanned; // by source stream
    qint64 m_positionUs; // how far it has read, by dts
    bool m_isPastEnd = false;
    bool m_isDone = false;
};

} // namespace sendoff::media
