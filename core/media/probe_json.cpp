// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/names.h"
#include "core/media/probe.h"

#include <QJsonArray>

namespace sendoff::media {

namespace {

double seconds(qint64 microseconds)
{
    return double(microseconds) / 1e6;
}

QString ratioText(Rational ratio)
{
    return QStringLiteral("%1/%2").arg(ratio.numerator).arg(ratio.denominator);
}

void insertText(QJsonObject &json, QStringView key, const QString &text)
{
    if (!text.isEmpty())
        json.insert(key, text);
}

void insertPicture(QJsonObject &json, const StreamInfo &stream)
{
    json[u"width"] = stream.width;
    json[u"height"] = stream.height;
    json[u"sample_aspect"] = ratioText(stream.sampleAspect);
    json[u"rotation"] = stream.rotation;
    json[u"mirrored"] = stream.isMirrored;
    insertText(json, u"pix_fmt", stream.pixelFormat);
    json[u"bit_depth"] = stream.bitDepth;
    if (stream.frameRate.isPositive()) {
        json[u"frame_rate"] = ratioText(stream.frameRate);
        json[u"fps"] = stream.frameRate.value();
    }
    json[u"variable_rate"] = stream.isVariableRate;
    json[u"interlaced"] = stream.isInterlaced;
    json[u"colour"] = toJson(stream.colour);
    json[u"hdr"] = stream.isHdr;
    if (const QJsonObject light = toJson(stream.light); !light.isEmpty())
        json[u"light"] = light;
}

QJsonObject streamJson(const StreamInfo &stream)
{
    QJsonObject json{{QStringLiteral("index"), stream.index},
                     {QStringLiteral("kind"), kindName(stream.kind)},
                     {QStringLiteral("codec"), stream.codec},
                     {QStringLiteral("default"), stream.isDefault},
                     {QStringLiteral("can_decode"), stream.canDecode},
                     {QStringLiteral("encrypted"), stream.isEncrypted},
                     {QStringLiteral("start"), seconds(stream.startUs)}};
    insertText(json, u"codec_title", stream.codecTitle);
    insertText(json, u"profile", stream.profileTitle);
    insertText(json, u"language", stream.language);
    insertText(json, u"title", stream.title);
    if (stream.durationUs)
        json[u"duration"] = seconds(*stream.durationUs);
    if (stream.bitrate > 0)
        json[u"bitrate"] = stream.bitrate;
    if (stream.kind == StreamKind::Video || stream.kind == StreamKind::CoverArt)
        insertPicture(json, stream);
    if (stream.kind == StreamKind::Audio) {
        json[u"sample_rate"] = stream.sampleRate;
        json[u"channels"] = stream.channels;
        insertText(json, u"channel_layout", stream.channelLayout);
    }
    return json;
}

} // namespace

QJsonObject toJson(const MediaInfo &info)
{
    QJsonArray streams;
    for (const StreamInfo &stream : info.streams)
        streams.append(streamJson(stream));
    QJsonObject metadata;
    for (auto it = info.metadata.cbegin(); it != info.metadata.cend(); ++it)
        metadata.insert(it.key(), it.value());
    QJsonObject json{{QStringLiteral("container"), info.container},
                     {QStringLiteral("bytes"), info.sizeBytes},
                     {QStringLiteral("start"), seconds(info.startUs)},
                     {QStringLiteral("streams"), streams},
                     {QStringLiteral("chapters"), info.chapters},
                     {QStringLiteral("metadata"), metadata},
                     {QStringLiteral("warnings"), QJsonArray::fromStringList(info.warnings)}};
    if (info.durationUs)
        json[u"duration"] = seconds(*info.durationUs);
    if (info.bitrate > 0)
        json[u"bitrate"] = info.bitrate;
    return json;
}

} // namespace sendoff::media
