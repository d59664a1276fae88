// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job.h"

#include "core/base/sha256.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>

#include <algorithm>

namespace sendoff::queue {

namespace {

constexpr int recipeVersion = 1;

QJsonObject trimToJson(const media::Trim &trim)
{
    QJsonObject json{{QStringLiteral("start_us"), trim.startUs}};
    if (trim.endUs)
        json.insert(QStringLiteral("end_us"), *trim.endUs);
    return json;
}

std::optional<media::Trim> trimFromJson(const QJsonObject &json)
{
    media::Trim trim;
    trim.startUs = json[u"start_us"].toInteger(-1);
    if (trim.startUs < 0)
        return std::nullopt;
    if (json.contains(u"end_us")) {
        trim.endUs = json[u"end_us"].toInteger(-1);
        if (*trim.endUs <= trim.startUs)
            return std::nullopt;
    }
    return trim;
}

// Nothing where anything of the list is not text.
std::optional<QStringList> textsFromJson(const QJsonArray &json)
{
    QStringList texts;
    for (const QJsonValue &value : json) {
        if (!value.isString())
            return std::nullopt;
        texts.append(value.toString());
    }
    return texts;
}

// The same folder in one spelling: without dots and without a slash at the end.
FilePath plainFolder(const FilePath &folder)
{
    const FilePath normal = folder.lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

bool allLegs(const Job &job, bool (*condition)(LegState))
{
    return std::all_of(job.legs.begin(), job.legs.end(),
                       [condition](const Leg &leg) { return condition(leg.state); });
}

} // namespace

QString legKindName(LegKind kind)
{
    return kind == LegKind::Export ? QStringLiteral("export") : QStringLiteral("upload");
}

std::optional<LegKind> legKindFromName(QStringView name)
{
    if (name == u"export")
        return LegKind::Export;
    if (name == u"upload")
        return LegKind::Upload;
    return std::nullopt;
}

QJsonObject Recipe::toJson() const
{
    QJsonObject json{
        {QStringLiteral("version"), recipeVersion},
        {QStringLiteral("preset"), preset},
        {QStringLiteral("preset_digest"), QString::fromLatin1(presetDigest)},
        {QStringLiteral("encode_always"), encodeAlways},
        {QStringLiteral("layout"), media::layoutName(layout)},
        {QStringLiteral("output_folder"), toStored(outputFolder)},
        {QStringLiteral("overwrite"), overwrite},
        {QStringLiteral("destinations"), QJsonArray::fromStringList(destinations)},
    };
    if (!subFolder.empty())
        json.insert(QStringLiteral("sub_folder"), toStored(subFolder));
    if (trim)
        json.insert(QStringLiteral("trim"), trimToJson(*trim));
    return json;
}

std::optional<Recipe> Recipe::fromJson(const QJsonObject &json)
{
    const auto layout = media::layoutFromName(json[u"layout"].toString());
    const auto destinations = textsFromJson(json[u"destinations"].toArray());
    const bool hasAll = json[u"preset"].isString() && json[u"encode_always"].isBool()
        && json[u"output_folder"].isString() && json[u"overwrite"].isBool()
        && json[u"destinations"].isArray();
    if (json[u"version"].toInt() != recipeVersion || !hasAll || !layout || !destinations)
        return std::nullopt;
    Recipe recipe;
    recipe.preset = json[u"preset"].toString();
    recipe.presetDigest = json[u"preset_digest"].toString().toLatin1();
    recipe.encodeAlways = json[u"encode_always"].toBool();
    recipe.layout = *layout;
    recipe.outputFolder = fromStored(json[u"output_folder"].toString());
    recipe.subFolder = fromStored(json[u"sub_folder"].toString());
    recipe.overwrite = json[u"overwrite"].toBool();
    recipe.destinations = *destinations;
    if (json.contains(u"trim")) {
        recipe.trim = trimFromJson(json[u"trim"].toObject());
        if (!recipe.trim)
            return std::nullopt;
    }
    return recipe;
}

bool Job::isSettled() const
{
    return allLegs(*this, &queue::isSettled);
}

bool Job::isDone() const
{
    return allLegs(*this, [](LegState state) {
        return state == LegState::Done || state == LegState::NotNeeded;
    });
}

QString newJobId()
{
    static constexpr QStringView alphabet = u"abcdefghijklmnopqrstuvwxyz234567"; // RFC 4648
    quint64 bits = QRandomGenerator::system()->generate64();
    QString id;
    for (int position = 0; position < 12; ++position) {
        id += alphabet[qsizetype(bits & 31)];
        bits >>= 5;
    }
    return id;
}

bool isJobId(QStringView text)
{
    return text.size() == 12 && std::all_of(text.begin(), text.end(), [](QChar character) {
               return (character >= u'a' && character <= u'z')
                   || (character >= u'2' && character <= u'7');
           });
}

Job makeJob(const SourceFile &source, Recipe recipe)
{
    Job job;
    job.id = newJobId();
    job.source = source.path();
    job.identity = source.identity();
    job.createdUs = QDateTime::currentMSecsSinceEpoch() * 1000;
    setRecipe(job, std::move(recipe));
    return job;
}

void setRecipe(Job &job, Recipe recipe)
{
    job.sameness = samenessOf(job.identity, recipe);
    job.plan = {};
    job.legs.clear();
    const bool hasExport = !recipe.preset.isEmpty();
    Leg exportLeg;
    exportLeg.kind = LegKind::Export;
    exportLeg.state = hasExport ? LegState::Waiting : LegState::NotNeeded;
    exportLeg.waitFor = hasExport ? WaitFor::Slot : WaitFor::Nothing;
    job.legs.append(exportLeg);
    for (int ordinal = 0; ordinal < recipe.destinations.size(); ++ordinal) {
        Leg leg;
        leg.kind = LegKind::Upload;
        leg.ordinal = ordinal;
        leg.waitFor = hasExport ? WaitFor::Export : WaitFor::Slot;
        job.legs.append(leg);
    }
    job.recipe = std::move(recipe);
}

QByteArray samenessOf(const FileIdentity &identity, const Recipe &recipe)
{
    // Not the device: many file systems get another number at the next start of the computer.
    // Inode, size, time and edges still tell a file from its copy.
    QJsonObject source = identity.toJson();
    source.remove(u"device");
    Recipe plain = recipe;
    plain.outputFolder = plainFolder(recipe.outputFolder);
    plain.overwrite = false; // how to publish, not what
    const QJsonObject command{{QStringLiteral("source"), source},
                              {QStringLiteral("recipe"), plain.toJson()}};
    // QJsonObject keeps its keys sorted, so that equal values have equal bytes.
    const QByteArray bytes = QJsonDocument(command).toJson(QJsonDocument::Compact);
    Sha256 hash;
    hash.add(bytes.constData(), bytes.size());
    return QByteArray::fromHex(hash.hex());
}

} // namespace sendoff::queue
