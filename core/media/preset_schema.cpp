// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/preset_schema.h"

#include <QHash>

#include <array>

namespace sendoff::media {

namespace {

constexpr std::array knownEncoders{
    KnownEncoder{"libx264", "h264", true},     KnownEncoder{"libopenh264", "h264", true},
    KnownEncoder{"libx265", "hevc", true},     KnownEncoder{"libsvtav1", "av1", true},
    KnownEncoder{"libaom-av1", "av1", true},   KnownEncoder{"libvpx-vp9", "vp9", true},
    KnownEncoder{"mpeg4", "mpeg4", true},      KnownEncoder{"ffv1", "ffv1", true},
    KnownEncoder{"prores_ks", "prores", true}, KnownEncoder{"aac", "aac", false},
    KnownEncoder{"libfdk_aac", "aac", false},  KnownEncoder{"libopus", "opus", false},
    KnownEncoder{"libmp3lame", "mp3", false},  KnownEncoder{"flac", "flac", false},
    KnownEncoder{"alac", "alac", false},       KnownEncoder{"pcm_s16le", "pcm_s16le", false},
};

constexpr std::array knownContainers{
    KnownContainer{"mp4", "mp4", "m4a", "MP4"},
    KnownContainer{"mov", "mov", "mov", "QuickTime"},
    KnownContainer{"matroska", "mkv", "mka", "Matroska"},
    KnownContainer{"webm", "webm", "webm", "WebM"},
};

// An option is a number within bounds, or one of some words (space-separated).
struct OptionRule {
    const char *encoder;
    const char *option;
    double least;
    double most;
    const char *words = nullptr;
};

constexpr char x26xPresets[] =
    "ultrafast superfast veryfast faster fast medium slow slower veryslow placebo";
constexpr char avcLevels[] = "1 1b 1.1 1.2 1.3 2 2.1 2.2 3 3.1 3.2 4 4.1 4.2 5 5.1 5.2 6 6.1 6.2";
constexpr double maxRate = 1e9; // bits per second
constexpr double maxBuffer = 2e9; // bits; libav holds them in an int

constexpr std::array optionRules{
    OptionRule{"libx264", "preset", 0, 0, x26xPresets},
    OptionRule{"libx264", "tune", 0, 0, "film animation grain stillimage fastdecode zerolatency"},
    OptionRule{"libx264", "profile", 0, 0, "baseline main high high10 high422 high444"},
    OptionRule{"libx264", "level", 0, 0, avcLevels},
    OptionRule{"libx264", "b-pyramid", 0, 0, "none strict normal"},
    OptionRule{"libx264", "crf", 0, 51},
    OptionRule{"libx264", "b", 1e3, maxRate},
    OptionRule{"libx264", "maxrate", 1e3, maxRate},
    OptionRule{"libx264", "bufsize", 1e3, maxBuffer},
    OptionRule{"libx264", "bf", 0, 16},
    OptionRule{"libx264", "refs", 1, 16},
    OptionRule{"libx264", "rc-lookahead", 0, 250},
    OptionRule{"libx264", "aq-mode", 0, 3},
    OptionRule{"libx264", "threads", 1, 1}, // slower; repeats itself whatever the rate control
    OptionRule{"libopenh264", "profile", 0, 0, "constrained_baseline main high"},
    OptionRule{"libopenh264", "rc_mode", 0, 0, "off quality bitrate"},
    OptionRule{"libopenh264", "b", 1e3, maxRate},
    OptionRule{"libopenh264", "maxrate", 1e3, maxRate},
    OptionRule{"libx265", "preset", 0, 0, x26xPresets},
    OptionRule{"libx265", "tune", 0, 0, "grain animation fastdecode zerolatency"},
    OptionRule{"libx265", "profile", 0, 0, "main main10 main422-10 main444-8 main444-10"},
    OptionRule{"libx265", "crf", 0, 51},
    OptionRule{"libx265", "b", 1e3, maxRate},
    OptionRule{"libx265", "maxrate", 1e3, maxRate},
    OptionRule{"libx265", "bufsize", 1e3, maxBuffer},
    OptionRule{"libx265", "threads", 1, 1}, // as x264's
    OptionRule{"libsvtav1", "preset", 0, 13},
    OptionRule{"libsvtav1", "crf", 0, 63},
    OptionRule{"libsvtav1", "b", 1e3, maxRate},
    OptionRule{"libaom-av1", "cpu-used", 0, 8},
    OptionRule{"libaom-av1", "crf", 0, 63},
    OptionRule{"libaom-av1", "b", 0, maxRate},
    OptionRule{"libaom-av1", "row-mt", 0, 1},
    OptionRule{"libvpx-vp9", "deadline", 0, 0, "good realtime best"},
    OptionRule{"libvpx-vp9", "cpu-used", 0, 8},
    OptionRule{"libvpx-vp9", "crf", 0, 63},
    OptionRule{"libvpx-vp9", "b", 0, maxRate},
    OptionRule{"libvpx-vp9", "maxrate", 1e3, maxRate},
    OptionRule{"libvpx-vp9", "bufsize", 1e3, maxBuffer},
    OptionRule{"libvpx-vp9", "row-mt", 0, 1},
    OptionRule{"libvpx-vp9", "lag-in-frames", 0, 25},
    OptionRule{"mpeg4", "b", 1e3, maxRate},
    OptionRule{"mpeg4", "maxrate", 1e3, maxRate},
    OptionRule{"mpeg4", "bufsize", 1e3, maxBuffer},
    OptionRule{"mpeg4", "bf", 0, 4},
    OptionRule{"ffv1", "level", 3, 3},
    OptionRule{"ffv1", "coder", 0, 2},
    OptionRule{"ffv1", "context", 0, 1},
    OptionRule{"ffv1", "slices", 4, 64},
    OptionRule{"ffv1", "slicecrc", 0, 1},
    OptionRule{"prores_ks", "profile", 0, 0, "proxy lt standard hq 4444"},
};

// What each container is expected to hold; Matroska holds nearly everything.
const QHash<QString, QStringList> &heldCodecs()
{
    static const QHash<QString, QStringList> codecs{
        {QStringLiteral("mp4"),
         QStringLiteral("h264 hevc av1 vp9 mpeg4 mpeg2video mpeg1video aac mp3 mp2 ac3 eac3 opus "
                        "flac alac mov_text")
             .split(u' ')},
        {QStringLiteral("mov"),
         QStringLiteral("h264 hevc mpeg4 mpeg2video mpeg1video prores dnxhd mjpeg dvvideo qtrle "
                        "png aac mp3 mp2 ac3 eac3 alac pcm_s16le pcm_s16be pcm_s24le pcm_s24be "
                        "pcm_s32le pcm_s32be pcm_f32le pcm_f32be pcm_u8 mov_text")
             .split(u' ')},
        {QStringLiteral("webm"), QStringLiteral("vp8 vp9 av1 opus vorbis webvtt").split(u' ')},
        {QStringLiteral("matroska"),
         QStringLiteral("h264 hevc av1 vp8 vp9 mpeg4 mpeg2video mpeg1video prores mjpeg ffv1 "
                        "theora vc1 wmv3 huffyuv ffvhuff utvideo msmpeg4v3 aac mp3 mp2 ac3 eac3 "
                        "dts truehd opus vorbis flac alac pcm_s16le pcm_s16be pcm_s24le pcm_s24be "
                        "pcm_s32le pcm_s32be pcm_f32le pcm_f64le pcm_u8 wmav2 tta wavpack subrip "
                        "ass webvtt hdmv_pgs_subtitle dvd_subtitle")
             .split(u' ')},
    };
    return codecs;
}

const OptionRule *ruleOf(const QString &encoder, const QString &option)
{
    for (const OptionRule &rule : optionRules) {
        if (encoder == QLatin1String(rule.encoder) && option == QLatin1String(rule.option))
            return &rule;
    }
    return nullptr;
}

} // namespace

const KnownEncoder *knownEncoder(const QString &name)
{
    for (const KnownEncoder &encoder : knownEncoders) {
        if (name == QLatin1String(encoder.name))
            return &encoder;
    }
    return nullptr;
}

std::optional<QString> encoderOptionProblem(const QString &encoder, const QString &option,
                                            const QString &value)
{
    const OptionRule *rule = ruleOf(encoder, option);
    if (!rule)
        return QStringLiteral("presets may not set the option “%1” of %2").arg(option, encoder);
    if (rule->words) {
        const QString words = QString::fromLatin1(rule->words);
        if (words.split(u' ').contains(value))
            return std::nullopt;
        return QStringLiteral("“%1” must be one of: %2").arg(option, words);
    }
    bool isNumber = false;
    const double number = value.toDouble(&isNumber);
    if (isNumber && number >= rule->least && number <= rule->most)
        return std::nullopt;
    return QStringLiteral("“%1” must be %2 to %3")
        .arg(option, QString::number(rule->least, 'g', 12), QString::number(rule->most, 'g', 12));
}

const KnownContainer *knownContainer(const QString &name)
{
    for (const KnownContainer &container : knownContainers) {
        if (name == QLatin1String(container.name))
            return &container;
    }
    return nullptr;
}

QStringList containerNames()
{
    QStringList names;
    for (const KnownContainer &container : knownContainers)
        names.append(QString::fromLatin1(container.name));
    return names;
}

bool containerHolds(const QString &container, const QString &codec)
{
    return container == u"source" || heldCodecs().value(container).contains(codec);
}

const QStringList &knownPixelFormats()
{
    static const QStringList formats = QStringLiteral("yuv420p yuv422p yuv444p yuv420p10le "
                                                      "yuv422p10le yuv444p10le")
                                           .split(u' ');
    return formats;
}

} // namespace sendoff::media
