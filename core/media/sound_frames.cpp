// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/sound_frames.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
}

namespace sendoff::media {

Result<FramePtr> allocateSound(int samples, AVSampleFormat format, int sampleRate,
                               const AVChannelLayout &layout)
{
    FramePtr frame(av_frame_alloc());
    if (!frame)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("av_frame_alloc"));
    frame->nb_samples = samples;
    frame->format = format;
    frame->sample_rate = sampleRate;
    if (av_channel_layout_copy(&frame->ch_layout, &layout) < 0
        || av_frame_get_buffer(frame.get(), 0) < 0)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("a frame of sound"));
    av_samples_set_silence(frame->extended_data, 0, samples, layout.nb_channels, format);
    return frame;
}

Result<FramePtr> makeSilence(int samples, AVSampleFormat format, int sampleRate,
                             const QString &layout)
{
    AVChannelLayout parsed{};
    if (av_channel_layout_from_string(&parsed, layout.toLatin1().constData()) < 0)
        return failure(ErrorKind::Internal, QStringLiteral("channel layout %1").arg(layout));
    Result<FramePtr> frame = allocateSound(samples, format, sampleRate, parsed);
    av_channel_layout_uninit(&parsed);
    return frame;
}

Result<void> dropFront(AVFrame *frame, int count)
{
    const int left = frame->nb_samples - count;
    const auto format = static_cast<AVSampleFormat>(frame->format);
    SO_TRY(const FramePtr rest, allocateSound(left, format, frame->sample_rate, frame->ch_layout));
    av_samples_copy(rest->extended_data, frame->extended_data, 0, count, left,
                    frame->ch_layout.nb_channels, format);
    av_frame_unref(frame);
    av_frame_move_ref(frame, rest.get());
    return {};
}

} // namespace sendoff::media
