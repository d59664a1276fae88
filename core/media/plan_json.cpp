// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/names.h"
#include "core/media/plan.h"

#include <QJsonArray>

#include <array>
#include <cmath>
#include <utility>

namespace sendoff::media {

namespace {

constexpr int planVersion = 1;

constexpr std::array actionNames{std::pair{StreamAction::Copy, "copy"},
                                 std::pair{StreamAction::Convert, "convert"},
                                 std::pair{StreamAction::Drop, "drop"}};
constexpr std::array resumeNames{std::pair{ResumeVerdict::Exact, "exact"},
                                 std::pair{ResumeVerdict::Valid, "valid"},
                                 std::pair{ResumeVerdict::Restart, "restart"}};

template <typename Table, typename Value> QString wordFor(const Table &table, Value value)
{
    for (const auto &[entry, word] : table) {
        if (entry == value)
            return QString::fromLatin1(word);
    }
    Q_UNREACHABLE();
}

template <typename Table>
auto valueFor(const Table &table, const QString &word)
    -> std::optional<typename Table::value_type::first_type>
{
    for (const auto &[entry, text] : table) {
        if (word == QLatin1String(text))
            return entry;
    }
    return std::nullopt;
}

double toSeconds(qint64 microseconds)
{
    return double(microseconds) / 1e6;
}

qint64 toMicroseconds(const QJsonValue &seconds)
{
    return std::llround(seconds.toDouble() * 1e6);
}

void writeVideo(QJsonObject &json, const StreamPlan &stream)
{
    json[u"width"] = stream.width;
    json[u"height"] = stream.height;
    json[u"pix_fmt"] = stream.pixelFormat;
    json[u"colour"] = toJson(stream.colour);
    json[u"source_colour"] = toJson(stream.sourceColour);
    json[u"max_fps"] = stream.maxFrameRate;
    json[u"frame_rate"] = QJsonArray{stream.frameRate.numerator, stream.frameRate.denominator};
    json[u"deinterlace"] = stream.deinterlace;
    json[u"tone_map"] = stream.toneMap;
    if (const QJsonObject light = toJson(stream.light); !light.isEmpty())
        json[u"light"] = light;
    json[u"rotation"] = stream.rotation;
    json[u"mirrored"] = stream.isMirrored;
    json[u"keyframe_seconds"] = stream.keyframeSeconds;
}

void readVideo(StreamPlan &stream, const QJsonObject &json)
{
    stream.width = json[u"width"].toInt();
    stream.height = json[u"height"].toInt();
    stream.pixelFormat = json[u"pix_fmt"].toString();
    stream.colour = colourFromJson(json[u"colour"].toObject());
    stream.sourceColour = colourFromJson(json[u"source_colour"].toObject());
    stream.maxFrameRate = json[u"max_fps"].toDouble();
    const QJsonArray rate = json[u"frame_rate"].toArray();
    stream.frameRate = {rate.at(0).toInt(), rate.at(1).toInt(1)};
    stream.deinterlace = json[u"deinterlace"].toBool();
    stream.toneMap = json[u"tone_map"].toBool();
    stream.light = lightFromJson(json[u"light"].toObject());
    stream.rotation = json[u"rotation"].toInt();
    stream.isMirrored = json[u"mirrored"].toBool();
    stream.keyframeSeconds = json[u"keyframe_seconds"].toDouble();
}

QJsonObject streamToJson(const StreamPlan &stream)
{
    QJsonObject json{{QStringLiteral("index"), stream.sourceIndex},
                     {QStringLiteral("kind"), kindName(stream.kind)},
                     {QStringLiteral("action"), wordFor(actionNames, stream.action)},
                     {QStringLiteral("rule"), stream.rule},
                     {QStringLiteral("reason"), stream.reason},
                     {QStringLiteral("source_codec"), stream.sourceCodec}};
    if (stream.action != StreamAction::Drop)
        json[u"codec"] = stream.codec;
    if (stream.action != StreamAction::Convert)
        return json;
    json[u"encoder"] = stream.encoder;
    QJsonObject options;
    for (auto it = stream.options.cbegin(); it != stream.options.cend(); ++it)
        options.insert(it.key(), it.value());
    json[u"options"] = options;
    if (stream.kind == StreamKind::Video)
        writeVideo(json, stream);
    if (stream.kind == StreamKind::Audio) {
        json[u"sample_rate"] = stream.sampleRate;
        json[u"channels"] = stream.channels;
        json[u"channel_layout"] = stream.channelLayout;
        json[u"bitrate"] = stream.bitrate;
    }
    return json;
}

std::optional<StreamPlan> streamFromJson(const QJsonObject &json)
{
    const auto kind = streamKindFromName(json[u"kind"].toString());
    const auto action = valueFor(actionNames, json[u"action"].toString());
    if (!kind || !action || !json[u"index"].isDouble())
        return std::nullopt;
    StreamPlan stream;
    stream.sourceIndex = json[u"index"].toInt();
    stream.kind = *kind;
    stream.action = *action;
    stream.rule = json[u"rule"].toString();
    stream.reason = json[u"reason"].toString();
    stream.sourceCodec = json[u"source_codec"].toString();
    stream.codec = json[u"codec"].toString();
    stream.encoder = json[u"encoder"].toString();
    const QJsonObject options = json[u"options"].toObject();
    for (auto it = options.constBegin(); it != options.constEnd(); ++it)
        stream.options.insert(it.key(), it->toString());
    if (*action == StreamAction::Convert && *kind == StreamKind::Video)
        readVideo(stream, json);
    stream.sampleRate = json[u"sample_rate"].toInt();
    stream.channels = json[u"channels"].toInt();
    stream.channelLayout = json[u"channel_layout"].toString();
    stream.bitrate = json[u"bitrate"].toInteger();
    return stream;
}

QJsonObject trimToJson(const Trim &trim)
{
    QJsonObject json{{QStringLiteral("start"), toSeconds(trim.startUs)}};
    if (trim.endUs)
        json[u"end"] = toSeconds(*trim.endUs);
    return json;
}

Trim trimFromJson(const QJsonObject &json)
{
    Trim trim{toMicroseconds(json[u"start"]), std::nullopt};
    if (json.contains(u"end"))
        trim.endUs = toMicroseconds(json[u"end"]);
    return trim;
}

tl::unexpected<Error> brokenPlan(const QString &what)
{
    return failure(
        Error(ErrorKind::StoreCorrupt, what)
            .with(argument::reason, QStringLiteral("the plan of an export can't be read")));
}

} // namespace

QJsonObject toJson(const ExportPlan &plan)
{
    QJsonArray streams;
    for (const StreamPlan &stream : plan.streams)
        streams.append(streamToJson(stream));
    QJsonObject json{{QStringLiteral("version"), planVersion},
                     {QStringLiteral("preset"), plan.presetId},
                     {QStringLiteral("container"), plan.container},
                     {QStringLiteral("extension"), plan.extension},
                     {QStringLiteral("layout"), layoutName(plan.layout)},
                     {QStringLiteral("copy_bytes"), plan.copyBytes},
                     {QStringLiteral("edit_lists"), plan.editLists},
                     {QStringLiteral("strip_location"), plan.stripLocation},
                     {QStringLiteral("keep_chapters"), plan.keepChapters},
                     {QStringLiteral("streams"), streams},
                     {QStringLiteral("min_bytes"), plan.minBytes},
                     {QStringLiteral("max_bytes"), plan.maxBytes},
                     {QStringLiteral("warnings"), QJsonArray::fromStringList(plan.warnings)},
                     {QStringLiteral("resume"), wordFor(resumeNames, plan.resume)},
                     {QStringLiteral("resume_reason"), plan.resumeReason}};
    if (plan.headLast)
        json[u"head_last"] = true;
    if (!plan.layoutReason.isEmpty())
        json[u"layout_reason"] = plan.layoutReason;
    if (plan.hasTrim)
        json[u"trim"] = trimToJson(plan.trim);
    if (plan.durationUs)
        json[u"duration"] = toSeconds(*plan.durationUs);
    return json;
}

Result<ExportPlan> planFromJson(const QJsonObject &json)
{
    if (json[u"version"].toInt() != planVersion)
        return brokenPlan(QStringLiteral("plan version %1").arg(json[u"version"].toInt()));
    const auto layout = layoutFromName(json[u"layout"].toString());
    const auto resume = valueFor(resumeNames, json[u"resume"].toString());
    if (!layout || *layout == Layout::Auto || !resume)
        return brokenPlan(QStringLiteral("layout or resume"));
    ExportPlan plan;
    plan.presetId = json[u"preset"].toString();
    plan.container = json[u"container"].toString();
    plan.extension = json[u"extension"].toString();
    plan.layout = *layout;
    plan.headLast = json[u"head_last"].toBool();
    plan.layoutReason = json[u"layout_reason"].toString();
    plan.copyBytes = json[u"copy_bytes"].toBool();
    plan.editLists = json[u"edit_lists"].toBool(true);
    plan.stripLocation = json[u"strip_location"].toBool(true);
    plan.keepChapters = json[u"keep_chapters"].toBool();
    plan.hasTrim = json[u"trim"].isObject();
    if (plan.hasTrim)
        plan.trim = trimFromJson(json[u"trim"].toObject());
    for (const QJsonValue value : json[u"streams"].toArray()) {
        std::optional<StreamPlan> stream = streamFromJson(value.toObject());
        if (!stream)
            return brokenPlan(QStringLiteral("a stream"));
        plan.streams.append(*std::move(stream));
    }
    if (json.contains(u"duration"))
        plan.durationUs = toMicroseconds(json[u"duration"]);
    plan.minBytes = json[u"min_bytes"].toInteger();
    plan.maxBytes = json[u"max_bytes"].toInteger();
    for (const QJsonValue value : json[u"warnings"].toArray())
        plan.warnings.append(value.toString());
    plan.resume = *resume;
    plan.resumeReason = json[u"resume_reason"].toString();
    return plan;
}

} // namespace sendoff::media
