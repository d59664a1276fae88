// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/store_salvage.h"

#include "core/queue/job_record.h"
#include "core/queue/job_rows.h"
#include "core/queue/store_connection.h"

#include <QSet>

#include <algorithm>

namespace sendoff::queue {

namespace {

constexpr int rowsRead = 1'000'000; // in one way: damage may lead in a circle

// Until the first row that cannot be read.
void collect(const StoreConnection &connection, const QString &sql, QSet<QString> &ids)
{
    auto row = connection.run(sql + QStringLiteral(" LIMIT %1").arg(rowsRead));
    while (row && row->next())
        ids.insert(row->value(0).toString());
}

QSet<QString> jobIds(const StoreConnection &connection)
{
    QSet<QString> ids;
    const QStringList ways{
        QStringLiteral("SELECT id FROM jobs ORDER BY id"),
        QStringLiteral("SELECT id FROM jobs ORDER BY id DESC"),
        QStringLiteral("SELECT id FROM jobs INDEXED BY jobs_by_sameness ORDER BY sameness"),
        QStringLiteral("SELECT id FROM jobs INDEXED BY jobs_by_sameness ORDER BY sameness DESC"),
        QStringLiteral("SELECT job FROM legs ORDER BY job"),
        QStringLiteral("SELECT job FROM legs ORDER BY job DESC"),
    };
    for (const QString &sql : ways)
        collect(connection, sql, ids);
    return ids;
}

std::optional<Job> readJob(const StoreConnection &connection, const QString &id,
                           QStringView jobSql, QStringView legSql)
{
    const QString where = QStringLiteral("SELECT %1 FROM jobs WHERE id=?").arg(jobSql);
    auto row = connection.run(where, {id});
    if (!row || !row->next())
        return std::nullopt;
    auto job = jobFromRow(*row);
    if (!job)
        return std::nullopt;
    auto legs = connection.run(
        QStringLiteral("SELECT %1 FROM legs WHERE job=? ORDER BY kind, ordinal LIMIT 100")
            .arg(legSql),
        {id});
    while (legs && legs->next()) {
        if (auto leg = legFromRow(*legs))
            job->legs.append(std::move(*leg));
    }
    if (!hasExpectedLegs(*job))
        return std::nullopt;
    return job;
}

Salvaged readAll(const StoreConnection &connection)
{
    Salvaged found;
    const bool isOld =
        !connection.run(QStringLiteral("SELECT is_checked FROM jobs LIMIT 1")).has_value();
    const QStringView jobSql = isOld ? QStringView(jobColumnsOf1) : QStringView(jobColumns);
    const QStringView legSql = isOld ? QStringView(legColumnsOf1) : QStringView(legColumns);
    for (const QString &id : jobIds(connection)) {
        if (auto job = readJob(connection, id, jobSql, legSql))
            found.jobs.append(std::move(*job));
        else
            ++found.lost;
    }
    std::sort(found.jobs.begin(), found.jobs.end(), [](const Job &a, const Job &b) {
        return std::pair(a.position, a.createdUs) < std::pair(b.position, b.createdUs);
    });
    auto rows = connection.run(
        QStringLiteral("SELECT %1 FROM leftovers LIMIT %2")
            .arg(QStringView(leftoverColumns))
            .arg(rowsRead));
    while (rows && rows->next()) {
        if (auto leftover = leftoverFromRow(*rows))
            found.leftovers.append(std::move(*leftover));
    }
    return found;
}

} // namespace

Salvaged salvage(const FilePath &damaged)
{
    std::error_code code;
    const auto logSize = std::filesystem::file_size(FilePath(damaged) += "-wal", code);
    const bool hasLog = !code && logSize > 0;
    const auto mode =
        hasLog ? StoreConnection::Mode::ReadOnly : StoreConnection::Mode::Untouched;
    Salvaged found;
    if (const auto opened = StoreConnection::open(damaged, mode))
        found = readAll(**opened);
    std::filesystem::remove(FilePath(damaged) += "-shm", code); // SQLite's own, made by reading
    return found;
}

} // namespace sendoff::queue
