// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/plan_picture.h"
#include "core/media/names.h"

#include <algorithm>
#include <cmath>

namespace sendoff::media {

namespace {

// 59.94 and a measured 60.06 are 60.
constexpr double frameRateTolerance = 1.01;

std::optional<Obstacle> formatObstacle(const PlanInput &input, const StreamInfo &stream)
{
    const VideoCopyRule &rule = *input.preset.videoCopy;
    if (!rule.codecs.isEmpty() && !rule.codecs.contains(stream.codec))
        return Obstacle{QStringLiteral("copy-if.codec"),
                        QStringLiteral("it is %1, and %2 copies only %3")
                            .arg(stream.codecTitle, input.presetName(), codecTitles(rule.codecs))};
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

} // namespace

Dimensions shownSize(const StreamInfo &stream)
{
    const double aspect = stream.sampleAspect.isPositive() ? stream.sampleAspect.value() : 1;
    const Dimensions square{int(std::lround(stream.width * aspect)), stream.height};
    const bool isOnSide = stream.rotation == 90 || stream.rotation == 270;
    return isOnSide ? Dimensions{square.height, square.width} : square;
}

Dimensions boxFor(Dimensions picture, int width, int height)
{
    const bool isPortrait = picture.height > picture.width;
    return isPortrait ? Dimensions{std::min(width, height), std::max(width, height)}
                      : Dimensions{std::max(width, height), std::min(width, height)};
}

bool isFaster(const StreamInfo &stream, double limit)
{
    return limit > 0 && stream.frameRate.isPositive()
        && stream.frameRate.value() > limit * frameRateTolerance;
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

} // namespace sendoff::media
