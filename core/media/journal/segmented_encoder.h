// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SegmentedEncoder: encodes a video track in segments, each by a fresh encoder, so that each begins
// with a key frame of its own and can be made again alone. A finished segment is in the journal
// before any of its packets goes on. Where an export has several codec threads, encoding has one
// of its own, and an ended segment is handed over while the next one is being encoded. Private to
// core/media.

#include "core/media/journal/decode_order.h"
#include "core/media/journal/encoder_thread.h"
#include "core/media/journal/journal.h"

#include <functional>
#include <memory>
#include <optional>

namespace sendoff::media {

class SegmentedEncoder {
public:
    struct SegmentEnd {
        qint64 pts = 0; // of the picture after it, or the end of the last one
        std::optional<qint64> nextDts; // of the key frame that comes next, where one does
    };
    // Of a whole segment, in decoding order.
    using TakeSegment = std::function<Result<void>(std::vector<PacketPtr> packets, SegmentEnd end)>;

    struct Settings {
        EncoderSettings encoder;
        const Journal *journal = nullptr; // may be null: nothing is kept
        int track = 0; // in the journal
        qint64 segmentUs = 0;
        std::function<PathReport()> report; // of the track until now
        TakeSegment take;
    };
    // NoEncoder, EncoderFailed.
    static Result<SegmentedEncoder> open(Settings settings);

    // Hands over what the journal holds. Returns the last segment of it, without its packets;
    // nothing where there is none. A journal of another encoder is discarded, which
    // startsOverBecause() then says.
    Result<std::optional<Segment>> replay();
    QString startsOverBecause() const { return m_startsOverBecause; }

    // `frame->pts` in the encoder's time base, increasing.
    Result<void> encode(AVFrame *frame);
    // Whether a frame at `pts` begins a segment.
    bool beginsSegment(qint64 pts) const { return !m_hasFrames || pts >= m_segmentEnd; }
    Result<void> finish(qint64 lastDuration);

    // Until the first frame was encoded.
    CodecParametersPtr parameters() const { return m_first->parameters(); }
    qint64 framesTaken() const { return m_framesTaken; } // by encoders, in this run
    std::optional<qint64> firstPts() const { return m_firstPts; }

private:
    explicit SegmentedEncoder(Settings settings) : m_settings(std::move(settings)) {}
    void beginSegment(qint64 pts);
    Result<void> endSegment(std::optional<FrameMark> next, qint64 lastDuration);
    Result<void> handOver(EncoderThread::Wait wait);
    void noteTail(const AVFrame *frame, const std::optional<FrameMark> &known);
    Result<void> checkHeader(const QByteArray &header) const;

    // Ended, and still being encoded.
    struct Ended {
        Segment segment; // without what comes from the encoder
        qint64 lastDuration = 0;
    };

    Settings m_settings;
    std::optional<StreamEncoder> m_first; // until the first frame
    std::unique_ptr<EncoderThread> m_thread; // from then on
    std::optional<Ended> m_ended;
    DecodeOrder m_order;
    MarkTail m_tail;
    std::optional<qint64> m_firstPts;
    QByteArray m_header; // of the first segment
    qint64 m_segmentEnd = 0; // the present segment ends before the first picture at or after it
    qint64 m_framesTaken = 0;
    int m_index = 0; // of the present segment, or of the next one
    bool m_hasFrames = false; // the present segment has
    QString m_startsOverBecause;
};

} // namespace sendoff::media
