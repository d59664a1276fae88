// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/plan.h"

#include "core/base/sha256.h"
#include "core/media/av.h"
#include "core/media/plan_layout.h"
#include "core/media/plan_resume.h"
#include "core/media/plan_size.h"
#include "core/media/plan_stream.h"
#include "core/media/preset_schema.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace sendoff::media {

namespace {

bool isProtected(const MediaInfo &info)
{
    return std::any_of(info.streams.cbegin(), info.streams.cend(), [](const StreamInfo &stream) {
        const bool plays = stream.kind == StreamKind::Video || stream.kind == StreamKind::Audio;
        return plays && stream.isEncrypted;
    });
}

StreamPlan untouchedStream(const StreamInfo &stream)
{
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = StreamAction::Copy;
    plan.rule = QStringLiteral("copy-bytes");
    plan.reason = QStringLiteral("copied, because the file is taken as it is");
    plan.sourceCodec = stream.codec;
    plan.codec = stream.codec;
    return plan;
}

Result<StreamPlan> planStream(const PlanInput &input, const StreamInfo &stream)
{
    if (input.preset.copyBytes)
        return untouchedStream(stream);
    const bool plays = stream.kind == StreamKind::Video || stream.kind == StreamKind::Audio;
    // libav has no name for what it does not know at all.
    if (plays && stream.codec == u"none")
        return droppedStream(
            stream,
            {QStringLiteral("no-decoder"),
             QStringLiteral("this FFmpeg does not know its format, %1").arg(stream.codecTitle)});
    if (&stream == input.info.bestVideo())
        return planVideo(input, stream);
    const bool isSelected = stream.kind == StreamKind::Audio
        && (input.preset.allAudioTracks || &stream == input.info.bestAudio());
    if (isSelected)
        return planAudio(input, stream);
    return planExtra(input, stream);
}

bool isLossToTell(const StreamPlan &stream)
{
    if (stream.action != StreamAction::Drop)
        return false;
    const bool plays = stream.kind == StreamKind::Video || stream.kind == StreamKind::Audio;
    return stream.kind == StreamKind::Subtitle
        || (plays && stream.rule != u"preset" && stream.rule != u"not-selected");
}

Result<void> checkSomethingIsLeft(const PlanInput &input, const ExportPlan &plan)
{
    const StreamPlan *unknown = nullptr;
    for (const StreamPlan &stream : plan.streams) {
        const bool plays = stream.kind == StreamKind::Video || stream.kind == StreamKind::Audio;
        if (plays && stream.action != StreamAction::Drop)
            return {};
        if (plays && stream.rule == u"no-decoder" && !unknown)
            unknown = &stream;
    }
    if (!unknown)
        return failure(
            Error(ErrorKind::SourceNoStreams)
                .with(argument::reason,
                      QStringLiteral("nothing that %1 keeps is in it").arg(input.presetName())));
    const auto source = std::find_if(
        input.info.streams.cbegin(), input.info.streams.cend(),
        [&](const StreamInfo &stream) { return stream.index == unknown->sourceIndex; });
    return failure(
        Error(ErrorKind::NoDecoder, unknown->reason).with(argument::name, source->codecTitle));
}

void nameContainer(const PlanInput &input, ExportPlan &plan)
{
    if (plan.copyBytes)
        return; // container and extension are the source's
    plan.container = input.preset.container;
    plan.extension = input.preset.extension;
    const KnownContainer *container = knownContainer(plan.container);
    const bool hasVideo =
        std::any_of(plan.streams.cbegin(), plan.streams.cend(), [](const StreamPlan &stream) {
            return stream.kind == StreamKind::Video && stream.action != StreamAction::Drop;
        });
    const bool isUsual = container && plan.extension == QLatin1String(container->extension);
    if (!hasVideo && isUsual)
        plan.extension = QString::fromLatin1(container->audioExtension);
}

std::optional<qint64> plannedDuration(const PlanInput &input)
{
    const std::optional<qint64> whole = input.info.durationUs;
    if (!input.wishes.trim)
        return whole;
    const Trim &trim = *input.wishes.trim;
    if (!whole && !trim.endUs)
        return std::nullopt;
    const qint64 end = whole ? std::min(trim.endUs.value_or(*whole), *whole) : *trim.endUs;
    return end - trim.startUs;
}

ExportPlan emptyPlan(const PlanInput &input)
{
    ExportPlan plan;
    plan.presetId = input.preset.id;
    plan.copyBytes = input.preset.copyBytes;
    plan.editLists = input.preset.editLists;
    plan.stripLocation = input.preset.stripLocation;
    plan.keepChapters = input.preset.keepChapters && !input.wishes.trim;
    plan.hasTrim = input.wishes.trim.has_value();
    plan.trim = input.wishes.trim.value_or(Trim{});
    plan.warnings = input.info.warnings;
    return plan;
}

// AVI has times of decoding only; these codecs may show their pictures in another order.
bool lacksShowTimes(const MediaInfo &info, const StreamInfo &stream)
{
    const bool mayReorder = stream.codec == u"h264" || stream.codec == u"hevc"
        || stream.codec == u"mpeg4" || stream.codec == u"mpeg2video";
    return info.container == u"avi" && mayReorder;
}

} // namespace

QString PlanInput::containerTitle() const
{
    const KnownContainer *container = knownContainer(preset.container);
    return container ? QString::fromLatin1(container->title) : preset.container;
}

QString lossSentence(const StreamPlan &stream)
{
    QString what = QStringLiteral("A video track");
    if (stream.kind == StreamKind::Subtitle)
        what = QStringLiteral("A subtitle track");
    if (stream.kind == StreamKind::Audio)
        what = QStringLiteral("A sound track");
    return QStringLiteral("%1 is %2.").arg(what, stream.reason);
}

StreamPlan droppedStream(const StreamInfo &stream, const Obstacle &obstacle)
{
    StreamPlan plan;
    plan.sourceIndex = stream.index;
    plan.kind = stream.kind;
    plan.action = StreamAction::Drop;
    plan.rule = obstacle.rule;
    plan.reason = QStringLiteral("dropped, because %1").arg(obstacle.reason);
    plan.sourceCodec = stream.codec;
    return plan;
}

std::optional<Obstacle> commonObstacle(const PlanInput &input, const StreamInfo &stream)
{
    if (!containerHolds(input.preset.container, stream.codec))
        return Obstacle{
            QStringLiteral("container"),
            QStringLiteral("%1 can't hold %2").arg(input.containerTitle(), stream.codecTitle)};
    if (stream.kind == StreamKind::Video && lacksShowTimes(input.info, stream))
        return Obstacle{QStringLiteral("copy-if.timestamps"),
                        QStringLiteral("an AVI file does not say when its pictures are shown")};
    if (input.wishes.trim)
        return Obstacle{QStringLiteral("trim"),
                        QStringLiteral("a copy could begin only at a keyframe, not at the trim")};
    if (input.wishes.encodeAlways)
        return Obstacle{QStringLiteral("always-encode"),
                        QStringLiteral("encoding anew was asked for")};
    return std::nullopt;
}

Codecs Codecs::ofThisBuild()
{
    return {[](const QString &encoder) {
        return avcodec_find_encoder_by_name(encoder.toLatin1().constData()) != nullptr;
    }};
}

Result<ExportPlan> makePlan(const MediaInfo &info, const Preset &preset, const PlanWishes &wishes,
                            const Codecs &codecs)
{
    const PlanInput input{info, preset, wishes, codecs};
    SO_TRY_VOID(checkWishes(input));
    ExportPlan plan = emptyPlan(input);
    if (isProtected(info) && !plan.copyBytes)
        return failure(ErrorKind::SourceProtected, QStringLiteral("an encrypted stream"));
    for (const StreamInfo &stream : info.streams) {
        SO_TRY(StreamPlan planned, planStream(input, stream));
        if (isLossToTell(planned))
            plan.warnings.append(lossSentence(planned));
        plan.streams.append(std::move(planned));
    }
    SO_TRY_VOID(checkSomethingIsLeft(input, plan));
    nameContainer(input, plan);
    plan.durationUs = plannedDuration(input);
    resolveLayout(input, plan);
    forecastSize(plan, info);
    resolveResume(plan);
    return plan;
}

bool ExportPlan::encodesVideo() const
{
    return std::any_of(streams.cbegin(), streams.cend(), [](const StreamPlan &stream) {
        return stream.kind == StreamKind::Video && stream.action == StreamAction::Convert;
    });
}

bool ExportPlan::copiesAll() const
{
    return std::none_of(streams.cbegin(), streams.cend(), [](const StreamPlan &stream) {
        return stream.action == StreamAction::Convert;
    });
}

QByteArray ExportPlan::fingerprint() const
{
    QJsonObject json = toJson(*this);
    // What is only said to people, and expectations, decide no byte.
    for (const QLatin1String key :
         {QLatin1String("preset"), QLatin1String("warnings"), QLatin1String("resume"),
          QLatin1String("resume_reason"), QLatin1String("layout_reason"),
          QLatin1String("duration"), QLatin1String("min_bytes"),
          QLatin1String("max_bytes")})
        json.remove(key);
    QJsonArray withoutReasons;
    for (const QJsonValue value : json[u"streams"].toArray()) {
        QJsonObject stream = value.toObject();
        stream.remove(QLatin1String("rule"));
        stream.remove(QLatin1String("reason"));
        withoutReasons.append(stream);
    }
    json[u"streams"] = withoutReasons;
    const QByteArray text = QJsonDocument(json).toJson(QJsonDocument::Compact);
    Sha256 hash;
    hash.add(text.constData(), text.size());
    return hash.hex();
}

} // namespace sendoff::media
