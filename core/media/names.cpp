// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/names.h"

#include "core/media/av.h"

#include <QHash>
#include <QJsonArray>

#include <array>
#include <utility>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

constexpr std::array kindNames{
    std::pair{StreamKind::Video, "video"},           std::pair{StreamKind::Audio, "audio"},
    std::pair{StreamKind::Subtitle, "subtitle"},     std::pair{StreamKind::Data, "data"},
    std::pair{StreamKind::Attachment, "attachment"}, std::pair{StreamKind::CoverArt, "cover-art"},
};

const AVPixFmtDescriptor *descriptorOf(const QString &pixelFormat)
{
    return av_pix_fmt_desc_get(av_get_pix_fmt(pixelFormat.toLatin1().constData()));
}

QString libavName(const char *name)
{
    return name ? QString::fromLatin1(name) : QStringLiteral("unknown");
}

void insertKnown(QJsonObject &json, QStringView key, const QString &name)
{
    if (name != u"unknown" && name != u"unspecified")
        json.insert(key, name);
}

// `fromName` is one of libav's av_color_…_from_name(); `unspecified` where it does not know.
int numberOf(const QJsonObject &json, QStringView key, int (*fromName)(const char *),
             int unspecified)
{
    const QString name = json[key].toString();
    const int number = name.isEmpty() ? -1 : fromName(name.toLatin1().constData());
    return number < 0 ? unspecified : number;
}

} // namespace

QString codecTitle(const QString &codec)
{
    static const QHash<QString, QString> titles{
        {QStringLiteral("h264"), QStringLiteral("H.264")},
        {QStringLiteral("hevc"), QStringLiteral("H.265")},
        {QStringLiteral("av1"), QStringLiteral("AV1")},
        {QStringLiteral("vp8"), QStringLiteral("VP8")},
        {QStringLiteral("vp9"), QStringLiteral("VP9")},
        {QStringLiteral("mpeg4"), QStringLiteral("MPEG-4")},
        {QStringLiteral("mpeg2video"), QStringLiteral("MPEG-2")},
        {QStringLiteral("mpeg1video"), QStringLiteral("MPEG-1")},
        {QStringLiteral("prores"), QStringLiteral("ProRes")},
        {QStringLiteral("dnxhd"), QStringLiteral("DNxHD")},
        {QStringLiteral("mjpeg"), QStringLiteral("Motion JPEG")},
        {QStringLiteral("ffv1"), QStringLiteral("FFV1")},
        {QStringLiteral("vvc"), QStringLiteral("H.266")},
        {QStringLiteral("aac"), QStringLiteral("AAC")},
        {QStringLiteral("mp3"), QStringLiteral("MP3")},
        {QStringLiteral("mp2"), QStringLiteral("MP2")},
        {QStringLiteral("ac3"), QStringLiteral("Dolby Digital")},
        {QStringLiteral("eac3"), QStringLiteral("Dolby Digital Plus")},
        {QStringLiteral("ac4"), QStringLiteral("Dolby AC-4")},
        {QStringLiteral("truehd"), QStringLiteral("Dolby TrueHD")},
        {QStringLiteral("dts"), QStringLiteral("DTS")},
        {QStringLiteral("opus"), QStringLiteral("Opus")},
        {QStringLiteral("vorbis"), QStringLiteral("Vorbis")},
        {QStringLiteral("flac"), QStringLiteral("FLAC")},
        {QStringLiteral("alac"), QStringLiteral("Apple Lossless")},
        {QStringLiteral("gif"), QStringLiteral("GIF")},
        {QStringLiteral("subrip"), QStringLiteral("SubRip")},
        {QStringLiteral("mov_text"), QStringLiteral("MP4 text")},
        {QStringLiteral("hdmv_pgs_subtitle"), QStringLiteral("Blu-ray subtitles")},
        {QStringLiteral("dvd_subtitle"), QStringLiteral("DVD subtitles")},
    };
    if (codec.startsWith(u"pcm_"))
        return QStringLiteral("PCM");
    return titles.value(codec, codec);
}

QString codecTitles(const QStringList &codecs)
{
    QStringList titles;
    for (const QString &codec : codecs)
        titles.append(codecTitle(codec));
    return titles.join(u", ");
}

QString kindName(StreamKind kind)
{
    for (const auto &[value, name] : kindNames) {
        if (value == kind)
            return QString::fromLatin1(name);
    }
    Q_UNREACHABLE();
}

std::optional<StreamKind> streamKindFromName(const QString &name)
{
    for (const auto &[value, text] : kindNames) {
        if (name == QLatin1StringView(text))
            return value;
    }
    return std::nullopt;
}

QString primariesName(const Colour &colour)
{
    return libavName(av_color_primaries_name(AVColorPrimaries(colour.primaries)));
}

QString transferName(const Colour &colour)
{
    return libavName(av_color_transfer_name(AVColorTransferCharacteristic(colour.transfer)));
}

QString matrixName(const Colour &colour)
{
    return libavName(av_color_space_name(AVColorSpace(colour.matrix)));
}

QString rangeName(const Colour &colour)
{
    return libavName(av_color_range_name(AVColorRange(colour.range)));
}

QJsonObject toJson(const Colour &colour)
{
    QJsonObject json;
    insertKnown(json, u"primaries", primariesName(colour));
    insertKnown(json, u"transfer", transferName(colour));
    insertKnown(json, u"matrix", matrixName(colour));
    insertKnown(json, u"range", rangeName(colour));
    insertKnown(json, u"chroma_location",
                libavName(av_chroma_location_name(AVChromaLocation(colour.chromaLocation))));
    return json;
}

Colour colourFromJson(const QJsonObject &json)
{
    const Colour unspecified;
    Colour colour;
    colour.primaries =
        numberOf(json, u"primaries", &av_color_primaries_from_name, unspecified.primaries);
    colour.transfer =
        numberOf(json, u"transfer", &av_color_transfer_from_name, unspecified.transfer);
    colour.matrix = numberOf(json, u"matrix", &av_color_space_from_name, unspecified.matrix);
    colour.range = numberOf(json, u"range", &av_color_range_from_name, unspecified.range);
    colour.chromaLocation = numberOf(json, u"chroma_location", &av_chroma_location_from_name,
                                     unspecified.chromaLocation);
    return colour;
}

QJsonObject toJson(const HdrLight &light)
{
    QJsonObject json;
    if (light.hasScreen()) {
        QJsonArray primaries;
        for (const int coordinate : light.primaries)
            primaries.append(coordinate);
        json[u"primaries"] = primaries;
        json[u"max_luminance"] = light.maxLuminance;
        json[u"min_luminance"] = light.minLuminance;
    }
    if (light.hasContent()) {
        json[u"max_content_light"] = light.maxContentLight;
        json[u"max_frame_average"] = light.maxFrameAverage;
    }
    return json;
}

HdrLight lightFromJson(const QJsonObject &json)
{
    HdrLight light;
    const QJsonArray primaries = json[u"primaries"].toArray();
    for (std::size_t i = 0; i < light.primaries.size(); ++i)
        light.primaries[i] = primaries.at(qsizetype(i)).toInt();
    light.maxLuminance = json[u"max_luminance"].toInteger();
    light.minLuminance = json[u"min_luminance"].toInteger();
    light.maxContentLight = json[u"max_content_light"].toInt();
    light.maxFrameAverage = json[u"max_frame_average"].toInt();
    return light;
}

bool isRgbFormat(const QString &pixelFormat)
{
    const AVPixFmtDescriptor *descriptor = descriptorOf(pixelFormat);
    // A palette is of RGB colours, whatever its flags say.
    return descriptor && (descriptor->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

bool isFullRangeFormat(const QString &pixelFormat)
{
    return pixelFormat.startsWith(u"yuvj");
}

int bitDepthOf(const QString &pixelFormat)
{
    const AVPixFmtDescriptor *descriptor = descriptorOf(pixelFormat);
    return descriptor && descriptor->nb_components > 0 ? descriptor->comp[0].depth : 8;
}

QString bitrateText(qint64 bitsPerSecond)
{
    const double rate = double(bitsPerSecond);
    return rate >= 1e6 ? QStringLiteral("%1 Mb/s").arg(rate / 1e6, 0, 'f', 1)
                       : QStringLiteral("%1 kb/s").arg(rate / 1e3, 0, 'f', 0);
}

QString frameRateText(double framesPerSecond)
{
    // Two digits tell 29.97 from 30; more mean nothing to people.
    QString number = QString::number(framesPerSecond, 'f', 2);
    while (number.endsWith(u'0'))
        number.chop(1);
    if (number.endsWith(u'.'))
        number.chop(1);
    return number + QStringLiteral(" fps");
}

QString pictureSizeText(int width, int height)
{
    return QStringLiteral("%1 × %2").arg(width).arg(height);
}

} // namespace sendoff::media
