// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/job_names.h"

#include "core/base/file_path.h"

#include <QSet>

#include <algorithm>
#include <iterator>

namespace sendoff::app {

Result<QStringList> jobsNamed(const QStringList &words, const QStringList &order)
{
    QSet<QString> named;
    for (const QString &word : words) {
        if (word == u"all") {
            named += QSet<QString>(order.begin(), order.end());
            continue;
        }
        QStringList matching;
        std::copy_if(order.begin(), order.end(), std::back_inserter(matching),
                     [&](const QString &id) { return !word.isEmpty() && id.startsWith(word); });
        if (matching.isEmpty())
            return failure(Error(ErrorKind::JobUnknown).with(argument::name, escapedText(word)));
        if (matching.size() > 1)
            return failure(Error(ErrorKind::BadUsage)
                               .with(argument::reason,
                                     QStringLiteral("“%1” is the beginning of several jobs: %2")
                                         .arg(word, matching.mid(0, 5).join(QStringLiteral(", ")))));
        named.insert(matching.first());
    }
    QStringList ids;
    std::copy_if(order.begin(), order.end(), std::back_inserter(ids),
                 [&](const QString &id) { return named.contains(id); });
    return ids;
}

} // namespace sendoff::app
