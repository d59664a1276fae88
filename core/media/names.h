// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The words for codecs, colours and stream kinds, for people and for JSON. Private to core/media.

#include "core/media/media_info.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace sendoff::media {

// "h264" → "H.264"; a name that is not known stays as it is.
QString codecTitle(const QString &codec);
QString codecTitles(const QStringList &codecs); // "H.264, VP9"

QString kindName(StreamKind kind); // "video", "cover-art", …
std::optional<StreamKind> streamKindFromName(const QString &name);

// {"primaries": "bt709", …} by the names that ffmpeg uses; unspecified parts are left out.
QJsonObject toJson(const Colour &colour);
Colour colourFromJson(const QJsonObject &json);
// Empty where nothing is known.
QJsonObject toJson(const HdrLight &light);
HdrLight lightFromJson(const QJsonObject &json);

// libav's names as its options want them, "unknown" for what is unspecified.
QString primariesName(const Colour &colour);
QString transferName(const Colour &colour);
QString matrixName(const Colour &colour);
QString rangeName(const Colour &colour);

// By libav's description of a pixel format's name; false for an unknown name.
bool isRgbFormat(const QString &pixelFormat);
bool isFullRangeFormat(const QString &pixelFormat); // the deprecated "yuvj…"
int bitDepthOf(const QString &pixelFormat); // 8 for an unknown name

// 1234567 → "1.2 Mb/s"; "30 fps", "29.97 fps"; "1920 × 1080".
QString bitrateText(qint64 bitsPerSecond);
QString frameRateText(double framesPerSecond);
QString pictureSizeText(int width, int height);

} // namespace sendoff::media
