// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/keyframe_reader.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// About a second of work at 1080p.
constexpr int framesOnTheWay = 300;
constexpr int framesToAnExactOne = 1500;
// A stream that refreshes line by line never has a key frame.
constexpr int packetsWithoutKey = 300;
constexpr int failuresAtMost = 1000;

} // namespace

Result<KeyframeReader> KeyframeReader::open(Input &input, int streamIndex, std::stop_token stop)
{
    // Frames come one at a time, with a flush after each: more threads would only wait.
    SO_TRY(CodecContextPtr decoder, input.openDecoder(streamIndex, 1));
    AVFormatContext *format = input.context();
    for (unsigned i = 0; i < format->nb_streams; ++i)
        format->streams[i]->discard = AVDISCARD_ALL;
    AVStream *stream = format->streams[streamIndex];
    stream->discard = AVDISCARD_DEFAULT;
    return KeyframeReader(input, stream, std::move(decoder), std::move(stop));
}

KeyframeReader::KeyframeReader(Input &input, AVStream *stream, CodecContextPtr decoder,
                               std::stop_token stop)
    : m_input(input)
    , m_stream(stream)
    , m_decoder(std::move(decoder))
    , m_stop(std::move(stop))
    , m_packet(av_packet_alloc())
    , m_frame(av_frame_alloc())
    , m_framesLeft(framesOnTheWay)
{
}

qint64 KeyframeReader::timeUs() const
{
    const qint64 beginUs = m_input.context()->start_time;
    return av_rescale_q(m_ticks, m_stream->time_base, AV_TIME_BASE_Q)
        - (beginUs != AV_NOPTS_VALUE ? beginUs : 0);
}

qint64 KeyframeReader::ticksOf(const AVFrame *frame) const
{
    if (frame->best_effort_timestamp != AV_NOPTS_VALUE)
        return frame->best_effort_timestamp;
    return m_last ? *m_last + 1 : 0;
}

bool KeyframeReader::isNew() const
{
    return !m_last || m_ticks > *m_last;
}

qint64 KeyframeReader::ticksAt(qint64 timeUs) const
{
    const qint64 beginUs = m_input.context()->start_time;
    return av_rescale_q(timeUs + (beginUs != AV_NOPTS_VALUE ? beginUs : 0), AV_TIME_BASE_Q,
                        m_stream->time_base);
}

Result<AVFrame *> KeyframeReader::exactFrameAt(qint64 timeUs)
{
    const qint64 ticks = ticksAt(timeUs);
    m_last.reset();
    m_framesLeft = framesToAnExactOne;
    (void)seek(ticks);
    SO_TRY(const bool isThere, decodeUpTo(ticks));
    return isThere ? m_frame.get() : nullptr;
}

Result<AVFrame *> KeyframeReader::frameAt(qint64 timeUs)
{
    const qint64 ticks = ticksAt(timeUs);
    bool isFound = false;
    if (!m_isRunning) {
        SO_TRY(const bool isKey, decodeKeyframe(ticks));
        isFound = isKey && isNew();
        if (!isFound && m_framesLeft > 0) {
            m_isRunning = true;
            (void)seek(ticks); // one that cannot seek goes on from where it is
        }
    }
    if (m_isRunning) {
        SO_TRY(isFound, decodeUpTo(ticks));
        m_isRunning = m_framesLeft > 0;
    }
    if (!isFound)
        return nullptr;
    m_last = m_ticks;
    return m_frame.get();
}

bool KeyframeReader::seek(qint64 ticks)
{
    m_canSeek = m_canSeek
        && av_seek_frame(m_input.context(), m_stream->index, ticks, AVSEEK_FLAG_BACKWARD) >= 0;
    if (!m_canSeek)
        return false;
    avcodec_flush_buffers(m_decoder.get());
    m_isAtEnd = false;
    return true;
}

// The next packet of the stream.
Result<bool> KeyframeReader::readPacket()
{
    for (;;) {
        if (m_stop.stop_requested())
            return failure(Error::cancelled());
        av_packet_unref(m_packet.get());
        SO_TRY(const bool isThere, m_input.read(m_packet.get()));
        if (!isThere || m_packet->stream_index == m_stream->index)
            return isThere;
    }
}

// One packet through the decoder, which is drained for it.
Result<bool> KeyframeReader::decodeKeyframe(qint64 ticks)
{
    if (!seek(ticks))
        return false;
    for (int i = 0; i < packetsWithoutKey; ++i) {
        SO_TRY(const bool isThere, readPacket());
        if (!isThere)
            return false;
        if ((m_packet->flags & AV_PKT_FLAG_KEY) == 0)
            continue;
        m_decoder->skip_frame = AVDISCARD_NONKEY;
        const bool isSent = avcodec_send_packet(m_decoder.get(), m_packet.get()) >= 0
            && avcodec_send_packet(m_decoder.get(), nullptr) >= 0;
        const bool isDecoded = isSent && avcodec_receive_frame(m_decoder.get(), m_frame.get()) >= 0;
        avcodec_flush_buffers(m_decoder.get());
        m_decoder->skip_frame = AVDISCARD_DEFAULT;
        if (isDecoded)
            m_ticks = ticksOf(m_frame.get());
        return isDecoded;
    }
    return false;
}

// The first picture at or after `ticks`, else the last one that there is.
Result<bool> KeyframeReader::decodeUpTo(qint64 ticks)
{
    bool hasNew = false;
    for (; m_framesLeft > 0; --m_framesLeft) {
        SO_TRY(const bool isThere, nextFrame());
        if (!isThere)
            break;
        m_ticks = ticksOf(m_frame.get());
        hasNew = isNew();
        if (hasNew && m_ticks >= ticks)
            break;
    }
    return hasNew;
}

Result<bool> KeyframeReader::nextFrame()
{
    FramePtr next(av_frame_alloc());
    // Each failure consumes something; the bound only ends what a broken decoder would make
    // endless.
    for (int failures = 0; failures < failuresAtMost;) {
        const int got = avcodec_receive_frame(m_decoder.get(), next.get());
        if (got >= 0) {
            m_frame = std::move(next);
            return true;
        }
        if (got == AVERROR_EOF || m_isAtEnd)
            return false;
        if (got != AVERROR(EAGAIN)) {
            ++failures;
            continue;
        }
        SO_TRY(const bool isThere, readPacket());
        m_isAtEnd = !isThere;
        (void)avcodec_send_packet(m_decoder.get(), isThere ? m_packet.get() : nullptr);
    }
    return false;
}

} // namespace sendoff::media
