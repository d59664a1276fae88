// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// VideoPath: pictures decoded, filtered, put on their times and encoded in segments; where the
// journal holds segments already, those are handed over and the pictures before their end are only
// looked at. Private to core/media.

#include "core/media/filter_graph.h"
#include "core/media/frame_clock.h"
#include "core/media/journal/segmented_encoder.h"
#include "core/media/stream_decoder.h"
#include "core/media/stream_path.h"

namespace sendoff::media {

class VideoPath final : public StreamPath {
public:
    // NoDecoder, NoEncoder, SourceProtected, …
    static Result<std::unique_ptr<VideoPath>> create(const StreamPlan &plan,
                                                     const PathSurroundings &surroundings);

    // Before anything is taken: hands over what the journal holds. Then, if it holds anything,
    // either everything is done (isReplayed()), or the source is to be read from somewhere before
    // resumeUs(), by openSource() on this same path.
    Result<void> replay();
    bool isReplayed() const { return m_isComplete; }
    std::optional<qint64> resumeUs() const { return m_resumeUs; }
    QString startsOverBecause() const { return m_encoder.startsOverBecause(); }
    // Takes up a source that was opened anew: decoder, filters and clock begin anew with it.
    Result<void> openSource(const Input &input);
    // The pictures of this source are not those that the journal was made of.
    bool isRefused() const { return m_isRefused; }
    // Proved to be; or nothing was to be proved.
    bool isAccepted() const { return !m_gate; }

    Result<void> take(AVPacket *packet) override;
    Result<void> finish() override;
    PathReport report() const override;

private:
    VideoPath(const StreamPlan &plan, const PathSurroundings &surroundings,
              SegmentedEncoder encoder, StreamDecoder decoder, FrameClock clock,
              AVRational frameRate);

    const AVStream *sourceStream() const;
    qint64 timeOf(const AVFrame *frame) const;
    qint64 lengthUs(const AVFrame *frame) const;
    bool isStill() const;
    Result<void> takeFrame(AVFrame *frame);
    void noteGap(qint64 pts);
    Result<void> prepareGraph(const AVFrame *frame);
    Result<void> flushGraph();
    Result<void> drainGraph();
    Result<void> encodeFiltered();
    bool isKeyDue(qint64 pts);
    Result<bool> passesGate(qint64 pts);
    Result<void> takeSegment(std::vector<PacketPtr> packets, SegmentedEncoder::SegmentEnd end);
    qint64 lastDuration() const;
    qint64 toUs(qint64 pts) const;

    const Input *m_input; // of the present source
    SegmentedEncoder m_encoder;
    StreamDecoder m_decoder;
    FrameClock m_clock;
    const FrameClock m_newClock; // as it was before the first frame
    AVRational m_frameRate;
    RateLimit m_rateLimit;
    std::unique_ptr<FilterGraph> m_graph;
    PictureShape m_shape;
    FramePtr m_filtered;
    std::optional<qint64> m_lastPts; // of the source, its time base
    qint64 m_lastFrameDuration = 0;
    std::optional<qint64> m_keyPeriod;

    std::optional<Segment> m_lastSegment; // of the journal, without packets
    std::optional<ResumeGate> m_gate; // closed until the resume is proved
    std::optional<qint64> m_resumeUs;
    PathReport m_before; // the journal's
    qint64 m_damagedBefore = 0; // by this source, before the gate opened
    bool m_isComplete = false;
    bool m_isRefused = false;
};

} // namespace sendoff::media
