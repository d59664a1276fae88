// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/media_type.h"

#include <algorithm>
#include <array>

namespace sendoff::shelf {

namespace {

struct AllowedType {
    QLatin1StringView extension;
    QByteArrayView mediaType;
};

using namespace Qt::StringLiterals;

// The first row of a media type has its usual extension. Types that have no video/ or audio/ name
// of their own (MXF) get one that no program will take for something else.
constexpr std::array allowedTypes{
    AllowedType{"mp4"_L1, "video/mp4"},
    AllowedType{"m4v"_L1, "video/mp4"},
    AllowedType{"mov"_L1, "video/quicktime"},
    AllowedType{"qt"_L1, "video/quicktime"},
    AllowedType{"mkv"_L1, "video/x-matroska"},
    AllowedType{"webm"_L1, "video/webm"},
    AllowedType{"avi"_L1, "video/x-msvideo"},
    AllowedType{"mpg"_L1, "video/mpeg"},
    AllowedType{"mpeg"_L1, "video/mpeg"},
    AllowedType{"vob"_L1, "video/mpeg"},
    AllowedType{"ts"_L1, "video/mp2t"},
    AllowedType{"m2ts"_L1, "video/mp2t"},
    AllowedType{"mts"_L1, "video/mp2t"},
    AllowedType{"flv"_L1, "video/x-flv"},
    AllowedType{"ogv"_L1, "video/ogg"},
    AllowedType{"wmv"_L1, "video/x-ms-wmv"},
    AllowedType{"asf"_L1, "video/x-ms-asf"},
    AllowedType{"3gp"_L1, "video/3gpp"},
    AllowedType{"3g2"_L1, "video/3gpp2"},
    AllowedType{"mj2"_L1, "video/mj2"},
    AllowedType{"mxf"_L1, "video/mxf"},
    AllowedType{"dv"_L1, "video/dv"},
    AllowedType{"rm"_L1, "video/vnd.rn-realvideo"},
    AllowedType{"mp3"_L1, "audio/mpeg"},
    AllowedType{"m4a"_L1, "audio/mp4"},
    AllowedType{"aac"_L1, "audio/aac"},
    AllowedType{"flac"_L1, "audio/flac"},
    AllowedType{"wav"_L1, "audio/wav"},
    AllowedType{"w64"_L1, "audio/x-w64"},
    AllowedType{"ogg"_L1, "audio/ogg"},
    AllowedType{"oga"_L1, "audio/ogg"},
    AllowedType{"opus"_L1, "audio/ogg"},
    AllowedType{"mka"_L1, "audio/x-matroska"},
    AllowedType{"wma"_L1, "audio/x-ms-wma"},
    AllowedType{"aiff"_L1, "audio/aiff"},
    AllowedType{"aif"_L1, "audio/aiff"},
    AllowedType{"caf"_L1, "audio/x-caf"},
};

} // namespace

std::optional<QByteArray> mediaTypeOf(QStringView fileName)
{
    const qsizetype dot = fileName.lastIndexOf(u'.');
    if (dot <= 0)
        return std::nullopt;
    const QStringView extension = fileName.sliced(dot + 1);
    const auto found =
        std::find_if(allowedTypes.begin(), allowedTypes.end(), [extension](const auto &row) {
            return extension.compare(row.extension, Qt::CaseInsensitive) == 0;
        });
    if (found == allowedTypes.end())
        return std::nullopt;
    return found->mediaType.toByteArray();
}

std::optional<QString> extensionFor(QByteArrayView mediaType)
{
    const auto found =
        std::find_if(allowedTypes.begin(), allowedTypes.end(), [mediaType](const auto &row) {
            return mediaType.compare(row.mediaType, Qt::CaseInsensitive) == 0;
        });
    if (found == allowedTypes.end())
        return std::nullopt;
    return found->extension.toString();
}

} // namespace sendoff::shelf
