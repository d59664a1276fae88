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

} // namespace sendoff::media::compat
