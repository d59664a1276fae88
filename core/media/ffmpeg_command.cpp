// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file_path.h"
#include "core/media/av.h"
#include "core/media/av_compat.h"
#include "core/media/encoder_parameters.h"
#include "core/media/names.h"
#include "core/media/plan.h"
#include "core/media/shell_quote.h"

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace sendoff::media {

namespace {

// "file:" so that a name with a colon is no protocol and one with a dash no option.
QByteArray fileArgument(const QString &stored)
{
    return "file:" + QByteArray::fromStdString(fromStored(stored).native());
}

QString secondsArgument(qint64 microseconds)
{
    return QString::number(double(microseconds) / 1e6, 'f', 6);
}

// Says what the frames are, or shall be; parts that are not known are left alone.
QString colourTags(const Colour &colour)
{
    QStringList parts;
    const auto add = [&](QStringView key, const QString &name) {
        if (name != u"unknown" && name != u"unspecified" && name != u"reserved")
            parts.append(key.toString() + u'=' + name);
    };
    add(u"range", rangeName(colour));
    add(u"color_primaries", primariesName(colour));
    add(u"color_trc", transferName(colour));
    add(u"colorspace", matrixName(colour));
    return QStringLiteral("setparams=") + parts.join(u':');
}

// The scale filter's own names.
QString scaleMatrix(const Colour &colour)
{
    switch (colour.matrix) {
    case AVCOL_SPC_BT709:
        return QStringLiteral("bt709");
    case AVCOL_SPC_BT470BG:
        return QStringLiteral("bt470");
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return QStringLiteral("bt2020");
    default:
        return QStringLiteral("smpte170m");
    }
}

QString videoFilters(const StreamPlan &stream)
{
    const bool isRgb = stream.sourceColour.matrix == AVCOL_SPC_RGB;
    QStringList filters;
    // ffmpeg turns pictures by itself, but before version 6 not one that is only upside down.
    const bool isUpsideDown = stream.isMirrored && stream.rotation == 180;
    if (isUpsideDown && !compat::programTurnsUpsideDown)
        filters.append(QStringLiteral("vflip"));
    if (stream.deinterlace)
        filters.append(QStringLiteral("bwdif=mode=send_frame:deint=interlaced"));
    if (!isRgb)
        filters.append(colourTags(stream.sourceColour));
    if (stream.toneMap)
        filters.append(QStringLiteral("zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
                                      "tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"));
    QString scale = QStringLiteral("scale=%1:%2:flags=bicubic:out_range=tv")
                        .arg(stream.width)
                        .arg(stream.height);
    if (isRgb)
        scale += QStringLiteral(":out_color_matrix=") + scaleMatrix(stream.colour);
    filters.append(scale);
    filters.append(QStringLiteral("setsar=1"));
    filters.append(QStringLiteral("format=") + stream.pixelFormat);
    filters.append(colourTags(stream.colour));
    return filters.join(u',');
}

// Options of one output stream, `specifier` as ":v:0".
QStringList videoOptions(const StreamPlan &stream, const QString &specifier)
{
    QStringList options{QStringLiteral("-c") + specifier, stream.encoder};
    for (auto it = stream.options.cbegin(); it != stream.options.cend(); ++it)
        options << u'-' + it.key() + specifier << it.value();
    const EncoderParameters own = privateParameters(
        stream, stream.options.value(QStringLiteral("threads")).toInt());
    if (own.option && !own.value.isEmpty())
        options << u'-' + QString::fromLatin1(own.option) + specifier << own.value;
    options << QStringLiteral("-filter") + specifier << videoFilters(stream);
    if (stream.keyframeSeconds > 0)
        options << QStringLiteral("-force_key_frames") + specifier
                << QStringLiteral("expr:gte(t,n_forced*%1)").arg(stream.keyframeSeconds);
    if (stream.maxFrameRate > 0)
        options << QStringLiteral("-fps_mode") + specifier << QStringLiteral("vfr")
                << QStringLiteral("-r") + specifier << QString::number(stream.maxFrameRate);
    else // real timestamps, on the source's own clock
        options << QStringLiteral("-fps_mode") + specifier << QStringLiteral("passthrough")
                << QStringLiteral("-enc_time_base") + specifier << QStringLiteral("-1");
    return options;
}

QStringList audioOptions(const StreamPlan &stream, const QString &specifier)
{
    QStringList options{QStringLiteral("-c") + specifier, stream.encoder};
    if (stream.bitrate > 0)
        options << QStringLiteral("-b") + specifier << QString::number(stream.bitrate);
    // A sum of channels must not exceed what one can hold.
    options << QStringLiteral("-filter") + specifier
            << QStringLiteral("aresample=%1:rematrix_maxval=1,aformat=channel_layouts=%2")
                   .arg(stream.sampleRate)
                   .arg(stream.channelLayout);
    return options;
}

QStringList streamOptions(const StreamPlan &stream, const QString &container,
                          const QString &specifier)
{
    QStringList options{QStringLiteral("-c") + specifier, QStringLiteral("copy")};
    if (stream.action == StreamAction::Convert && stream.kind == StreamKind::Video)
        options = videoOptions(stream, specifier);
    else if (stream.action == StreamAction::Convert && stream.kind == StreamKind::Audio)
        options = audioOptions(stream, specifier);
    else if (stream.action == StreamAction::Convert)
        options = {QStringLiteral("-c") + specifier, stream.encoder};
    // Apple's players open HEVC only under this name.
    if (stream.codec == u"hevc" && (container == u"mp4" || container == u"mov"))
        options << QStringLiteral("-tag") + specifier << QStringLiteral("hvc1");
    return options;
}

QString streamSpecifier(StreamKind kind, QMap<StreamKind, int> &counts)
{
    const QChar letter = kind == StreamKind::Video ? u'v' : kind == StreamKind::Audio ? u'a' : u's';
    return QStringLiteral(":%1:%2").arg(letter).arg(counts[kind]++);
}

QStringList mappedStreams(const ExportPlan &plan)
{
    QStringList maps;
    QStringList options;
    QMap<StreamKind, int> counts;
    for (const StreamPlan &stream : plan.streams) {
        if (stream.action == StreamAction::Drop)
            continue;
        maps << QStringLiteral("-map") << QStringLiteral("0:%1").arg(stream.sourceIndex);
        options += streamOptions(stream, plan.container, streamSpecifier(stream.kind, counts));
    }
    if (!counts.contains(StreamKind::Subtitle))
        options << QStringLiteral("-sn");
    options << QStringLiteral("-dn");
    return maps + options;
}

QStringList containerOptions(const ExportPlan &plan)
{
    QStringList options;
    options << QStringLiteral("-map_chapters")
            << (plan.keepChapters ? QStringLiteral("0") : QStringLiteral("-1"));
    if (plan.stripLocation) {
        for (const QLatin1String key : {QLatin1String("location"), QLatin1String("location-eng"),
                                        QLatin1String("com.apple.quicktime.location.ISO6709")})
            options << QStringLiteral("-metadata") << key + QStringLiteral("=");
    }
    if (plan.container == u"mp4" || plan.container == u"mov") {
        const bool isFragmented = plan.layout == Layout::Fragmented;
        options << QStringLiteral("-write_tmcd") << QStringLiteral("0")
                << QStringLiteral("-movflags")
                << (isFragmented ? QStringLiteral("+frag_keyframe+delay_moov+default_base_moof")
                        : plan.editLists ? QStringLiteral("+faststart")
                                         : QStringLiteral("+faststart+negative_cts_offsets"));
        if (!plan.editLists)
            options << QStringLiteral("-use_editlist") << QStringLiteral("0");
    }
    options << QStringLiteral("-f") << plan.container;
    return options;
}

QStringList trimOptions(const ExportPlan &plan)
{
    QStringList options;
    if (!plan.hasTrim)
        return options;
    options << QStringLiteral("-ss") << secondsArgument(plan.trim.startUs);
    if (plan.trim.endUs)
        options << QStringLiteral("-t") << secondsArgument(*plan.trim.endUs - plan.trim.startUs);
    return options;
}

} // namespace

QString ffmpegCommand(const ExportPlan &plan, const QString &input, const QString &output)
{
    QStringList words{QStringLiteral("ffmpeg"), QStringLiteral("-nostdin"), QStringLiteral("-n")};
    for (const QString &option : trimOptions(plan))
        words << shellQuoted(option);
    words << QStringLiteral("-i") << shellQuoted(fileArgument(input));
    // ffmpeg cannot copy a file byte for byte; all streams as they are is the nearest.
    const QStringList options = plan.copyBytes
        ? QStringList{QStringLiteral("-map"), QStringLiteral("0"), QStringLiteral("-c"),
                      QStringLiteral("copy")}
        : mappedStreams(plan) + containerOptions(plan);
    for (const QString &option : options)
        words << shellQuoted(option);
    words << shellQuoted(fileArgument(output));
    return words.join(u' ');
}

} // namespace sendoff::media
