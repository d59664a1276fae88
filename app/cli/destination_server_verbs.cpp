// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/destination_server_verbs.h"

#include "app/application.h"
#include "app/cli/run_verb.h"
#include "core/transfer/destination_check.h"

#include <QJsonArray>

namespace sendoff::app {

QCoro::Task<int> testDestination(Application &application, transfer::DestinationConfig config,
                                 Reporter *reporter, std::stop_token stop)
{
    auto checking = application.network().check(config, stop);
    const auto checked = co_await std::move(checking);
    if (!checked)
        co_return reportError(reporter, checked.error());
    QJsonArray steps;
    QString text;
    bool isFine = true;
    for (const transfer::CheckStep &step : *checked) {
        const QString sentence = transfer::stepSentence(step);
        isFine = isFine && !step.error;
        steps.append(QJsonObject{{QStringLiteral("step"), transfer::stepName(step.what)},
                                 {QStringLiteral("ok"), !step.error},
                                 {QStringLiteral("text"), sentence}});
        text += QStringLiteral("%1 %2\n").arg(QChar(step.error ? u'✕' : u'✓'), sentence);
    }
    reporter->answer({{QStringLiteral("destination"), config.name},
                      {QStringLiteral("ok"), isFine},
                      {QStringLiteral("steps"), steps}},
                     text);
    co_return int(isFine ? ExitCode::Done : ExitCode::NeedsAttention);
}

QCoro::Task<int> listOrphans(Application &application, transfer::DestinationConfig config,
                             bool removes, Reporter *reporter, std::stop_token stop)
{
    auto asking = application.network().leftovers(config, stop);
    const auto leftovers = co_await std::move(asking);
    if (!leftovers)
        co_return reportError(reporter, leftovers.error());
    QJsonArray list;
    QString text;
    int failures = 0;
    for (const transfer::Leftover &leftover : *leftovers) {
        QJsonObject entry{{QStringLiteral("name"), leftover.name},
                          {QStringLiteral("since"), leftover.since.toString(Qt::ISODate)}};
        text += QStringLiteral("%1  %2\n").arg(leftover.since.toLocalTime().toString(Qt::ISODate),
                                               escapedText(leftover.name));
        if (removes) {
            auto removing = application.network().discard(config, leftover.resumeState, stop);
            const auto removed = co_await std::move(removing);
            entry.insert(QStringLiteral("removed"), removed.has_value());
            failures += removed ? 0 : 1;
        }
        list.append(entry);
    }
    if (list.isEmpty())
        text = QStringLiteral("Nothing unfinished lies there.\n");
    else if (!removes)
        text += QStringLiteral("Add --remove to remove them. Uploads that still run are among "
                               "them.\n");
    else
        text += failures == 0 ? QStringLiteral("All removed.\n")
                              : QStringLiteral("%1 could not be removed.\n").arg(failures);
    reporter->answer({{QStringLiteral("orphans"), list}}, text);
    co_return int(failures == 0 ? ExitCode::Done : ExitCode::NeedsAttention);
}

} // namespace sendoff::app
