// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// MediaInfo: what is in a file, as values. Not for: opening files (probe.h).

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <array>
#include <optional>

namespace sendoff::media {

struct Rational {
    int numerator = 0;
    int denominator = 1;

    double value() const { return denominator == 0 ? 0.0 : double(numerator) / denominator; }
    bool isPositive() const { return numerator > 0 && denominator > 0; }
    bool operator==(const Rational &) const = default;
};

enum class StreamKind { Video, Audio, Subtitle, Data, Attachment, CoverArt };

// ITU-T H.273 code points as libav numbers them; 2 = unspecified.
struct Colour {
    int primaries = 2;
    int transfer = 2;
    int matrix = 2;
    int range = 0; // 0 unspecified, 1 limited ("tv"), 2 full ("pc")
    int chromaLocation = 0; // 0 unspecified
    bool operator==(const Colour &) const = default;
};

// SMPTE ST 2086 and CTA-861.3: how bright the screen was that an HDR picture was made on, and how
// bright the picture is. In the units of the bit streams.
struct HdrLight {
    std::array<int, 8> primaries{}; // x, y of red, green, blue, white in 1/50,000
    qint64 maxLuminance = 0; // 1/10,000 cd/m²; 0 = the screen is not known
    qint64 minLuminance = 0;
    int maxContentLight = 0; // cd/m²; 0 = not known
    int maxFrameAverage = 0;
    bool operator==(const HdrLight &) const = default;
    bool hasScreen() const { return maxLuminance > 0; }
    bool hasContent() const { return maxContentLight > 0 || maxFrameAverage > 0; }
};

struct StreamInfo {
    int index = 0; // in the source
    StreamKind kind = StreamKind::Data;
    QString codec; // libav's name: "h264"
    QString codecTitle; // "H.264 / AVC"
    int profile = -99; // libav's number
    QString profileTitle; // "High"
    qint64 bitrate = 0; // bits per second, 0 = unknown
    QString language; // ISO 639-2, empty = unknown
    QString title;
    qint64 startUs = 0; // relative to the file's first timestamp
    std::optional<qint64> durationUs;
    bool isDefault = false;
    bool canDecode = false;
    bool isEncrypted = false;

    // Video and cover art.
    int width = 0; // coded pixels, before rotation
    int height = 0;
    Rational sampleAspect{1, 1};
    int rotation = 0; // degrees clockwise to show it upright: 0, 90, 180, 270
    bool isMirrored = false; // flipped horizontally before the rotation
    QString pixelFormat; // "yuv420p"
    int bitDepth = 8;
    Rational frameRate; // guessed; 0/1 = unknown
    bool isVariableRate = false; // average and nominal rate differ
    bool isInterlaced = false; // the file's claim
    Colour colour;
    bool isHdr = false; // PQ or HLG transfer
    HdrLight light;

    // Audio.
    int sampleRate = 0;
    int channels = 0;
    QString channelLayout; // "5.1"
};

struct MediaInfo {
    QString container; // libav's demuxer name: "mov,mp4,m4a,3gp,3g2,mj2"
    qint64 sizeBytes = 0;
    qint64 startUs = 0; // first timestamp in the file
    std::optional<qint64> durationUs; // as the file claims, bounded to what can be true
    qint64 bitrate = 0;
    QList<StreamInfo> streams;
    int chapters = 0;
    QMap<QString, QString> metadata;
    QStringList warnings; // sentences

    // The stream that an export shows or plays: the default one, else the largest picture or the
    // most channels. Null where there is none that can be used.
    const StreamInfo *bestVideo() const;
    const StreamInfo *bestAudio() const;
};

} // namespace sendoff::media
