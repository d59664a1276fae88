// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// limit [LIMIT]: how fast all uploads may be together, and when.

#include "app/application.h"
#include "app/cli/run_verb.h"

namespace sendoff::app {

namespace {

QString speedWords(qint64 bytesPerSecond)
{
    return bytesPerSecond > 0 ? QStringLiteral("%1B/s").arg(transfer::rateText(bytesPerSecond))
                              : QStringLiteral("no limit");
}

void answerLimit(const transfer::LimitTimetable &limit, Reporter *reporter)
{
    const QDateTime now = QDateTime::currentDateTime();
    const qint64 rate = limit.rateAt(now);
    const auto change = limit.nextChange(now);
    QJsonObject json{{QStringLiteral("limit"), limit.toText()},
                     {QStringLiteral("bytes_per_second"), rate}};
    QString text = limit.isAlwaysSame()
        ? QStringLiteral("All uploads together: %1.").arg(speedWords(rate))
        : QStringLiteral("All uploads together: %1. Now %2.").arg(limit.toText(), speedWords(rate));
    if (change) {
        const qint64 next = limit.rateAt(*change);
        json.insert(QStringLiteral("changes_at"), change->toUTC().toString(Qt::ISODate));
        json.insert(QStringLiteral("next_bytes_per_second"), next);
        text += QStringLiteral(" From %1: %2.")
                    .arg(change->toString(QStringLiteral("ddd HH:mm")), speedWords(next));
    }
    reporter->answer(json, text + u'\n');
}

} // namespace

QCoro::Task<int> runLimitVerb(CommandLine line, Application *application, Reporter *reporter)
{
    if (!line.operands.empty()) {
        const auto limit = transfer::LimitTimetable::parse(
            QString::fromStdString(line.operands.front().string()));
        if (!limit)
            co_return reportError(reporter, limit.error());
        auto setting = application->uploadLimit().set(*limit);
        const auto kept = co_await std::move(setting);
        if (!kept)
            co_return reportError(reporter, kept.error());
    }
    answerLimit(application->uploadLimit().timetable(), reporter);
    co_return int(ExitCode::Done);
}

} // namespace sendoff::app
