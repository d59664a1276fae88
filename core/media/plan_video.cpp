// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/names.h"
#include "core/media/plan_picture.h"
#include "core/media/preset_schema.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace sendoff::media {

namespace {

constexpr int leastHdLines = 720;
// A rate that a container claims without meaning it (1000 for “any”, 1,000,000 as an attack).
constexpr double highestHonestRate = 480;

// Chroma at half resolution wants even sizes; rounding down never enlarges.
int evenBelow(double length)
{
    return std::max(2, int(std::floor(length + 0.5)) / 2 * 2);
}

Dimensions fittedSize(Dimensions picture, const VideoEncode &encode)
{
    double scale = 1;
    if (encode.fitWidth > 0 && encode.fitHeight > 0) {
        const Dimensions box = boxFor(picture, encode.fitWidth, encode.fitHeight);
        scale =
            std::min({1.0, double(box.width) / picture.width, double(box.height) / picture.height});
    }
    return {evenBelow(picture.width * scale), evenBelow(picture.height * scale)};
}

double honestRate(const StreamInfo &stream)
{
    const double rate = stream.frameRate.isPositive() ? stream.frameRate.value() : 0;
    return rate <= highestHonestRate ? rate : 0;
}

StreamPlan copiedVideo(const PlanInput &input, const StreamInfo &stream)
{
    const Dimensions shown = shownSize(stream);
    QStringList facts{QStringList{stream.codecTitle, stream.profileTitle}.join(u' ').trimmed(),
                      pictureSizeText(shown.width, shown.height)};
    if (honestRate(stream) > 0)
        facts.append(frameRateText(honestRate(stream)));
    if (stream.bitrate > 0)
        facts.append(bitrateText(stream.bitrate));
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = StreamAction::Copy;
    plan.rule = QStringLiteral("copy");
    plan.reason =
        QStringLiteral("copied, because %1 fits %2").arg(facts.join(u", "), input.presetName());
    plan.sourceCodec = stream.codec;
    plan.codec = stream.codec;
    return plan;
}

const VideoEncode::Encoder *presentEncoder(const PlanInput &input)
{
    for (const VideoEncode::Encoder &encoder : input.preset.videoEncode->encoders) {
        if (input.codecs.hasEncoder(encoder.name))
            return &encoder;
    }
    return nullptr;
}

// HDR stays HDR only in formats that can carry it.
void planColour(StreamPlan &plan, const StreamInfo &stream)
{
    plan.sourceColour = assumedColour(stream);
    plan.colour = plan.sourceColour;
    plan.toneMap = stream.isHdr && bitDepthOf(plan.pixelFormat) <= 8;
    if (stream.isHdr && !plan.toneMap)
        plan.light = stream.light;
    if (plan.toneMap) {
        plan.colour.primaries = AVCOL_PRI_BT709;
        plan.colour.transfer = AVCOL_TRC_BT709;
        plan.colour.matrix = AVCOL_SPC_BT709;
    }
    if (plan.sourceColour.matrix == AVCOL_SPC_RGB) {
        StreamInfo untagged = stream;
        untagged.colour = Colour{};
        untagged.pixelFormat = plan.pixelFormat;
        plan.colour.matrix = assumedColour(untagged).matrix;
    }
    plan.colour.range = AVCOL_RANGE_MPEG;
    plan.colour.chromaLocation = AVCHROMA_LOC_LEFT;
}

StreamPlan convertedVideo(const PlanInput &input, const StreamInfo &stream,
                          const VideoEncode::Encoder &encoder, const Obstacle &obstacle)
{
    const VideoEncode &encode = *input.preset.videoEncode;
    const Dimensions size = fittedSize(shownSize(stream), encode);
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = StreamAction::Convert;
    plan.rule = obstacle.rule;
    plan.reason = QStringLiteral("converted, because %1").arg(obstacle.reason);
    plan.sourceCodec = stream.codec;
    plan.codec = QString::fromLatin1(knownEncoder(encoder.name)->codec);
    plan.encoder = encoder.name;
    plan.options = encoder.options;
    plan.width = size.width;
    plan.height = size.height;
    plan.pixelFormat = encode.pixelFormat;
    plan.maxFrameRate = isFaster(stream, encode.maxFrameRate) ? encode.maxFrameRate : 0;
    if (plan.maxFrameRate > 0)
        plan.frameRate = {int(std::lround(plan.maxFrameRate * 1000)), 1000};
    else if (honestRate(stream) > 0)
        plan.frameRate = stream.frameRate;
    plan.deinterlace = stream.isInterlaced;
    plan.rotation = stream.rotation;
    plan.isMirrored = stream.isMirrored;
    plan.keyframeSeconds = encode.keyframeSeconds;
    planColour(plan, stream);
    return plan;
}

} // namespace

Colour assumedColour(const StreamInfo &stream)
{
    const bool isRgb = isRgbFormat(stream.pixelFormat);
    const Dimensions shown = shownSize(stream);
    // A portrait picture's short side is what its lines would be upright.
    const bool isHd = std::min(shown.width, shown.height) >= leastHdLines;
    Colour colour = stream.colour;
    if (isRgb)
        colour.matrix = AVCOL_SPC_RGB;
    else if (colour.matrix == AVCOL_SPC_UNSPECIFIED || colour.matrix == AVCOL_SPC_RGB)
        colour.matrix = isHd ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    // What is tagged in part says which standard the rest follows.
    const bool is2020 =
        colour.matrix == AVCOL_SPC_BT2020_NCL || colour.matrix == AVCOL_SPC_BT2020_CL;
    const bool isSd = colour.matrix == AVCOL_SPC_SMPTE170M || colour.matrix == AVCOL_SPC_BT470BG;
    if (colour.primaries == AVCOL_PRI_UNSPECIFIED) {
        colour.primaries = is2020 ? AVCOL_PRI_BT2020 : isSd ? AVCOL_PRI_SMPTE170M : AVCOL_PRI_BT709;
    }
    if (colour.transfer == AVCOL_TRC_UNSPECIFIED) {
        colour.transfer = isRgb ? AVCOL_TRC_IEC61966_2_1
            : isSd              ? AVCOL_TRC_SMPTE170M
                                : AVCOL_TRC_BT709;
    }
    if (isRgb || isFullRangeFormat(stream.pixelFormat))
        colour.range = AVCOL_RANGE_JPEG;
    else if (colour.range == AVCOL_RANGE_UNSPECIFIED)
        colour.range = AVCOL_RANGE_MPEG;
    return colour;
}

Result<StreamPlan> planVideo(const PlanInput &input, const StreamInfo &stream)
{
    if (!input.preset.videoCopy && !input.preset.videoEncode)
        return droppedStream(stream,
                             {QStringLiteral("preset"),
                              QStringLiteral("%1 keeps only the sound").arg(input.presetName())});
    if (stream.width <= 0 || stream.height <= 0)
        return droppedStream(stream,
                             {QStringLiteral("no-size"),
                              QStringLiteral("how large its picture is can't be found out")});
    const std::optional<Obstacle> obstacle = videoObstacle(input, stream);
    if (!obstacle)
        return copiedVideo(input, stream);
    if (!input.preset.videoEncode)
        return failure(Error(ErrorKind::SourceNoStreams, obstacle->rule)
                           .with(argument::reason,
                                 QStringLiteral("%1, and %2 does not convert pictures")
                                     .arg(obstacle->reason, input.presetName())));
    if (!stream.canDecode)
        return droppedStream(
            stream,
            {QStringLiteral("no-decoder"),
             QStringLiteral("this FFmpeg can't decode %1").arg(stream.codecTitle)});
    if (const VideoEncode::Encoder *encoder = presentEncoder(input))
        return convertedVideo(input, stream, *encoder, *obstacle);
    const QString &wanted = input.preset.videoEncode->encoders.first().name;
    return failure(
        Error(ErrorKind::NoEncoder, wanted)
            .with(argument::name, codecTitle(QString::fromLatin1(knownEncoder(wanted)->codec))));
}

} // namespace sendoff::media
