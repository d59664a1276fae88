// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Events as JSON lines (CLI.md, Events).

#include "app/cli/json_reporter.h"

#include "core/base/error_text.h"
#include "core/base/redaction.h"

#include <QJsonDocument>

#include <cmath>

namespace sendoff::app {

namespace {

QJsonObject eventFor(const char *event, const LegRef &leg)
{
    return {{QStringLiteral("event"), QString::fromLatin1(event)},
            {QStringLiteral("job"), leg.job},
            {QStringLiteral("leg"), legKindName(leg.kind)},
            {QStringLiteral("file"), leg.file}};
}

double rounded(double value, int digits)
{
    const double scale = std::pow(10.0, digits);
    return std::round(value * scale) / scale;
}

QJsonObject lagJson(const activity::LagSummary &lag)
{
    return {{QStringLiteral("p50"), rounded(lag.p50, 3)},
            {QStringLiteral("p99"), rounded(lag.p99, 3)},
            {QStringLiteral("max"), rounded(lag.max, 3)},
            {QStringLiteral("samples"), lag.samples}};
}

} // namespace

void JsonReporter::state(const LegRef &leg, const queue::Leg &value)
{
    QJsonObject event = eventFor("state", leg);
    event.insert(u"state", queue::stateName(value.state));
    if (value.waitFor != queue::WaitFor::Nothing)
        event.insert(u"wait_for", queue::waitName(value.waitFor));
    print(event);
}

void JsonReporter::progress(const LegRef &leg, const queue::LegProgress &progress,
                            std::optional<double> secondsLeft)
{
    QJsonObject event = eventFor("progress", leg);
    if (progress.fraction >= 0)
        event.insert(u"fraction", rounded(progress.fraction, 4));
    event.insert(u"bytes", progress.bytes);
    if (secondsLeft)
        event.insert(u"seconds_left", rounded(*secondsLeft, 1));
    print(event);
}

void JsonReporter::warning(const LegRef &leg, const QString &kind, const QString &text)
{
    QJsonObject event = eventFor("warning", leg);
    event.insert(u"kind", kind);
    event.insert(u"text", text);
    print(event);
}

void JsonReporter::retrying(const LegRef &leg, const Error &error, qint64 delayMs)
{
    QJsonObject event = eventFor("warning", leg);
    event.insert(u"kind", kindName(error.kind));
    event.insert(u"text", describe(error).what);
    event.insert(u"detail", redacted(error.detail));
    event.insert(u"retry_in_s", rounded(double(delayMs) / 1000.0, 1));
    print(event);
}

void JsonReporter::error(const std::optional<LegRef> &leg, const QString &file, const Error &error)
{
    QJsonObject event{{QStringLiteral("event"), QStringLiteral("error")}};
    if (leg)
        event = eventFor("error", *leg);
    else if (!file.isEmpty())
        event.insert(u"file", file);
    const ErrorText text = describe(error);
    event.insert(u"kind", kindName(error.kind));
    event.insert(u"text", text.what);
    if (!text.kept.isEmpty())
        event.insert(u"kept", text.kept);
    event.insert(u"detail", redacted(error.detail));
    event.insert(u"next", text.next);
    print(event);
}

void JsonReporter::done(const LegRef &leg, const QJsonObject &result, bool wasDoneBefore)
{
    QJsonObject event = eventFor("done", leg);
    for (auto it = result.begin(); it != result.end(); ++it)
        event.insert(it.key(), it.value());
    if (wasDoneBefore)
        event.insert(u"done_before", true);
    print(event);
}

void JsonReporter::summary(const Summary &summary)
{
    print({{QStringLiteral("event"), QStringLiteral("summary")},
           {QStringLiteral("done"), summary.done},
           {QStringLiteral("total"), summary.total},
           {QStringLiteral("wall_s"), rounded(summary.wallSeconds, 3)},
           {QStringLiteral("cpu_s"), rounded(summary.cpuSeconds, 3)},
           {QStringLiteral("peak_rss_mib"), rounded(summary.peakRssMib, 1)},
           {QStringLiteral("cores_used"), rounded(summary.coresUsed, 2)},
           {QStringLiteral("overlap_s"), rounded(summary.overlapSeconds, 3)},
           {QStringLiteral("main_loop_lag_ms"), lagJson(summary.mainLag)},
           {QStringLiteral("network_loop_lag_ms"), lagJson(summary.networkLag)}});
}

void JsonReporter::answer(const QJsonObject &json, const QString &)
{
    print(json);
}

void JsonReporter::print(const QJsonObject &event)
{
    m_output->write(Output::Stream::Out,
                    QJsonDocument(event).toJson(QJsonDocument::Compact) + '\n');
}

} // namespace sendoff::app
