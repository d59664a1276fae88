// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/sample_clip.h"

#include "core/media/av_compat.h"
#include "core/media/mux_output.h"
#include "core/media/packet_merge.h"
#include "core/media/sample_picture.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <optional>
#include <sys/stat.h>

namespace sendoff::media {

namespace {

Error clipError(const QString &what, int code)
{
    return Error(ErrorKind::EncoderFailed, avErrorText(code))
        .with(argument::file, QStringLiteral("the sample clip"))
        .with(argument::reason, what);
}

Result<const AVCodec *> clipEncoder(const QString &name)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(name.toLatin1().constData());
    if (!codec)
        return failure(Error(ErrorKind::NoEncoder).with(argument::name, name));
    return codec;
}

// One encoder with the track it feeds.
class ClipEncoder {
public:
    ClipEncoder(CodecContextPtr context, PacketMerge &merge, PacketMerge::Kind kind)
        : m_context(std::move(context))
        , m_merge(merge)
        , m_track(merge.addTrack(kind))
    {
    }
    AVCodecContext *context() const { return m_context.get(); }

    void announce(int rotation)
    {
        TrackFormat format;
        format.parameters.reset(avcodec_parameters_alloc());
        avcodec_parameters_from_context(format.parameters.get(), m_context.get());
        format.timeBase = m_context->time_base;
        format.frameRate = m_context->framerate;
        format.rotation = rotation;
        m_merge.setFormat(m_track, std::move(format));
    }

    // Null ends the stream.
    Result<void> encode(const AVFrame *frame)
    {
        const int sent = avcodec_send_frame(m_context.get(), frame);
        if (sent < 0)
            return failure(clipError(QStringLiteral("a frame was refused"), sent));
        for (;;) {
            PacketPtr packet(av_packet_alloc());
            const int got = avcodec_receive_packet(m_context.get(), packet.get());
            if (got == AVERROR(EAGAIN))
                return {};
            if (got == AVERROR_EOF)
                return m_merge.end(m_track);
            if (got < 0)
                return failure(clipError(QStringLiteral("a frame could not be encoded"), got));
            if (packet->duration == 0 && m_context->codec_type == AVMEDIA_TYPE_VIDEO)
                packet->duration =
                    av_rescale_q(1, av_inv_q(m_context->framerate), m_context->time_base);
            SO_TRY_VOID(m_merge.put(m_track, std::move(packet)));
        }
    }

private:
    CodecContextPtr m_context;
    PacketMerge &m_merge;
    int m_track;
};

Result<CodecContextPtr> openVideo(const SampleClip &clip, bool globalHeader)
{
    SO_TRY(const AVCodec *codec, clipEncoder(clip.videoEncoder));
    CodecContextPtr context(avcodec_alloc_context3(codec));
    // Motion JPEG is full range by definition.
    const bool takesLimited = codec->id != AV_CODEC_ID_MJPEG;
    context->pix_fmt = takesLimited ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_YUVJ420P;
    context->color_range = takesLimited ? AVCOL_RANGE_MPEG : AVCOL_RANGE_JPEG;
    context->width = clip.width;
    context->height = clip.height;
    context->time_base = {1, clip.framesPerSecond};
    context->framerate = {clip.framesPerSecond, 1};
    context->gop_size = clip.framesPerSecond;
    context->bit_rate = clip.videoBitrate;
    context->thread_count = 1; // the same bytes on every machine
    context->flags |= AV_CODEC_FLAG_BITEXACT;
    if (globalHeader)
        context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    Dictionary options;
    if (clip.videoEncoder == QStringLiteral("libx264"))
        options.set("preset", "ultrafast");
    const int code = avcodec_open2(context.get(), codec, options.out());
    if (code < 0)
        return failure(clipError(QStringLiteral("the picture's encoder did not start"), code));
    return context;
}

Result<CodecContextPtr> openAudio(const SampleClip &clip, bool globalHeader)
{
    SO_TRY(const AVCodec *codec, clipEncoder(clip.audioEncoder));
    CodecContextPtr context(avcodec_alloc_context3(codec));
    context->sample_fmt = compat::firstSampleFormat(codec);
    context->sample_rate = clip.sampleRate;
    context->time_base = {1, clip.sampleRate};
    av_channel_layout_default(&context->ch_layout, clip.channels);
    context->bit_rate = 64'000 * clip.channels;
    context->flags |= AV_CODEC_FLAG_BITEXACT;
    if (globalHeader)
        context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    const int code = avcodec_open2(context.get(), codec, nullptr);
    if (code < 0)
        return failure(clipError(QStringLiteral("the sound's encoder did not start"), code));
    return context;
}

void storeSample(AVFrame *frame, int channel, int index, double value)
{
    const auto format = static_cast<AVSampleFormat>(frame->format);
    const bool isPlanar = av_sample_fmt_is_planar(format) != 0;
    quint8 *plane = frame->extended_data[isPlanar ? channel : 0];
    const int at = isPlanar ? index : index * frame->ch_layout.nb_channels + channel;
    switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8:
        plane[at] = static_cast<quint8>(128 + std::lround(value * 127));
        break;
    case AV_SAMPLE_FMT_S16:
        reinterpret_cast<qint16 *>(plane)[at] = static_cast<qint16>(std::lround(value * 32767));
        break;
    case AV_SAMPLE_FMT_S32:
        reinterpret_cast<qint32 *>(plane)[at] =
            static_cast<qint32>(std::lround(value * 2147483647));
        break;
    case AV_SAMPLE_FMT_FLT:
        reinterpret_cast<float *>(plane)[at] = static_cast<float>(value);
        break;
    case AV_SAMPLE_FMT_DBL:
        reinterpret_cast<double *>(plane)[at] = value;
        break;
    default:
        break;
    }
}

class ClipWriter {
public:
    ClipWriter(const SampleClip &clip, MuxOutput &mux, std::stop_token stop)
        : m_clip(clip)
        , m_mux(mux)
        , m_merge(mux, [](qint64) {})
        , m_stop(std::move(stop))
    {
    }

    Result<void> write()
    {
        const bool globalHeader = m_mux.wantsGlobalHeader();
        if (!m_clip.videoEncoder.isEmpty()) {
            SO_TRY(CodecContextPtr context, openVideo(m_clip, globalHeader));
            m_video.emplace(std::move(context), m_merge, PacketMerge::Kind::Video);
            m_video->announce(m_clip.rotation);
        }
        if (!m_clip.audioEncoder.isEmpty()) {
            SO_TRY(CodecContextPtr context, openAudio(m_clip, globalHeader));
            m_audio.emplace(std::move(context), m_merge, PacketMerge::Kind::Audio);
            m_audio->announce(0);
        }
        SO_TRY_VOID(writeInTurns());
        SO_TRY_VOID(m_merge.finish());
        return m_mux.finish();
    }

private:
    // Whichever stream is behind goes on, as a recorder does.
    Result<void> writeInTurns()
    {
        const auto frames = std::llround(m_clip.seconds * m_clip.framesPerSecond);
        const auto samples = std::llround(m_clip.seconds * m_clip.sampleRate);
        qint64 frame = m_video ? 0 : frames;
        qint64 sample = m_audio ? 0 : samples;
        while (frame < frames || sample < samples) {
            if (m_stop.stop_requested())
                return failure(Error::cancelled());
            const double videoTime = double(frame) / m_clip.framesPerSecond;
            const double audioTime = double(sample) / m_clip.sampleRate;
            if (sample >= samples || (frame < frames && videoTime <= audioTime)) {
                if (!isDropped(frame))
                    SO_TRY_VOID(writePicture(frame));
                ++frame;
            } else {
                SO_TRY(const int count, writeSound(sample, samples - sample));
                sample += count;
            }
        }
        if (m_video)
            SO_TRY_VOID(m_video->encode(nullptr));
        if (m_audio)
            SO_TRY_VOID(m_audio->encode(nullptr));
        return {};
    }

    // A recorder that misses frames: one here, two there, and now and then half a second.
    bool isDropped(qint64 frame) const
    {
        if (!m_clip.isVariableRate || frame == 0)
            return false;
        const qint64 halfSecond = m_clip.framesPerSecond / 2;
        return frame % 7 == 3 || frame % 11 == 5
            || (frame / halfSecond % 6 == 3 && frame % halfSecond != 0);
    }

    Result<void> writePicture(qint64 index)
    {
        const AVCodecContext *context = m_video->context();
        FramePtr frame(av_frame_alloc());
        frame->format = context->pix_fmt;
        frame->width = context->width;
        frame->height = context->height;
        frame->color_range = context->color_range;
        const int code = av_frame_get_buffer(frame.get(), 0);
        if (code < 0)
            return failure(ErrorKind::OutOfMemory, QStringLiteral("a picture of the sample clip"));
        drawSamplePicture(frame.get(), m_clip.seed, double(index) / m_clip.framesPerSecond);
        frame->pts = index;
        return m_video->encode(frame.get());
    }

    Result<int> writeSound(qint64 first, qint64 left)
    {
        const AVCodecContext *context = m_audio->context();
        const int want = context->frame_size > 0 ? context->frame_size : 1024;
        FramePtr frame(av_frame_alloc());
        frame->format = context->sample_fmt;
        frame->nb_samples = static_cast<int>(std::min<qint64>(want, left));
        frame->sample_rate = context->sample_rate;
        av_channel_layout_copy(&frame->ch_layout, &context->ch_layout);
        if (av_frame_get_buffer(frame.get(), 0) < 0)
            return failure(ErrorKind::OutOfMemory, QStringLiteral("sound of the sample clip"));
        for (int channel = 0; channel < frame->ch_layout.nb_channels; ++channel) {
            for (int i = 0; i < frame->nb_samples; ++i)
                storeSample(frame.get(), channel, i,
                            sampleMelody(m_clip.seed, channel, first + i, m_clip.sampleRate));
        }
        frame->pts = first;
        const int count = frame->nb_samples;
        SO_TRY_VOID(m_audio->encode(frame.get()));
        return count;
    }

    const SampleClip &m_clip;
    MuxOutput &m_mux;
    PacketMerge m_merge;
    std::stop_token m_stop;
    std::optional<ClipEncoder> m_video;
    std::optional<ClipEncoder> m_audio;
};

} // namespace

Result<void> makeSampleClip(const SampleClip &clip, const FilePath &path, std::stop_token stop)
{
    routeLibavLog();
    const FilePath partial = partialPath(path, QStringLiteral("sample"));
    std::error_code ignored;
    std::filesystem::remove(partial, ignored); // of an earlier try that was killed
    SO_TRY(const auto file, OutputFile::create(partial, OutputFile::Order::AnyOrder, stop));
    SO_TRY(const auto mux, MuxOutput::create(*file, {clip.container, Layout::Progressive}));
    ClipWriter writer(clip, *mux, std::move(stop));
    SO_TRY_VOID(writer.write());
    SO_TRY_VOID(file->flush());
    (void)::fchmod(file->descriptor(), 0644);
    if (std::rename(partial.c_str(), path.c_str()) != 0)
        return failure(Error::fromErrno(errno, Error::FileRole::Output, QStringLiteral("rename"),
                                        displayPath(path)));
    file->keep();
    return {};
}

} // namespace sendoff::media
