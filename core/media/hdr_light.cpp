// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/hdr_light.h"

#include "core/media/av_compat.h"

#include <cmath>
#include <cstring>

extern "C" {
#include <libavutil/mastering_display_metadata.h>
}

namespace sendoff::media {

namespace {

// A decoder that works on several pictures at once gives the first one back late.
constexpr int packetsForAPicture = 32;
constexpr int packetsOfOthers = 1000;

qint64 inUnits(AVRational value, int units)
{
    return value.den == 0 ? 0 : std::llround(av_q2d(value) * units);
}

void readScreen(HdrLight &light, const AVMasteringDisplayMetadata &screen)
{
    if (screen.has_primaries) {
        for (std::size_t colour = 0; colour < 3; ++colour) {
            for (std::size_t axis = 0; axis < 2; ++axis)
                light.primaries[colour * 2 + axis] =
                    int(inUnits(screen.display_primaries[colour][axis], chromaticityUnits));
        }
        light.primaries[6] = int(inUnits(screen.white_point[0], chromaticityUnits));
        light.primaries[7] = int(inUnits(screen.white_point[1], chromaticityUnits));
    }
    if (screen.has_luminance) {
        light.maxLuminance = inUnits(screen.max_luminance, luminanceUnits);
        light.minLuminance = inUnits(screen.min_luminance, luminanceUnits);
    }
}

void readContent(HdrLight &light, const AVContentLightMetadata &content)
{
    light.maxContentLight = int(content.MaxCLL);
    light.maxFrameAverage = int(content.MaxFALL);
}

HdrLight lightOfFrame(const AVFrame *frame)
{
    HdrLight light;
    if (const auto *data =
            av_frame_get_side_data(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA))
        readScreen(light, *reinterpret_cast<const AVMasteringDisplayMetadata *>(data->data));
    if (const auto *data = av_frame_get_side_data(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL))
        readContent(light, *reinterpret_cast<const AVContentLightMetadata *>(data->data));
    return light;
}

template <typename Metadata>
Result<void> addSideData(AVStream *stream, AVPacketSideDataType type, Metadata *metadata,
                         std::size_t size)
{
    quint8 *data = metadata ? compat::newStreamSideData(stream, type, size) : nullptr;
    if (data)
        std::memcpy(data, metadata, size);
    av_free(metadata);
    if (data)
        return {};
    return failure(ErrorKind::OutOfMemory, QStringLiteral("light metadata"));
}

Result<void> addScreen(AVStream *stream, const HdrLight &light)
{
    AVMasteringDisplayMetadata *screen = av_mastering_display_metadata_alloc();
    if (screen) {
        const auto chromaticity = [&](std::size_t at) {
            return AVRational{light.primaries[at], chromaticityUnits};
        };
        for (std::size_t i = 0; i < 6; ++i)
            screen->display_primaries[i / 2][i % 2] = chromaticity(i);
        screen->white_point[0] = chromaticity(6);
        screen->white_point[1] = chromaticity(7);
        screen->max_luminance = {int(light.maxLuminance), luminanceUnits};
        screen->min_luminance = {int(light.minLuminance), luminanceUnits};
        screen->has_primaries = 1;
        screen->has_luminance = 1;
    }
    return addSideData(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, screen,
                       sizeof(AVMasteringDisplayMetadata));
}

Result<void> addContent(AVStream *stream, const HdrLight &light)
{
    std::size_t size = 0;
    AVContentLightMetadata *content = av_content_light_metadata_alloc(&size);
    if (content) {
        content->MaxCLL = unsigned(light.maxContentLight);
        content->MaxFALL = unsigned(light.maxFrameAverage);
    }
    return addSideData(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, content, size);
}

} // namespace

HdrLight lightOfStream(const AVStream *stream)
{
    HdrLight light;
    std::size_t size = 0;
    const quint8 *data =
        compat::streamSideData(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, &size);
    if (data && size >= sizeof(AVMasteringDisplayMetadata)) {
        AVMasteringDisplayMetadata screen{};
        std::memcpy(&screen, data, sizeof screen);
        readScreen(light, screen);
    }
    data = compat::streamSideData(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, &size);
    if (data && size >= sizeof(AVContentLightMetadata)) {
        AVContentLightMetadata content{};
        std::memcpy(&content, data, sizeof content);
        readContent(light, content);
    }
    return light;
}

HdrLight lightOfFirstPicture(Input &input, int streamIndex)
{
    const Result<CodecContextPtr> decoder = input.openDecoder(streamIndex, 1);
    const PacketPtr packet(av_packet_alloc());
    const FramePtr frame(av_frame_alloc());
    if (!decoder || !packet || !frame)
        return {};
    const AVStream *stream = input.context()->streams[streamIndex];
    const qint64 begin = stream->start_time != AV_NOPTS_VALUE ? stream->start_time : 0;
    (void)av_seek_frame(input.context(), streamIndex, begin, AVSEEK_FLAG_BACKWARD);
    int ofOthers = 0;
    for (int packets = 0; packets < packetsForAPicture && ofOthers < packetsOfOthers;) {
        const Result<bool> isThere = input.read(packet.get());
        if (!isThere)
            return {};
        const bool isOther = *isThere && packet->stream_index != streamIndex;
        ofOthers += isOther ? 1 : 0;
        packets += isOther ? 0 : 1;
        if (isOther) {
            av_packet_unref(packet.get());
            continue;
        }
        (void)avcodec_send_packet(decoder->get(), *isThere ? packet.get() : nullptr);
        av_packet_unref(packet.get());
        if (avcodec_receive_frame(decoder->get(), frame.get()) >= 0)
            return lightOfFrame(frame.get());
        if (!*isThere)
            return {};
    }
    return {};
}

Result<void> addLight(AVStream *stream, const HdrLight &light)
{
    if (light.hasScreen())
        SO_TRY_VOID(addScreen(stream, light));
    if (light.hasContent())
        SO_TRY_VOID(addContent(stream, light));
    return {};
}

} // namespace sendoff::media
