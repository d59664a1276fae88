// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/plan_stream.h"

namespace sendoff::media {

namespace {

// A trim that ends this much behind the end ends at the end: people round up.
constexpr qint64 trimSlackUs = 1'000'000;

Error usageError(const QString &reason)
{
    return Error(ErrorKind::BadUsage).with(argument::reason, reason);
}

QString secondsText(qint64 microseconds)
{
    return QString::number(double(microseconds) / 1e6, 'g', 9);
}

Result<void> checkTrim(const Trim &trim, std::optional<qint64> durationUs)
{
    if (trim.startUs < 0)
        return failure(usageError(QStringLiteral("A trim can't begin before the video")));
    if (trim.endUs && *trim.endUs <= trim.startUs)
        return failure(usageError(QStringLiteral("A trim must end after it begins")));
    if (durationUs && trim.startUs >= *durationUs)
        return failure(
            usageError(QStringLiteral("The trim begins at %1 s, but the video ends at %2 s")
                           .arg(secondsText(trim.startUs), secondsText(*durationUs))));
    if (durationUs && trim.endUs && *trim.endUs > *durationUs + trimSlackUs)
        return failure(
            usageError(QStringLiteral("The trim ends at %1 s, but the video ends at %2 s")
                           .arg(secondsText(*trim.endUs), secondsText(*durationUs))));
    return {};
}

} // namespace

Result<void> checkWishes(const PlanInput &input)
{
    const PlanWishes &wishes = input.wishes;
    if (wishes.trim)
        SO_TRY_VOID(checkTrim(*wishes.trim, input.info.durationUs));
    const bool converts = wishes.trim || wishes.encodeAlways;
    const Preset &preset = input.preset;
    const bool canConvert = !preset.copyBytes
        && (!input.info.bestVideo() || !preset.videoCopy || preset.videoEncode)
        && (!input.info.bestAudio() || !preset.audioCopy || preset.audioEncode);
    if (converts && !canConvert)
        return failure(usageError(
            QStringLiteral("%1 does not convert, so the video can't be %2")
                .arg(input.presetName(),
                     wishes.trim ? QStringLiteral("trimmed") : QStringLiteral("encoded anew"))));
    return {};
}

} // namespace sendoff::media
