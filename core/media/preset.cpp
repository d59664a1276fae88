// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/preset.h"

#include "core/media/preset_schema.h"
#include "core/media/schema_object.h"

#include <QJsonDocument>
#include <QRegularExpression>

namespace sendoff::media {

namespace {

constexpr int largestSide = 16384;
constexpr double highestFrameRate = 1000;
constexpr qint64 highestBitrate = 1'000'000'000;
constexpr double longestKeyframeSeconds = 60;
constexpr qsizetype longestTitle = 200;

Error presetError(const QString &whereFrom, const QString &reason)
{
    return Error(ErrorKind::PresetInvalid)
        .with(argument::name, whereFrom)
        .with(argument::reason, reason);
}

VideoCopyRule readVideoCopy(SchemaObject json)
{
    VideoCopyRule rule;
    rule.codecs = json.texts(u"codec");
    rule.profiles = json.texts(u"profile");
    rule.pixelFormats = json.texts(u"pix_fmt");
    rule.maxWidth = int(json.integer(u"max_width", 1, largestSide));
    rule.maxHeight = int(json.integer(u"max_height", 1, largestSide));
    rule.maxFrameRate = json.number(u"max_fps", 1, highestFrameRate);
    rule.maxBitrate = json.integer(u"max_bitrate", 1, highestBitrate);
    const QString rotation = QStringLiteral("rotation");
    const QString nonSquare = QStringLiteral("non_square_pixels");
    const QString interlaced = QStringLiteral("interlaced");
    const QString hdr = QStringLiteral("hdr");
    const QStringList allowed = json.texts(u"allow", {rotation, nonSquare, interlaced, hdr});
    rule.allowRotation = allowed.contains(rotation);
    rule.allowNonSquarePixels = allowed.contains(nonSquare);
    rule.allowInterlaced = allowed.contains(interlaced);
    rule.allowHdr = allowed.contains(hdr);
    json.close();
    return rule;
}

VideoEncode::Encoder readEncoder(SchemaObject json, const QString &container)
{
    VideoEncode::Encoder encoder;
    json.require(u"name");
    encoder.name = json.text(u"name");
    const KnownEncoder *known = knownEncoder(encoder.name);
    if (!known || !known->isVideo)
        json.report(u"name",
                    QStringLiteral("“%1” is not a video encoder that presets may use")
                        .arg(escapedText(encoder.name)));
    else if (!containerHolds(container, QString::fromLatin1(known->codec)))
        json.report(u"name",
                    QStringLiteral("%1 can't hold what %2 makes").arg(container, encoder.name));
    if (std::optional<SchemaObject> options = json.object(u"options")) {
        for (const auto &[option, value] : options->entries()) {
            const auto problem = encoderOptionProblem(encoder.name, option, value);
            if (problem)
                options->report(option, *problem);
            encoder.options.insert(option, value);
        }
    }
    json.close();
    return encoder;
}

VideoEncode readVideoEncode(SchemaObject json, const QString &container)
{
    VideoEncode encode;
    json.require(u"encoders");
    for (const SchemaObject &encoder : json.objects(u"encoders"))
        encode.encoders.append(readEncoder(encoder, container));
    if (encode.encoders.isEmpty())
        json.report(u"encoders", QStringLiteral("“encoders” names no encoder"));
    if (std::optional<SchemaObject> fit = json.object(u"fit")) {
        fit->require(u"width");
        fit->require(u"height");
        encode.fitWidth = int(fit->integer(u"width", 2, largestSide));
        encode.fitHeight = int(fit->integer(u"height", 2, largestSide));
        fit->close();
    }
    encode.maxFrameRate = json.number(u"max_fps", 1, highestFrameRate);
    encode.pixelFormat = json.word(u"pix_fmt", knownPixelFormats(), QStringLiteral("yuv420p"));
    encode.keyframeSeconds = json.number(u"keyframe_seconds", 0, longestKeyframeSeconds);
    json.close();
    return encode;
}

AudioCopyRule readAudioCopy(SchemaObject json)
{
    AudioCopyRule rule;
    rule.codecs = json.texts(u"codec");
    rule.maxChannels = int(json.integer(u"max_channels", 1, 64));
    rule.maxSampleRate = int(json.integer(u"max_sample_rate", 8000, 384'000));
    rule.maxBitrate = json.integer(u"max_bitrate", 1, highestBitrate);
    json.close();
    return rule;
}

AudioEncode readAudioEncode(SchemaObject json, const QString &container)
{
    AudioEncode encode;
    json.require(u"encoders");
    encode.encoders = json.texts(u"encoders");
    if (encode.encoders.isEmpty())
        json.report(u"encoders", QStringLiteral("“encoders” names no encoder"));
    for (const QString &name : encode.encoders) {
        const KnownEncoder *known = knownEncoder(name);
        if (!known || known->isVideo)
            json.report(u"encoders",
                        QStringLiteral("“%1” is not an audio encoder that presets may use")
                            .arg(escapedText(name)));
        else if (!containerHolds(container, QString::fromLatin1(known->codec)))
            json.report(u"encoders",
                        QStringLiteral("%1 can't hold what %2 makes").arg(container, name));
    }
    encode.bitrate = json.integer(u"bitrate", 8000, 10'000'000, 160'000);
    encode.maxChannels = int(json.integer(u"max_channels", 1, 8, 2));
    encode.sampleRate = int(json.integer(u"sample_rate", 8000, 192'000));
    json.close();
    return encode;
}

void readIdentity(Preset &preset, SchemaObject &json)
{
    static const QRegularExpression validId(QStringLiteral("\\A[a-z0-9-]{1,64}\\z"));
    static const QRegularExpression validExtension(QStringLiteral("\\A[a-z0-9]{1,8}\\z"));
    json.require(u"id");
    json.require(u"title");
    preset.id = json.text(u"id");
    if (!preset.id.isEmpty() && !validId.match(preset.id).hasMatch())
        json.report(u"id", QStringLiteral("“id” may hold only a–z, 0–9 and -"));
    preset.title = json.text(u"title");
    if (json.has(u"title") && (preset.title.isEmpty() || preset.title.size() > longestTitle))
        json.report(u"title", QStringLiteral("“title” must have 1 to 200 characters"));
    preset.description = json.text(u"description");
    preset.group = json.text(u"group");
    preset.copyBytes = json.flag(u"copy_bytes", false);
    preset.editLists = json.flag(u"edit_lists", true);
    if (!preset.copyBytes)
        json.require(u"container");
    const QString source = QStringLiteral("source");
    preset.container = preset.copyBytes ? json.word(u"container", {source}, source)
                                        : json.word(u"container", containerNames());
    const KnownContainer *container = knownContainer(preset.container);
    preset.extension =
        json.text(u"extension", container ? QString::fromLatin1(container->extension) : source);
    if (!validExtension.match(preset.extension).hasMatch())
        json.report(u"extension", QStringLiteral("“extension” may hold only a–z and 0–9"));
    const QStringList layouts{layoutName(Layout::Auto), layoutName(Layout::Progressive),
                              layoutName(Layout::Fragmented)};
    preset.layout =
        layoutFromName(json.word(u"layout", layouts, layouts.first())).value_or(Layout::Auto);
}

void readVideo(Preset &preset, SchemaObject json)
{
    if (std::optional<SchemaObject> copy = json.object(u"copy_if"))
        preset.videoCopy = readVideoCopy(*copy);
    if (std::optional<SchemaObject> encode = json.object(u"encode"))
        preset.videoEncode = readVideoEncode(*encode, preset.container);
    json.close();
}

void readAudio(Preset &preset, SchemaObject json)
{
    if (std::optional<SchemaObject> copy = json.object(u"copy_if"))
        preset.audioCopy = readAudioCopy(*copy);
    if (std::optional<SchemaObject> encode = json.object(u"encode"))
        preset.audioEncode = readAudioEncode(*encode, preset.container);
    const QString best = QStringLiteral("best");
    const QString all = QStringLiteral("all");
    preset.allAudioTracks = json.word(u"tracks", {best, all}, best) == all;
    json.close();
}

void readStreams(Preset &preset, SchemaObject &json)
{
    if (std::optional<SchemaObject> video = json.object(u"video"))
        readVideo(preset, *video);
    if (std::optional<SchemaObject> audio = json.object(u"audio"))
        readAudio(preset, *audio);
    const QString drop = QStringLiteral("drop");
    const QString keep = QStringLiteral("keep");
    preset.keepSubtitles = json.word(u"subtitles", {drop, keep}, drop) == keep;
    preset.keepChapters = json.word(u"chapters", {drop, keep}, drop) == keep;
    if (std::optional<SchemaObject> metadata = json.object(u"metadata")) {
        preset.stripLocation = metadata->flag(u"strip_location", true);
        metadata->close();
    }
    const bool hasRules =
        preset.videoCopy || preset.videoEncode || preset.audioCopy || preset.audioEncode;
    if (preset.copyBytes && (json.has(u"video") || json.has(u"audio")))
        json.report(u"copy_bytes",
                    QStringLiteral("“copy_bytes” leaves nothing for “video” and “audio” to say"));
    if (!preset.copyBytes && !hasRules)
        json.report({}, QStringLiteral("neither “video” nor “audio” says what to do"));
}

} // namespace

Result<Preset> Preset::parse(const QByteArray &json, const QString &whereFrom)
{
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    if (syntax.error != QJsonParseError::NoError)
        return failure(presetError(whereFrom,
                                   QStringLiteral("line %1: %2")
                                       .arg(JsonLines::lineAt(json, syntax.offset))
                                       .arg(syntax.errorString())));
    if (!document.isObject())
        return failure(presetError(whereFrom, QStringLiteral("line 1: it must be one object")));
    SchemaProblem problem(json);
    if (const std::optional<QString> &path = problem.lines().repeatedKey())
        problem.report(*path,
                       QStringLiteral("the key “%1” is given twice")
                           .arg(escapedText(path->section(u'.', -1))));
    Preset preset;
    preset.source = document.object();
    SchemaObject root(problem, preset.source, {});
    readIdentity(preset, root);
    readStreams(preset, root);
    root.close();
    if (problem.first())
        return failure(presetError(whereFrom, *problem.first()));
    return preset;
}

QString layoutName(Layout layout)
{
    switch (layout) {
    case Layout::Auto:
        return QStringLiteral("auto");
    case Layout::Progressive:
        return QStringLiteral("progressive");
    case Layout::Fragmented:
        return QStringLiteral("fragmented");
    }
    Q_UNREACHABLE();
}

std::optional<Layout> layoutFromName(QStringView name)
{
    for (const Layout layout : {Layout::Auto, Layout::Progressive, Layout::Fragmented}) {
        if (name == layoutName(layout))
            return layout;
    }
    return std::nullopt;
}

} // namespace sendoff::media
