// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/names.h"
#include "core/media/plan_stream.h"
#include "core/media/preset_schema.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace sendoff::media {

namespace {

// 59.94 and a measured 60.06 are 60.
constexpr double frameRateTolerance = 1.01;
constexpr int leastHdLines = 720;
// A rate that a container claims without meaning it (1000 for “any”, 1,000,000 as an attack).
constexpr double highestHonestRate = 480;

struct Dimensions {
    int width = 0;
    int height = 0;
    bool operator==(const Dimensions &) const = default;
};

// As shown: square pixels, upright.
Dimensions shownSize(const StreamInfo &stream)
{
    const double aspect = stream.sampleAspect.isPositive() ? stream.sampleAspect.value() : 1;
    const Dimensions square{int(std::lround(stream.width * aspect)), stream.height};
    const bool isOnSide = stream.rotation == 90 || stream.rotation == 270;
    return isOnSide ? Dimensions{square.height, square.width} : square;
}

// A box for landscape holds portrait pictures turned by a quarter.
Dimensions boxFor(Dimensions picture, int width, int height)
{
    const bool isPortrait = picture.height > picture.width;
    return isPortrait ? Dimensions{std::min(width, height), std::max(width, height)}
                      : Dimensions{std::max(width, height), std::min(width, height)};
}

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

bool isFaster(const StreamInfo &stream, double limit)
{
    return limit > 0 && stream.frameRate.isPositive()
        && stream.frameRate.value() > limit * frameRateTolerance;
}

QString joinedTitles(const QStringList &codecs)
{
    QStringList titles;
    for (const QString &codec : codecs)
        titles.append(codecTitle(codec));
    return titles.join(u", ");
}

std::optional<Obstacle> formatObstacle(const PlanInput &input, const StreamInfo &stream)
{
    const VideoCopyRule &rule = *input.preset.videoCopy;
    if (!rule.codecs.isEmpty() && !rule.codecs.contains(stream.codec))
        return Obstacle{QStringLiteral("copy-if.codec"),
                        QStringLiteral("it is %1, and %2 copies only %3")
                            .arg(stream.codecTitle, input.presetName(), joinedTitles(rule.codecs))};
    const bool isListed = rule.pixelFormats.contains(stream.pixelFormat);
    if (!rule.pixelFormats.isEmpty() && !isListed) {
        QString reason =
            QStringLiteral("%1 pictures do not play in web browsers")
                .arg(stream.pixelFormat.isEmpty() ? QStringLiteral("such") : stream.pixelFormat);
        if (stream.bitDepth > 8)
            reason =
                QStringLiteral("%1-bit pictures do not play in web browsers").arg(stream.bitDepth);
        else if (isFullRangeFormat(stream.pixelFormat))
            reason = QStringLiteral("its colours use the full range, which players show unevenly");
        return Obstacle{QStringLiteral("copy-if.pix-fmt"), reason};
    }
    if (!rule.profiles.isEmpty() && !rule.profiles.contains(stream.profileTitle))
        return Obstacle{
            QStringLiteral("copy-if.profile"),
            QStringLiteral("its profile “%1” does not play everywhere").arg(stream.profileTitle)};
    return std::nullopt;
}

std::optional<Obstacle> shapeObstacle(const VideoCopyRule &rule, const StreamInfo &stream)
{
    if (!rule.allowHdr && stream.isHdr)
        return Obstacle{QStringLiteral("copy-if.hdr"),
                        QStringLiteral("it is HDR, which ordinary screens show washed out")};
    if (!rule.allowRotation && (stream.rotation != 0 || stream.isMirrored))
        return Obstacle{QStringLiteral("copy-if.rotation"),
                        QStringLiteral("it is stored turned, and some players show it so")};
    if (!rule.allowNonSquarePixels && stream.sampleAspect.isPositive()
        && stream.sampleAspect.numerator != stream.sampleAspect.denominator)
        return Obstacle{QStringLiteral("copy-if.aspect"),
                        QStringLiteral("its pixels are not square")};
    if (!rule.allowInterlaced && stream.isInterlaced)
        return Obstacle{QStringLiteral("copy-if.interlaced"), QStringLiteral("it is interlaced")};
    return std::nullopt;
}

std::optional<Obstacle> limitObstacle(const VideoCopyRule &rule, const StreamInfo &stream)
{
    const Dimensions shown = shownSize(stream);
    if (rule.maxWidth > 0 && rule.maxHeight > 0) {
        const Dimensions box = boxFor(shown, rule.maxWidth, rule.maxHeight);
        if (shown.width > box.width || shown.height > box.height)
            return Obstacle{QStringLiteral("copy-if.size"),
                            QStringLiteral("%1 is larger than %2")
                                .arg(pictureSizeText(shown.width, shown.height),
                                     pictureSizeText(box.width, box.height))};
    }
    if (isFaster(stream, rule.maxFrameRate))
        return Obstacle{
            QStringLiteral("copy-if.frame-rate"),
            QStringLiteral("%1 is more than %2")
                .arg(frameRateText(stream.frameRate.value()), frameRateText(rule.maxFrameRate))};
    if (rule.maxBitrate > 0 && stream.bitrate <= 0)
        return Obstacle{QStringLiteral("copy-if.bitrate"),
                        QStringLiteral("how large it is per second is not known")};
    if (rule.maxBitrate > 0 && stream.bitrate > rule.maxBitrate)
        return Obstacle{QStringLiteral("copy-if.bitrate"),
                        QStringLiteral("%1 is more than %2")
                            .arg(bitrateText(stream.bitrate), bitrateText(rule.maxBitrate))};
    return std::nullopt;
}

std::optional<Obstacle> videoObstacle(const PlanInput &input, const StreamInfo &stream)
{
    if (!input.preset.videoCopy)
        return Obstacle{QStringLiteral("always-converts"),
                        QStringLiteral("%1 always converts").arg(input.presetName())};
    if (std::optional<Obstacle> obstacle = commonObstacle(input, stream))
        return obstacle;
    if (std::optional<Obstacle> obstacle = formatObstacle(input, stream))
        return obstacle;
    if (std::optional<Obstacle> obstacle = shapeObstacle(*input.preset.videoCopy, stream))
        return obstacle;
    return limitObstacle(*input.preset.videoCopy, stream);
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
