// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Preset: a recipe for an export as a closed JSON schema with an allow-list of encoder options, so
// that an imported preset can neither run a filter of its own nor make an encoder write files.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace sendoff::media {

enum class Layout { Auto, Progressive, Fragmented };

// Copy a video stream that is within all of these; 0 or empty = no limit.
struct VideoCopyRule {
    QStringList codecs;
    QStringList profiles; // titles as libav writes them
    QStringList pixelFormats;
    int maxWidth = 0;
    int maxHeight = 0;
    double maxFrameRate = 0;
    qint64 maxBitrate = 0;
    bool allowRotation = false; // by a display matrix
    bool allowNonSquarePixels = false;
    bool allowInterlaced = false;
    bool allowHdr = false;
};

struct VideoEncode {
    struct Encoder {
        QString name; // libav's encoder name
        QMap<QString, QString> options; // of the allow-list only
    };
    QList<Encoder> encoders; // the first that this build has is used
    int fitWidth = 0; // 0 = source size; portrait pictures use the swapped box; never enlarged
    int fitHeight = 0;
    double maxFrameRate = 0;
    QString pixelFormat; // "yuv420p"
    double keyframeSeconds = 0; // 0 = the encoder's own
};

struct AudioCopyRule {
    QStringList codecs;
    int maxChannels = 0;
    int maxSampleRate = 0;
    qint64 maxBitrate = 0;
};

struct AudioEncode {
    QStringList encoders;
    qint64 bitrate = 0; // bits per second for stereo; mono half
    int maxChannels = 2;
    int sampleRate = 0; // 0 = the source's, if the encoder takes it
};

struct Preset {
    QString id; // [a-z0-9-]+
    QString title;
    QString description;
    QString group;
    QString container; // muxer: "mp4", "matroska", "webm", "mov"; "source" = as the source
    QString extension; // without the dot; "source" = as the source
    Layout layout = Layout::Auto;
    bool copyBytes = false; // "original": the file as it is, byte for byte
    bool editLists = true; // some platforms refuse MP4 files with any
    std::optional<VideoCopyRule> videoCopy;
    std::optional<VideoEncode> videoEncode; // absent: a stream that cannot be copied is dropped
    std::optional<AudioCopyRule> audioCopy;
    std::optional<AudioEncode> audioEncode;
    bool allAudioTracks = false; // else the best one
    bool keepSubtitles = false; // text subtitles
    bool keepChapters = false;
    bool stripLocation = true;
    QJsonObject source; // as read, for the fingerprint

    static Result<Preset> parse(const QByteArray &json, const QString &whereFrom);
};

// All built-in presets (resources/presets) and those in `userFolder`; a broken one is skipped and
// named in `problems`.
struct PresetList {
    QList<Preset> presets;
    QList<Error> problems;
};
PresetList loadPresets(const FilePath &userFolder);

// `idOrFile`: a preset's id or the path of a JSON file. PresetUnknown, PresetInvalid with line
// and reason.
Result<Preset> findPreset(const QString &idOrFile, const FilePath &userFolder);

QString layoutName(Layout layout); // "auto", "progressive", "fragmented"
std::optional<Layout> layoutFromName(QStringView name);

} // namespace sendoff::media
