// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/av.h"
#include "core/media/thumbnails.h"

#include <cstring>

namespace sendoff::media {

namespace {

Result<CodecContextPtr> openPngEncoder(const Thumbnail &thumbnail)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
    CodecContextPtr context(codec ? avcodec_alloc_context3(codec) : nullptr);
    if (!context)
        return failure(Error(ErrorKind::NoEncoder).with(argument::name, QStringLiteral("PNG")));
    context->width = thumbnail.width;
    context->height = thumbnail.height;
    context->pix_fmt = AV_PIX_FMT_RGB24;
    context->time_base = {1, 1};
    if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0)
        return failure(Error(ErrorKind::NoEncoder, avErrorText(code))
                           .with(argument::name, QStringLiteral("PNG")));
    return context;
}

FramePtr frameOf(const Thumbnail &thumbnail)
{
    FramePtr frame(av_frame_alloc());
    if (!frame)
        return nullptr;
    frame->width = thumbnail.width;
    frame->height = thumbnail.height;
    frame->format = AV_PIX_FMT_RGB24;
    if (av_frame_get_buffer(frame.get(), 0) < 0)
        return nullptr;
    const std::size_t row = std::size_t(thumbnail.width) * 3;
    for (int y = 0; y < thumbnail.height; ++y)
        std::memcpy(frame->data[0] + std::ptrdiff_t(y) * frame->linesize[0],
                    thumbnail.rgb24.constData() + qsizetype(row) * y, row);
    return frame;
}

} // namespace

Result<QByteArray> toPng(const Thumbnail &thumbnail)
{
    Q_ASSERT(thumbnail.rgb24.size() == qsizetype(thumbnail.width) * thumbnail.height * 3);
    SO_TRY(const CodecContextPtr encoder, openPngEncoder(thumbnail));
    const FramePtr frame = frameOf(thumbnail);
    const PacketPtr packet(av_packet_alloc());
    if (!frame || !packet)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("a PNG file"));
    const bool isEncoded = avcodec_send_frame(encoder.get(), frame.get()) >= 0
        && avcodec_send_frame(encoder.get(), nullptr) >= 0
        && avcodec_receive_packet(encoder.get(), packet.get()) >= 0;
    if (!isEncoded)
        return failure(ErrorKind::Internal, QStringLiteral("encode a PNG file"));
    return QByteArray(reinterpret_cast<const char *>(packet->data), packet->size);
}

} // namespace sendoff::media
