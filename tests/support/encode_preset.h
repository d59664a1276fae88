// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A preset file that encodes everything, for tests that choose the encoder.

#include "tests/support/media_tools.h"

#include <QFile>
#include <QJsonDocument>

namespace sendoff::test {

struct EncodePreset {
    QJsonObject encoder; // {"name": …, "options": {…}}
    QString container;
    QString pixelFormat;
    QString sound; // encoder
    int size = 320; // at most, of each side
};

inline FilePath writeEncodePreset(const FilePath &path, const EncodePreset &preset)
{
    using namespace Qt::StringLiterals;
    const QJsonObject encode{
        {u"encoders"_s, QJsonArray{preset.encoder}},
        {u"fit"_s, QJsonObject{{u"width"_s, preset.size}, {u"height"_s, preset.size}}},
        {u"pix_fmt"_s, preset.pixelFormat},
        {u"keyframe_seconds"_s, 2}};
    const QJsonObject json{
        {u"id"_s, u"test"_s},
        {u"title"_s, u"Test"_s},
        {u"description"_s, u"A test."_s},
        {u"group"_s, u"Test"_s},
        {u"container"_s, preset.container},
        {u"extension"_s, preset.container == u"matroska" ? u"mkv"_s : preset.container},
        {u"layout"_s, u"progressive"_s},
        {u"video"_s, QJsonObject{{u"encode"_s, encode}}},
        {u"audio"_s,
         QJsonObject{{u"encode"_s, QJsonObject{{u"encoders"_s, QJsonArray{preset.sound}},
                                               {u"bitrate"_s, 96000},
                                               {u"max_channels"_s, 2}}}}},
        {u"subtitles"_s, u"drop"_s},
        {u"chapters"_s, u"drop"_s},
        {u"metadata"_s, QJsonObject{{u"strip_location"_s, true}}},
    };
    QFile file(fromPath(path));
    if (file.open(QIODevice::WriteOnly))
        file.write(QJsonDocument(json).toJson());
    return path;
}

} // namespace sendoff::test
