// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/job_text.h"

#include "core/base/error_text.h"
#include "core/base/redaction.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

#include <algorithm>

namespace sendoff::app {

namespace {

constexpr int shownId = 12;

QString whereTo(const queue::Recipe &recipe)
{
    QStringList places;
    if (!recipe.outputFolder.empty())
        places.append(displayPath(recipe.outputFolder));
    for (const QString &place : recipe.destinations)
        places.append(redacted(place));
    return places.join(QStringLiteral(", "));
}

QJsonObject recipeJson(const queue::Recipe &recipe)
{
    QJsonObject json = recipe.toJson();
    QJsonArray places;
    for (const QString &place : recipe.destinations)
        places.append(redacted(place));
    json.insert(u"destinations", places);
    return json;
}

QJsonObject errorJson(const Error &error)
{
    const ErrorText text = describe(error);
    return {{QStringLiteral("kind"), kindName(error.kind)}, {QStringLiteral("text"), text.what},
            {QStringLiteral("kept"), text.kept},           {QStringLiteral("next"), text.next},
            {QStringLiteral("detail"), redacted(error.detail)}};
}

// What an upload needs to go on, without what gives access to it.
QJsonValue withoutSecrets(const QString &name, const QJsonValue &value)
{
    if (value.isString()) {
        const QUrl url(value.toString(), QUrl::StrictMode);
        if (url.isValid() && !url.scheme().isEmpty() && !url.host().isEmpty())
            return redactedUrl(url);
        return redacted(name + u'=' + value.toString()).mid(name.size() + 1);
    }
    if (value.isObject()) {
        QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            it.value() = withoutSecrets(it.key(), it.value());
        return object;
    }
    if (value.isArray()) {
        QJsonArray array = value.toArray();
        for (auto it = array.begin(); it != array.end(); ++it)
            *it = withoutSecrets(name, *it);
        return array;
    }
    return value;
}

QString placeOf(const JobRow &row, const queue::Leg &leg)
{
    return redacted(row.job.recipe.destinations.value(leg.ordinal));
}

// What is running knows it best; else what was saved.
std::optional<double> fractionOfLeg(const JobRow &row, int index)
{
    const queue::Leg &leg = row.job.legs[index];
    if (leg.state == queue::LegState::Done)
        return 1.0;
    const double running = row.facts.leg(index).fraction;
    if (running >= 0)
        return std::min(running, 1.0);
    if (leg.totalBytes > 0)
        return std::clamp(double(leg.doneBytes) / double(leg.totalBytes), 0.0, 1.0);
    return std::nullopt;
}

QJsonObject legJson(const JobRow &row, int index)
{
    const queue::Leg &leg = row.job.legs[index];
    QJsonObject json{{QStringLiteral("kind"), legKindName(leg.kind)},
                     {QStringLiteral("state"), queue::stateName(leg.state)},
                     {QStringLiteral("done_bytes"), leg.doneBytes}};
    if (leg.kind == queue::LegKind::Upload)
        json.insert(u"destination", placeOf(row, leg));
    if (leg.state == queue::LegState::Waiting && leg.waitFor != queue::WaitFor::Nothing)
        json.insert(u"wait_for", queue::waitName(leg.waitFor));
    if (const auto fraction = fractionOfLeg(row, index))
        json.insert(u"fraction", *fraction);
    if (leg.totalBytes >= 0)
        json.insert(u"total_bytes", leg.totalBytes);
    if (leg.error)
        json.insert(u"error", errorJson(*leg.error));
    if (!leg.result.isEmpty())
        json.insert(u"result", leg.result);
    if (!leg.resume.isEmpty())
        json.insert(u"receipt", withoutSecrets(QString(), leg.resume));
    return json;
}

QString percentText(std::optional<double> fraction)
{
    return fraction ? QStringLiteral("%1 %").arg(int(*fraction * 100)) : QString();
}

// Cut in the middle: the end of a name tells takes apart.
QString cut(const QString &text, int columns)
{
    if (columns <= 0 || text.size() <= columns)
        return text;
    const int left = std::max(0, (columns - 1) / 2);
    return text.left(left) + u'…' + text.right(std::max(0, columns - 1 - left));
}

QString legText(const JobRow &row, int index)
{
    const queue::Leg &leg = row.job.legs[index];
    const bool isExport = leg.kind == queue::LegKind::Export;
    QString text = isExport ? QStringLiteral("Export")
                            : QStringLiteral("Upload to %1").arg(placeOf(row, leg));
    text += QStringLiteral(": ") + queue::stateName(leg.state).replace(u'-', u' ');
    if (const auto fraction = fractionOfLeg(row, index);
        fraction && leg.state != queue::LegState::Done)
        text += QStringLiteral(", ") + percentText(fraction);
    text += u'\n';
    if (leg.error)
        text += QStringLiteral("    %1\n").arg(describe(*leg.error).sentence());
    const QString place =
        isExport ? displayPath(fromStored(leg.result[u"output"].toString()))
                 : leg.result[u"url"].toString();
    if (!place.isEmpty() && !(isExport && row.job.recipe.outputFolder.empty()))
        text += QStringLiteral("    %1\n").arg(place);
    return text;
}

} // namespace

std::optional<double> fractionOf(const JobRow &row)
{
    return row.job.legs.isEmpty() ? std::nullopt : fractionOfLeg(row, row.state.leg);
}

QJsonObject rowJson(const JobRow &row)
{
    QJsonObject json{{QStringLiteral("event"), QStringLiteral("job")},
                     {QStringLiteral("position"), row.position},
                     {QStringLiteral("job"), row.job.id},
                     {QStringLiteral("file"), displayName(row.job.source)},
                     {QStringLiteral("state"), queue::rowWordName(row.state.word)},
                     {QStringLiteral("text"),
                      queue::rowText(row.job, row.state, row.facts,
                                     QLocale(QLocale::English)).sentence},
                     {QStringLiteral("to"), whereTo(row.job.recipe)}};
    if (row.state.waitFor != queue::WaitFor::Nothing)
        json.insert(u"wait_for", queue::waitName(row.state.waitFor));
    if (row.state.isPausedByAll)
        json.insert(u"paused_by_all", true);
    if (const auto fraction = fractionOf(row))
        json.insert(u"fraction", *fraction);
    return json;
}

QJsonObject detailJson(const JobRow &row)
{
    QJsonObject json = rowJson(row);
    json.insert(u"source", toStored(row.job.source));
    json.insert(u"created_s", double(row.job.createdUs) / 1e6);
    json.insert(u"recipe", recipeJson(row.job.recipe));
    if (!row.job.plan.isEmpty())
        json.insert(u"plan", row.job.plan);
    QJsonArray legs;
    for (int index = 0; index < row.job.legs.size(); ++index)
        legs.append(legJson(row, index));
    json.insert(u"legs", legs);
    return json;
}

QString rowTable(const QList<JobRow> &rows, int columns)
{
    if (rows.isEmpty())
        return QStringLiteral("The queue is empty. “sendoff queue add FILE --to DEST” puts something "
                              "into it.\n");
    QList<QStringList> lines{{QStringLiteral("#"), QStringLiteral("ID"), QStringLiteral("NAME"),
                              QStringLiteral("STATE"), QStringLiteral("%"),
                              QStringLiteral("TO")}};
    for (const JobRow &row : rows)
        lines.append({QString::number(row.position), row.job.id.left(shownId),
                      displayName(row.job.source), queue::rowWordText(row.state.word),
                      percentText(fractionOf(row)), whereTo(row.job.recipe)});
    QList<int> widths(6, 0);
    for (const QStringList &line : lines) {
        for (int column = 0; column < line.size(); ++column)
            widths[column] = std::max(widths[column], int(line[column].size()));
    }
    if (columns > 0) { // what is left for the name and the place
        const int fixed = widths[0] + widths[1] + widths[3] + widths[4] + 2 * 5;
        const int room = std::max(20, columns - fixed);
        widths[2] = std::min(widths[2], std::max(room / 2, room - widths[5]));
        widths[5] = std::min(widths[5], room - widths[2]);
    }
    QString text;
    for (const QStringList &line : lines) {
        QString row = line[0].rightJustified(widths[0]) + QStringLiteral("  ")
            + line[1].leftJustified(widths[1]) + QStringLiteral("  ")
            + cut(line[2], widths[2]).leftJustified(widths[2]) + QStringLiteral("  ")
            + line[3].leftJustified(widths[3]) + QStringLiteral("  ")
            + line[4].rightJustified(widths[4]) + QStringLiteral("  ") + cut(line[5], widths[5]);
        while (row.endsWith(u' '))
            row.chop(1);
        text += row + u'\n';
    }
    return text;
}

QString detailText(const JobRow &row)
{
    QString text = QStringLiteral("%1 (%2), number %3 in the queue\n")
                       .arg(displayName(row.job.source), row.job.id)
                       .arg(row.position);
    text += queue::rowText(row.job, row.state, row.facts, QLocale(QLocale::English)).sentence
        + u'\n';
    text += QStringLiteral("Source: %1\n").arg(displayPath(row.job.source));
    text += QStringLiteral("Added: %1\n")
                .arg(QDateTime::fromMSecsSinceEpoch(row.job.createdUs / 1000)
                         .toString(QStringLiteral("yyyy-MM-dd HH:mm")));
    if (!row.job.recipe.preset.isEmpty())
        text += QStringLiteral("Preset: %1\n").arg(row.job.recipe.preset);
    text += QStringLiteral("To: %1\n").arg(whereTo(row.job.recipe));
    for (int index = 0; index < row.job.legs.size(); ++index) {
        if (row.job.legs[index].state != queue::LegState::NotNeeded)
            text += legText(row, index);
    }
    return text;
}

QString refusalClause(queue::Refusal refusal)
{
    switch (refusal) {
    case queue::Refusal::UnknownJob:
        return QStringLiteral("it is not in the queue any more");
    case queue::Refusal::NothingToDo:
        return QStringLiteral("it is so already");
    case queue::Refusal::AlreadyDone:
        return QStringLiteral("it is done");
    case queue::Refusal::IsCancelled:
        return QStringLiteral("it is cancelled; “queue start-over” begins it anew");
    case queue::Refusal::IsRunning:
        return QStringLiteral("it is running; cancel it first");
    case queue::Refusal::HasBegun:
        return QStringLiteral("it has begun; cancel it and add it again to change what is made");
    case queue::Refusal::GraceIsOver:
        return QStringLiteral("that was too long ago; “queue start-over” begins it anew");
    }
    Q_UNREACHABLE();
}

QString refusalName(queue::Refusal refusal)
{
    switch (refusal) {
    case queue::Refusal::UnknownJob:
        return QStringLiteral("unknown-job");
    case queue::Refusal::NothingToDo:
        return QStringLiteral("nothing-to-do");
    case queue::Refusal::AlreadyDone:
        return QStringLiteral("already-done");
    case queue::Refusal::IsCancelled:
        return QStringLiteral("is-cancelled");
    case queue::Refusal::IsRunning:
        return QStringLiteral("is-running");
    case queue::Refusal::HasBegun:
        return QStringLiteral("has-begun");
    case queue::Refusal::GraceIsOver:
        return QStringLiteral("grace-is-over");
    }
    Q_UNREACHABLE();
}

} // namespace sendoff::app
