// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/sound_encoder.h"

#include "core/media/sound_frames.h"

#include <algorithm>
#include <utility>

namespace sendoff::media {

namespace {

constexpr int defaultFrameSize = 1024;

} // namespace

Result<SoundEncoder> SoundEncoder::open(const EncoderSettings &settings)
{
    SO_TRY(StreamEncoder encoder, StreamEncoder::openAudio(settings));
    const AVCodecContext *context = encoder.context();
    AudioFifoPtr fifo(
        av_audio_fifo_alloc(context->sample_fmt, context->ch_layout.nb_channels, defaultFrameSize));
    if (!fifo)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("sound queue"));
    return SoundEncoder(std::move(encoder), std::move(fifo));
}

SoundEncoder::SoundEncoder(StreamEncoder encoder, AudioFifoPtr fifo)
    : m_encoder(std::move(encoder)), m_fifo(std::move(fifo))
{
}

CodecParametersPtr SoundEncoder::giveUpPriming()
{
    CodecParametersPtr parameters = m_encoder.parameters();
    m_leftToDrop = std::exchange(parameters->initial_padding, 0);
    m_nextPts = m_leftToDrop;
    return parameters;
}

Result<void> SoundEncoder::take(AVFrame *samples, const StreamEncoder::TakePacket &packet)
{
    SO_TRY_VOID(dropPrimed(samples));
    const int written = av_audio_fifo_write(
        m_fifo.get(), reinterpret_cast<void **>(samples->extended_data), samples->nb_samples);
    if (written < 0)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("sound queue"));
    return encodeFrames(Rest::Keep, packet);
}

Result<void> SoundEncoder::jumpTo(qint64 pts, const StreamEncoder::TakePacket &packet)
{
    SO_TRY_VOID(padToFrame(packet));
    m_nextPts = std::max(m_nextPts, pts);
    return {};
}

Result<void> SoundEncoder::finish(const StreamEncoder::TakePacket &packet)
{
    SO_TRY_VOID(encodeFrames(Rest::Encode, packet));
    if (m_encoder.framesTaken() == 0)
        return {};
    return m_encoder.encode(nullptr, packet);
}

int SoundEncoder::frameSize() const
{
    const int size = m_encoder.context()->frame_size;
    return size > 0 ? size : defaultFrameSize;
}

Result<void> SoundEncoder::dropPrimed(AVFrame *frame)
{
    const int count = std::min(frame->nb_samples, m_leftToDrop);
    m_leftToDrop -= count;
    if (count == frame->nb_samples)
        frame->nb_samples = 0;
    else if (count > 0)
        return dropFront(frame, count);
    return {};
}

// Only the last frame that an encoder gets may be short.
Result<void> SoundEncoder::padToFrame(const StreamEncoder::TakePacket &packet)
{
    const int rest = av_audio_fifo_size(m_fifo.get());
    if (rest == 0)
        return {};
    const AVCodecContext *encoder = m_encoder.context();
    SO_TRY(const FramePtr silence,
           allocateSound(frameSize() - rest, encoder->sample_fmt, encoder->sample_rate,
                         encoder->ch_layout));
    if (av_audio_fifo_write(m_fifo.get(), reinterpret_cast<void **>(silence->extended_data),
                            silence->nb_samples)
        < 0)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("sound queue"));
    return encodeFrames(Rest::Keep, packet);
}

// A queue of our own instead of the filter sink's frame size: a graph that is rebuilt midway would
// end with a short frame, which encoders take only at the very end.
Result<void> SoundEncoder::encodeFrames(Rest rest, const StreamEncoder::TakePacket &packet)
{
    const AVCodecContext *encoder = m_encoder.context();
    for (;;) {
        const int queued = av_audio_fifo_size(m_fifo.get());
        const bool isShort = queued < frameSize();
        if (queued == 0 || (isShort && rest == Rest::Keep))
            return {};
        const int count = std::min(queued, frameSize());
        SO_TRY(const FramePtr frame,
               allocateSound(count, encoder->sample_fmt, encoder->sample_rate,
                             encoder->ch_layout));
        av_audio_fifo_read(m_fifo.get(), reinterpret_cast<void **>(frame->extended_data), count);
        frame->pts = m_nextPts;
        m_nextPts += count;
        SO_TRY_VOID(m_encoder.encode(frame.get(), packet));
    }
}

} // namespace sendoff::media
