// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ExportPlan: what an export will do with each stream, and because of which rule, before it does
// it. makePlan() is pure: the same input gives the same plan.

#include "core/base/result.h"
#include "core/media/media_info.h"
#include "core/media/preset.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <functional>
#include <optional>

namespace sendoff::media {

// From the first shown frame, in microseconds; `endUs` absent = to the end.
struct Trim {
    qint64 startUs = 0;
    std::optional<qint64> endUs;
    bool operator==(const Trim &) const = default;
};

enum class StreamAction { Copy, Convert, Drop };

struct StreamPlan {
    int sourceIndex = 0;
    StreamKind kind = StreamKind::Data;
    StreamAction action = StreamAction::Drop;
    QString rule; // stable id of what decided: "copy-if.codec", "no-encoder", …
    QString reason; // the same for people: "H.264 High, 1080p30 and 6.2 Mb/s are within web-1080p"
    QString sourceCodec;
    QString codec; // of the result, libav's codec name
    QString encoder; // libav's encoder name, for Convert
    QMap<QString, QString> options; // of the encoder

    // Convert, video. Even numbers after rotation and scaling.
    int width = 0;
    int height = 0;
    QString pixelFormat;
    Colour colour; // written to the result
    Colour sourceColour; // as assumed where the source says nothing
    double maxFrameRate = 0; // 0 = as it is
    Rational frameRate; // hint for the rate control; timestamps stay real
    bool deinterlace = false;
    bool toneMap = false;
    HdrLight light; // kept with HDR
    int rotation = 0; // clockwise, applied to the picture
    bool isMirrored = false;
    double keyframeSeconds = 0;

    // Convert, audio.
    int sampleRate = 0;
    int channels = 0;
    QString channelLayout;
    qint64 bitrate = 0;
};

enum class ResumeVerdict { Exact, Valid, Restart };

struct ExportPlan {
    QString presetId;
    QString container; // muxer name; empty with copyBytes
    QString extension;
    Layout layout = Layout::Progressive; // never Auto
    // Progressive: the index has its place in front from the beginning and is written last, so that
    // everything behind it can be sent meanwhile.
    bool headLast = false;
    QString layoutReason; // a clause, where it is to be sent meanwhile; else empty
    bool copyBytes = false;
    bool editLists = true; // may be in the result
    bool stripLocation = true;
    bool keepChapters = false;
    bool hasTrim = false;
    Trim trim;
    QList<StreamPlan> streams; // all of the source's, in its order
    std::optional<qint64> durationUs; // expected
    qint64 minBytes = 0; // expected size of the result
    qint64 maxBytes = 0;
    QStringList warnings; // sentences
    ResumeVerdict resume = ResumeVerdict::Restart;
    QString resumeReason;

    bool encodesVideo() const;
    bool copiesAll() const; // nothing is encoded
    // Hash of everything that decides the result's bytes; hex.
    QByteArray fingerprint() const;
};

// How the result is sent while it is made: not at all, front to back, or in parts of any order.
enum class SendOrder { NotYet, InOrder, AnyOrder };

struct PlanWishes {
    bool encodeAlways = false; // even where a copy would do
    Layout layout = Layout::Auto;
    SendOrder sendsMeanwhile = SendOrder::NotYet; // decides what Auto is, and headLast
    bool headLast = false; // as an earlier plan had it
    std::optional<Trim> trim;
};

// What this libav build can do; injected so that plans can be tested without it.
struct Codecs {
    std::function<bool(const QString &encoder)> hasEncoder;
    static Codecs ofThisBuild();
};

// NoEncoder where nothing of the preset's list is there, SourceNoStreams where nothing is left,
// BadUsage for a trim outside of the file.
Result<ExportPlan> makePlan(const MediaInfo &info, const Preset &preset, const PlanWishes &wishes,
                            const Codecs &codecs);

QJsonObject toJson(const ExportPlan &plan);
Result<ExportPlan> planFromJson(const QJsonObject &json);

// One line for a POSIX shell: the ffmpeg command that comes nearest to the plan. `input` and
// `output` are paths as toStored() writes them, so that any bytes may be in a name.
QString ffmpegCommand(const ExportPlan &plan, const QString &input, const QString &output);

} // namespace sendoff::media
