// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_rows.h"

#include "core/queue/job_record.h"

#include <QJsonDocument>
#include <QSqlQuery>

#include <algorithm>

namespace sendoff::queue {

namespace {

enum JobColumn {
    Id,
    Position,
    CreatedUs,
    Source,
    Identity,
    RecipeJson,
    Plan,
    Sameness,
    IsChecked,
    CancelledMs,
};
enum LegColumn {
    JobId,
    Kind,
    Ordinal,
    State,
    WaitForName,
    ErrorJson,
    DoneBytes,
    TotalBytes,
    Generation,
    Resume,
    LegResult,
    Before,
};
enum LeftoverColumn { LeftoverId, LeftoverPlace, LeftoverFile, LeftoverResume };

// QtSql binds a null string or array as NULL, which the columns do not take.
QString notNull(const QString &text)
{
    return text.isNull() ? QStringLiteral("") : text;
}

QByteArray notNull(const QByteArray &bytes)
{
    return bytes.isNull() ? QByteArray("", 0) : bytes;
}

QString jsonText(const QJsonObject &json)
{
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

std::optional<QJsonObject> jsonFromText(const QVariant &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toString().toUtf8());
    if (!document.isObject())
        return std::nullopt;
    return document.object();
}

} // namespace

QVariantList jobValues(const Job &job)
{
    return {notNull(job.id),
            job.position,
            job.createdUs,
            notNull(toStored(job.source)),
            jsonText(job.identity.toJson()),
            jsonText(job.recipe.toJson()),
            jsonText(job.plan),
            notNull(job.sameness),
            job.isChecked ? 1 : 0,
            job.cancelledMs};
}

QVariantList legValues(const QString &jobId, const Leg &leg)
{
    const QVariant error = leg.error ? QVariant(jsonText(errorToJson(*leg.error))) : QVariant();
    const QVariant before =
        leg.before ? QVariant(jsonText(legBeforeToJson(*leg.before))) : QVariant();
    return {notNull(jobId),       legKindName(leg.kind), leg.ordinal,
            stateName(leg.state), waitName(leg.waitFor), error,
            leg.doneBytes,        leg.totalBytes,        qint64(leg.generation),
            jsonText(leg.resume), jsonText(leg.result), before};
}

QVariantList leftoverValues(const Leftover &leftover)
{
    return {notNull(leftover.id), notNull(leftover.place), notNull(leftover.file),
            jsonText(leftover.resume)};
}

std::optional<Job> jobFromRow(const QSqlQuery &row)
{
    const auto identityJson = jsonFromText(row.value(Identity));
    const auto recipeJson = jsonFromText(row.value(RecipeJson));
    const auto plan = jsonFromText(row.value(Plan));
    Job job;
    job.id = row.value(Id).toString();
    if (!isJobId(job.id) || !identityJson || !recipeJson || !plan)
        return std::nullopt;
    const auto identity = FileIdentity::fromJson(*identityJson);
    auto recipe = Recipe::fromJson(*recipeJson);
    if (!identity || !recipe)
        return std::nullopt;
    job.position = row.value(Position).toLongLong();
    job.createdUs = row.value(CreatedUs).toLongLong();
    job.source = fromStored(row.value(Source).toString());
    job.identity = *identity;
    job.recipe = std::move(*recipe);
    job.plan = *plan;
    job.sameness = row.value(Sameness).toByteArray();
    job.isChecked = row.value(IsChecked).toInt() != 0;
    job.cancelledMs = row.value(CancelledMs).toLongLong();
    return job;
}

std::optional<Leg> legFromRow(const QSqlQuery &row)
{
    const auto kind = legKindFromName(row.value(Kind).toString());
    const auto state = stateFromName(row.value(State).toString());
    const auto waitFor = waitFromName(row.value(WaitForName).toString());
    const auto resume = jsonFromText(row.value(Resume));
    const auto result = jsonFromText(row.value(LegResult));
    if (!kind || !state || !waitFor || !resume || !result)
        return std::nullopt;
    Leg leg;
    if (!row.isNull(ErrorJson)) {
        const auto errorJson = jsonFromText(row.value(ErrorJson));
        leg.error = errorJson ? errorFromJson(*errorJson) : std::nullopt;
        if (!leg.error)
            return std::nullopt;
    }
    if (!row.isNull(Before)) {
        const auto beforeJson = jsonFromText(row.value(Before));
        leg.before = beforeJson ? legBeforeFromJson(*beforeJson) : std::nullopt;
        if (!leg.before)
            return std::nullopt;
    }
    leg.kind = *kind;
    leg.ordinal = row.value(Ordinal).toInt();
    leg.state = *state;
    leg.waitFor = *waitFor;
    leg.doneBytes = row.value(DoneBytes).toLongLong();
    leg.totalBytes = row.value(TotalBytes).toLongLong();
    leg.generation = quint64(row.value(Generation).toLongLong());
    leg.resume = *resume;
    leg.result = *result;
    return leg;
}

std::optional<Leftover> leftoverFromRow(const QSqlQuery &row)
{
    const auto resume = jsonFromText(row.value(LeftoverResume));
    Leftover leftover;
    leftover.id = row.value(LeftoverId).toString();
    leftover.place = row.value(LeftoverPlace).toString();
    leftover.file = row.value(LeftoverFile).toString();
    if (!resume || leftover.id.isEmpty() || leftover.place.isEmpty())
        return std::nullopt;
    leftover.resume = *resume;
    return leftover;
}

QString jobOfLeg(const QSqlQuery &row)
{
    return row.value(JobId).toString();
}

} // namespace sendoff::queue
