// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/segmented_encoder.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// Marking costs as much as copying a picture, and only the last ones before a boundary count: those
// within this time, or this many where pictures are rare.
constexpr qint64 markedUs = 1'500'000;
constexpr double markedPictures = 24;

qint64 markedLength(AVRational frameRate)
{
    if (frameRate.num <= 0 || frameRate.den <= 0)
        return markedUs;
    return std::max(markedUs, qint64(markedPictures / av_q2d(frameRate) * AV_TIME_BASE));
}

// The pts at which a segment ends.
qint64 endOf(const Segment &segment)
{
    if (segment.next)
        return segment.next->pts;
    qint64 end = 0;
    for (const PacketPtr &packet : segment.packets)
        end = std::max<qint64>(end, packet->pts + packet->duration);
    return end;
}

} // namespace

Result<SegmentedEncoder> SegmentedEncoder::open(Settings settings)
{
    SegmentedEncoder encoder(std::move(settings));
    SO_TRY_VOID(encoder.openEncoder());
    encoder.m_header = encoder.encoderHeader();
    return encoder;
}

Result<void> SegmentedEncoder::openEncoder()
{
    SO_TRY(StreamEncoder encoder, StreamEncoder::openVideo(m_settings.encoder));
    m_encoder.emplace(std::move(encoder));
    return {};
}

QByteArray SegmentedEncoder::encoderHeader() const
{
    const AVCodecContext *context = m_encoder->context();
    return QByteArray(reinterpret_cast<const char *>(context->extradata), context->extradata_size);
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
        const qint64 endPts = endOf(*segment);
        SO_TRY_VOID(m_settings.take(std::exchange(segment->packets, {}), endPts));
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

Result<void> SegmentedEncoder::beginSegment(qint64 pts)
{
    if (!m_encoder)
        SO_TRY_VOID(openEncoder());
    SO_TRY_VOID(checkHeader());
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
    return {};
}

// All segments share one header in the file.
Result<void> SegmentedEncoder::checkHeader() const
{
    if (encoderHeader() == m_header)
        return {};
    return failure(Error(ErrorKind::EncoderFailed, QStringLiteral("another header in a segment"))
                       .with(argument::file, m_settings.encoder.sourceName)
                       .with(argument::reason,
                             QStringLiteral("%1 does not repeat its own header")
                                 .arg(m_settings.encoder.plan->encoder)));
}

Result<void> SegmentedEncoder::encode(AVFrame *frame)
{
    std::optional<FrameMark> mark;
    if (m_hasFrames && frame->pts >= m_segmentEnd) {
        mark = markOf(frame, frame->pts);
        SO_TRY_VOID(finishSegment(mark, 0));
    }
    if (!m_hasFrames)
        SO_TRY_VOID(beginSegment(frame->pts));
    noteTail(frame, mark);
    m_hasFrames = true;
    ++m_framesTaken;
    return m_encoder->encode(frame, [this](PacketPtr packet) -> Result<void> {
        m_packets.push_back(std::move(packet));
        return {};
    });
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
    return m_hasFrames ? finishSegment(std::nullopt, lastDuration) : Result<void>();
}

Result<void> SegmentedEncoder::finishSegment(std::optional<FrameMark> next, qint64 lastDuration)
{
    SO_TRY_VOID(m_encoder->encode(nullptr, [this](PacketPtr packet) -> Result<void> {
        m_packets.push_back(std::move(packet));
        return {};
    }));
    Segment segment;
    segment.index = m_index;
    segment.encoderHeader = m_header;
    segment.firstPts = *m_firstPts;
    segment.next = next;
    segment.tail = m_tail.marks();
    segment.report = m_settings.report();
    segment.packets = std::exchange(m_packets, {});
    const int delay = m_encoder->context()->has_b_frames;
    m_order.complete(segment, next ? std::optional(next->pts) : std::nullopt, lastDuration, delay);
    m_encoder.reset();
    m_hasFrames = false;
    ++m_index;
    if (m_settings.journal)
        SO_TRY_VOID(m_settings.journal->write(m_settings.track, segment));
    const qint64 endPts = endOf(segment);
    return m_settings.take(std::move(segment.packets), endPts);
}

} // namespace sendoff::media
