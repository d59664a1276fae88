// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/segmented_encoder.h"

#include "core/base/segment_hook.h"
#include "core/media/journal/encoder_note.h"

#include <algorithm>

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// Marking costs as much as copying a picture, and only the last ones before a boundary count: those
// within this time, or this many where pictures are rare.
constexpr qint64 markedUs = 1'500'000;
constexpr double markedPictures = 24;

// For decoding and encoding to go on side by side, also while an encoder is drained.
constexpr int leastAhead = 2; // pictures
constexpr int mostAhead = 4;
constexpr qint64 bytesAhead = 12 << 20;

int picturesAhead(const AVFrame *frame)
{
    const int bytes = av_image_get_buffer_size(static_cast<AVPixelFormat>(frame->format),
                                               frame->width, frame->height, 1);
    return bytes <= 0 ? leastAhead : int(std::clamp<qint64>(bytesAhead / bytes, leastAhead, mostAhead));
}

qint64 markedLength(AVRational frameRate)
{
    if (frameRate.num <= 0 || frameRate.den <= 0)
        return markedUs;
    return std::max(markedUs, qint64(markedPictures / av_q2d(frameRate) * AV_TIME_BASE));
}

SegmentedEncoder::SegmentEnd endOf(const Segment &segment)
{
    SegmentedEncoder::SegmentEnd end{0, DecodeOrder::dtsBehind(segment)};
    if (segment.next) {
        end.pts = segment.next->pts;
        return end;
    }
    for (const PacketPtr &packet : segment.packets)
        end.pts = std::max<qint64>(end.pts, packet->pts + packet->duration);
    return end;
}

} // namespace

Result<SegmentedEncoder> SegmentedEncoder::open(Settings settings)
{
    SegmentedEncoder encoder(std::move(settings));
    SO_TRY(StreamEncoder first, StreamEncoder::openVideo(encoder.m_settings.encoder));
    encoder.m_header = first.header();
    encoder.m_first.emplace(std::move(first));
    return encoder;
}

Result<std::optional<Segment>> SegmentedEncoder::replay()
{
    std::optional<Segment> last;
    if (!m_settings.journal)
        return last;
    for (;;) {
        std::optional<Segment> segment = m_settings.journal->read(m_settings.track, m_index);
        if (segment && segment->encoderHeader != m_header) {
            if (last)
                break; // the journal ends where it does not fit together
            m_settings.journal->discard(m_settings.track);
            m_startsOverBecause = QStringLiteral("the encoder was updated");
            break;
        }
        if (!segment)
            break;
        const SegmentEnd end = endOf(*segment);
        SO_TRY_VOID(m_settings.take(std::exchange(segment->packets, {}), end));
        ++m_index;
        last = std::move(segment);
        if (!last->next)
            break;
    }
    if (last) {
        m_firstPts = last->firstPts;
        m_order = DecodeOrder(*last);
        for (const FrameMark &mark : last->tail)
            m_tail.add(mark);
    }
    return last;
}

void SegmentedEncoder::beginSegment(qint64 pts)
{
    noteSegment(m_index + 1);
    if (!m_firstPts)
        m_firstPts = pts;
    const AVRational timeBase = m_settings.encoder.timeBase;
    // The k-th boundary is computed from the first picture, so that rounding never adds up.
    const qint64 sinceFirstUs = av_rescale_q_rnd(pts - *m_firstPts, timeBase, AV_TIME_BASE_Q,
                                                 AV_ROUND_DOWN);
    qint64 number = sinceFirstUs / m_settings.segmentUs + 1;
    do {
        m_segmentEnd = *m_firstPts
            + av_rescale_q_rnd(number * m_settings.segmentUs, AV_TIME_BASE_Q, timeBase, AV_ROUND_UP);
        ++number;
    } while (m_segmentEnd <= pts);
}

// All segments share one header in the file.
Result<void> SegmentedEncoder::checkHeader(const QByteArray &header) const
{
    if (header == m_header)
        return {};
    return failure(Error(ErrorKind::EncoderFailed, QStringLiteral("another header in a segment"))
                       .with(argument::file, m_settings.encoder.sourceName)
                       .with(argument::reason,
                             QStringLiteral("%1 does not repeat its own header")
                                 .arg(m_settings.encoder.plan->encoder)));
}

Result<void> SegmentedEncoder::encode(AVFrame *frame)
{
    if (!m_thread) {
        m_thread = std::make_unique<EncoderThread>(m_settings.encoder, *std::move(m_first),
                                                   picturesAhead(frame));
        m_first.reset();
    }
    std::optional<FrameMark> mark;
    if (m_hasFrames && frame->pts >= m_segmentEnd) {
        mark = markOf(frame, frame->pts);
        SO_TRY_VOID(endSegment(mark, 0));
    }
    if (!m_hasFrames)
        beginSegment(frame->pts);
    noteTail(frame, mark);
    m_hasFrames = true;
    ++m_framesTaken;
    SO_TRY_VOID(m_thread->encode(frame));
    return handOver(EncoderThread::Wait::No);
}

void SegmentedEncoder::noteTail(const AVFrame *frame, const std::optional<FrameMark> &known)
{
    if (!m_settings.journal)
        return;
    const qint64 leftUs = av_rescale_q(m_segmentEnd - frame->pts, m_settings.encoder.timeBase,
                                       AV_TIME_BASE_Q);
    if (leftUs > markedLength(m_settings.encoder.frameRate))
        m_tail.clear();
    else
        m_tail.add(known ? *known : markOf(frame, frame->pts));
}

Result<void> SegmentedEncoder::finish(qint64 lastDuration)
{
    if (!m_hasFrames)
        return {};
    SO_TRY_VOID(endSegment(std::nullopt, lastDuration));
    SO_TRY_VOID(handOver(EncoderThread::Wait::Yes));
    noteSegment(0);
    return {};
}

Result<void> SegmentedEncoder::endSegment(std::optional<FrameMark> next, qint64 lastDuration)
{
    SO_TRY_VOID(handOver(EncoderThread::Wait::Yes)); // the one before
    m_thread->endSegment();
    Ended &ended = m_ended.emplace();
    ended.segment.index = m_index;
    ended.segment.firstPts = *m_firstPts;
    ended.segment.next = next;
    ended.segment.tail = m_tail.marks();
    ended.segment.report = m_settings.report();
    ended.lastDuration = lastDuration;
    m_hasFrames = false;
    ++m_index;
    return {};
}

Result<void> SegmentedEncoder::handOver(EncoderThread::Wait wait)
{
    if (!m_ended)
        return {};
    SO_TRY(std::optional<EncodedSegment> encoded, m_thread->takeSegment(wait));
    if (!encoded)
        return {};
    SO_TRY_VOID(checkHeader(encoded->header));
    Segment segment = std::move(m_ended->segment);
    const qint64 lastDuration = m_ended->lastDuration;
    m_ended.reset();
    segment.encoderHeader = m_header;
    segment.packets = std::move(encoded->packets);
    if (segment.index > 0 && !segment.packets.empty())
        dropEncoderNote(segment.packets.front().get());
    m_order.complete(segment, segment.next ? std::optional(segment.next->pts) : std::nullopt,
                     lastDuration, encoded->delay);
    if (m_settings.journal)
        SO_TRY_VOID(m_settings.journal->write(m_settings.track, segment));
    const SegmentEnd end = endOf(segment);
    return m_settings.take(std::move(segment.packets), end);
}

} // namespace sendoff::media
