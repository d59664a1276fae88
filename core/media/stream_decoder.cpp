// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/stream_decoder.h"

namespace sendoff::media {

Result<StreamDecoder> StreamDecoder::open(const Input &input, int streamIndex, int threads)
{
    SO_TRY(CodecContextPtr context, input.openDecoder(streamIndex, threads));
    const bool isBroadcast = (input.context()->iformat->flags & AVFMT_TS_DISCONT) != 0;
    return StreamDecoder(std::move(context), isBroadcast);
}

StreamDecoder::StreamDecoder(CodecContextPtr context, bool mayBeginAnywhere)
    : m_context(std::move(context)), m_frame(av_frame_alloc()),
      m_mayBeginAnywhere(mayBeginAnywhere)
{
}

qint64 StreamDecoder::damaged() const
{
    const bool earlyIsHarmless = m_mayBeginAnywhere && m_frames > 0;
    return earlyIsHarmless ? m_damaged : m_damaged + m_damagedEarly;
}

Result<void> StreamDecoder::note(int code, const char *step)
{
    if (code == AVERROR(ENOMEM))
        return failure(ErrorKind::OutOfMemory, QString::fromLatin1(step));
    ++(m_frames == 0 ? m_damagedEarly : m_damaged);
    return {};
}

Result<void> StreamDecoder::decode(const AVPacket *packet, const TakeFrame &take)
{
    int sent = avcodec_send_packet(m_context.get(), packet);
    if (sent == AVERROR(EAGAIN)) {
        SO_TRY_VOID(takeAll(take));
        sent = avcodec_send_packet(m_context.get(), packet);
    }
    if (sent < 0 && sent != AVERROR_EOF)
        SO_TRY_VOID(note(sent, "send a packet"));
    return takeAll(take);
}

Result<void> StreamDecoder::takeAll(const TakeFrame &take)
{
    // Each failed receive consumes something of the decoder's; the bound only ends a loop that a
    // broken decoder would make endless.
    for (int failures = 0; failures < 1000;) {
        const int got = avcodec_receive_frame(m_context.get(), m_frame.get());
        if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
            return {};
        if (got < 0) {
            ++failures;
            SO_TRY_VOID(note(got, "receive a frame"));
            continue;
        }
        if ((m_frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 || m_frame->decode_error_flags != 0)
            SO_TRY_VOID(note(AVERROR_INVALIDDATA, "frame"));
        ++m_frames;
        const Result<void> taken = take(m_frame.get());
        av_frame_unref(m_frame.get());
        if (!taken)
            return taken;
    }
    return {};
}

} // namespace sendoff::media
