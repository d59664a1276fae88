// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What differs between FFmpeg 5.1 and 7.x, behind functions of one name each. The only header with
// version conditions. Private to core/media.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <QtGlobal>

#include <algorithm>
#include <cstddef>

namespace sendoff::media::compat {

// The stream's side data of one type; null where there is none. `size` may be null.
inline const quint8 *streamSideData(const AVStream *stream, AVPacketSideDataType type,
                                    std::size_t *size)
{
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, type);
    if (size)
        *size = data ? data->size : 0;
    return data ? data->data : nullptr;
#else
    return av_stream_get_side_data(stream, type, size);
#endif
}

// Time base units; 0 = unknown.
inline qint64 frameDuration(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

// What a decoder carried along is of no use to an encoder; libavcodec's wrapper of x265 keeps it in
// memory that it frees only with the picture's packet: never, where an encoder is closed early.
inline void forgetOpaque(AVFrame *frame)
{
#if LIBAVCODEC_VERSION_MAJOR < 60
    frame->reordered_opaque = 0;
#else
    frame->opaque = nullptr;
#endif
}

inline bool isInterlaced(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame->interlaced_frame != 0;
#endif
}

// The second argument type of AVIOContext's write callback.
#if LIBAVFORMAT_VERSION_MAJOR >= 61
using AvioWriteBuffer = const uint8_t;
#else
using AvioWriteBuffer = uint8_t;
#endif

// Adds side data to an output stream before its header is written; null when out of memory.
inline quint8 *newStreamSideData(AVStream *stream, AVPacketSideDataType type, std::size_t size)
{
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    AVPacketSideData *data =
        av_packet_side_data_new(&stream->codecpar->coded_side_data,
                                &stream->codecpar->nb_coded_side_data, type, size, 0);
    return data ? data->data : nullptr;
#else
    return av_stream_new_side_data(stream, type, size);
#endif
}

// Copies what `isWanted` accepts from an input stream to an output stream.
inline void copyStreamSideData(AVStream *to, const AVStream *from,
                               bool (*isWanted)(AVPacketSideDataType))
{
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData *list = from->codecpar->coded_side_data;
    const int count = from->codecpar->nb_coded_side_data;
#else
    const AVPacketSideData *list = from->side_data;
    const int count = from->nb_side_data;
#endif
    for (int i = 0; i < count; ++i) {
        if (!isWanted(list[i].type) || streamSideData(to, list[i].type, nullptr))
            continue;
        if (quint8 *data = newStreamSideData(to, list[i].type, list[i].size))
            std::copy_n(list[i].data, list[i].size, data);
    }
}

inline void setFrameDuration(AVFrame *frame, qint64 duration)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    frame->duration = duration;
#else
    frame->pkt_duration = duration;
#endif
}

// The first sample format that an encoder names; NONE where it takes any.
inline AVSampleFormat firstSampleFormat(const AVCodec *codec)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *list = nullptr;
    avcodec_get_supported_config(nullptr, codec, AV_CODEC_CONFIG_SAMPLE_FORMAT, 0, &list, nullptr);
    return list ? *static_cast<const AVSampleFormat *>(list) : AV_SAMPLE_FMT_NONE;
#else
    return codec->sample_fmts ? codec->sample_fmts[0] : AV_SAMPLE_FMT_NONE;
#endif
}

// Extended HE-AAC (USAC) is decoded since FFmpeg 7.1.
inline constexpr bool decodesXheAac = LIBAVCODEC_VERSION_MAJOR >= 61;
// The ffmpeg program of the same version turns by itself what is only upside down.
inline constexpr bool programTurnsUpsideDown = LIBAVFORMAT_VERSION_MAJOR >= 60;

} // namespace sendoff::media::compat
