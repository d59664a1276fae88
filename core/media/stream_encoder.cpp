// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/stream_encoder.h"

#include "core/media/av_compat.h"
#include "core/media/encoder_parameters.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

Error encoderError(const QString &source, const QString &reason, const QString &detail)
{
    return Error(ErrorKind::EncoderFailed, detail)
        .with(argument::file, source)
        .with(argument::reason, reason);
}

Result<CodecContextPtr> allocateEncoder(const EncoderSettings &settings)
{
    const QString &name = settings.plan->encoder;
    const AVCodec *codec = avcodec_find_encoder_by_name(name.toLatin1().constData());
    if (!codec)
        return failure(Error(ErrorKind::NoEncoder).with(argument::name, name));
    CodecContextPtr context(avcodec_alloc_context3(codec));
    if (!context)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("allocate an encoder"));
    context->time_base = settings.timeBase;
    context->thread_count = encoderThreads(*settings.plan, settings.threads);
    context->codec_tag = settings.codecTag;
    context->flags |= AV_CODEC_FLAG_BITEXACT; // no version of libav in the stream
    if (settings.globalHeader)
        context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    return context;
}

Result<void> openEncoder(AVCodecContext *context, const EncoderSettings &settings)
{
    Dictionary options;
    const QMap<QString, QString> &planned = settings.plan->options;
    for (auto option = planned.cbegin(); option != planned.cend(); ++option)
        options.set(option.key().toLatin1().constData(), option.value().toUtf8().constData());
    const int threads = planned.value(QStringLiteral("threads")).toInt(); // 0: as many as allowed
    const EncoderParameters own =
        privateParameters(*settings.plan, threads > 0 ? threads : settings.threads);
    if (!own.value.isEmpty())
        options.set(own.option, own.value.toLatin1().constData());
    const int code = avcodec_open2(context, nullptr, options.out());
    const QString &name = settings.plan->encoder;
    if (code < 0)
        return failure(encoderError(settings.sourceName,
                                    QStringLiteral("%1 does not accept its settings").arg(name),
                                    QStringLiteral("avcodec_open2: ") + avErrorText(code)));
    const AVDictionaryEntry *unknown = av_dict_get(options.get(), "", nullptr, AV_DICT_IGNORE_SUFFIX);
    if (unknown)
        return failure(encoderError(settings.sourceName,
                                    QStringLiteral("%1 has no setting “%2”")
                                        .arg(name, QString::fromUtf8(unknown->key)),
                                    {}));
    return {};
}

void setColour(AVCodecContext *context, const Colour &colour)
{
    context->color_primaries = static_cast<AVColorPrimaries>(colour.primaries);
    context->color_trc = static_cast<AVColorTransferCharacteristic>(colour.transfer);
    context->colorspace = static_cast<AVColorSpace>(colour.matrix);
    context->color_range = static_cast<AVColorRange>(colour.range);
    context->chroma_sample_location = static_cast<AVChromaLocation>(colour.chromaLocation);
}

// Key frames are forced by time; this only keeps the encoder from adding others at its own period.
int framesBetweenKeys(const StreamPlan &plan, AVRational frameRate)
{
    if (plan.keyframeSeconds <= 0)
        return -1; // the encoder's own
    const double rate = frameRate.num > 0 && frameRate.den > 0 ? av_q2d(frameRate) : 30.0;
    return static_cast<int>(std::clamp(std::ceil(plan.keyframeSeconds * rate), 1.0, 10'000.0));
}

Result<void> setChannels(AVCodecContext *context, const StreamPlan &plan)
{
    const QByteArray layout = plan.channelLayout.toLatin1();
    if (!layout.isEmpty() && av_channel_layout_from_string(&context->ch_layout, layout) == 0)
        return {};
    av_channel_layout_default(&context->ch_layout, std::max(1, plan.channels));
    return {};
}

} // namespace

AVSampleFormat encoderSampleFormat(const AVCodec *codec)
{
    const AVSampleFormat first = compat::firstSampleFormat(codec);
    return first == AV_SAMPLE_FMT_NONE ? AV_SAMPLE_FMT_S16 : first;
}

StreamEncoder::StreamEncoder(CodecContextPtr context, QString sourceName)
    : m_context(std::move(context)), m_sourceName(std::move(sourceName))
{
}

Result<StreamEncoder> StreamEncoder::openVideo(const EncoderSettings &settings)
{
    SO_TRY(CodecContextPtr context, allocateEncoder(settings));
    const StreamPlan &plan = *settings.plan;
    context->width = plan.width;
    context->height = plan.height;
    context->pix_fmt = av_get_pix_fmt(plan.pixelFormat.toLatin1().constData());
    context->sample_aspect_ratio = {1, 1};
    context->framerate = settings.frameRate;
    context->flags |= AV_CODEC_FLAG_CLOSED_GOP;
    const int gop = framesBetweenKeys(plan, settings.frameRate);
    if (gop > 0)
        context->gop_size = gop;
    if (plan.bitrate > 0)
        context->bit_rate = plan.bitrate;
    setColour(context.get(), plan.colour);
    SO_TRY_VOID(openEncoder(context.get(), settings));
    return StreamEncoder(std::move(context), settings.sourceName);
}

Result<StreamEncoder> StreamEncoder::openAudio(const EncoderSettings &settings)
{
    SO_TRY(CodecContextPtr context, allocateEncoder(settings));
    const StreamPlan &plan = *settings.plan;
    context->sample_rate = plan.sampleRate;
    context->sample_fmt = encoderSampleFormat(context->codec);
    context->bit_rate = plan.bitrate;
    SO_TRY_VOID(setChannels(context.get(), plan));
    SO_TRY_VOID(openEncoder(context.get(), settings));
    return StreamEncoder(std::move(context), settings.sourceName);
}

CodecParametersPtr StreamEncoder::parameters() const
{
    CodecParametersPtr parameters(avcodec_parameters_alloc());
    if (parameters)
        avcodec_parameters_from_context(parameters.get(), m_context.get());
    return parameters;
}

QByteArray StreamEncoder::header() const
{
    return QByteArray(reinterpret_cast<const char *>(m_context->extradata),
                      m_context->extradata_size);
}

Result<void> StreamEncoder::encode(const AVFrame *frame, const TakePacket &take)
{
    const auto check = [this](int code, const QString &reason) -> Result<void> {
        if (code >= 0)
            return {};
        if (code == AVERROR(ENOMEM))
            return failure(ErrorKind::OutOfMemory, QStringLiteral("encode"));
        return failure(encoderError(m_sourceName, reason, avErrorText(code)));
    };
    SO_TRY_VOID(check(avcodec_send_frame(m_context.get(), frame),
                      QStringLiteral("it does not take the next frame")));
    if (frame)
        ++m_framesTaken;
    for (;;) {
        PacketPtr packet(av_packet_alloc());
        if (!packet)
            return failure(ErrorKind::OutOfMemory, QStringLiteral("av_packet_alloc"));
        const int got = avcodec_receive_packet(m_context.get(), packet.get());
        if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
            return {};
        SO_TRY_VOID(check(got, QStringLiteral("it gave up on a frame")));
        SO_TRY_VOID(take(std::move(packet)));
    }
}

} // namespace sendoff::media
