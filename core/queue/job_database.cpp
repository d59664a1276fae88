// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_database.h"

#include "core/base/crash_point.h"
#include "core/queue/job_record.h"
#include "core/queue/job_rows.h"
#include "core/queue/store_file.h"
#include "core/queue/store_salvage.h"
#include "core/queue/store_schema.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <utility>

namespace sendoff::queue {

namespace {

QString translated(const char *sentence)
{
    return QCoreApplication::translate("JobStore", sentence);
}

// Placeholders for as many values as `columns` has.
QString insertInto(QStringView table, QStringView columns)
{
    QStringList marks;
    marks.fill(QStringLiteral("?"), columns.count(u',') + 1);
    return QStringLiteral("INSERT INTO %1(%2) VALUES(%3)").arg(table, columns, marks.join(u','));
}

// Sets all columns but the first `keyColumns` of a row that exists already.
QString orUpdate(QStringView columns, qsizetype keyColumns)
{
    const QStringList names = columns.toString().split(QStringLiteral(", "));
    QStringList changes;
    for (const QString &name : names.mid(keyColumns))
        changes.append(QStringLiteral("%1=excluded.%1").arg(name));
    return QStringLiteral(" ON CONFLICT(%1) DO UPDATE SET %2")
        .arg(names.mid(0, keyColumns).join(u','), changes.join(u','));
}

struct LegRows {
    QHash<QString, QList<Leg>> byJob;
    QSet<QString> unreadable; // jobs
};

Result<LegRows> readLegs(const StoreConnection &connection, const QString &where = {},
                         const QVariantList &values = {})
{
    const QString sql = QStringLiteral("SELECT %1 FROM legs %2 ORDER BY job, kind, ordinal")
                            .arg(QStringView(legColumns), where);
    SO_TRY(QSqlQuery row, connection.run(sql, values));
    LegRows rows;
    while (row.next()) {
        if (auto leg = legFromRow(row))
            rows.byJob[jobOfLeg(row)].append(std::move(*leg));
        else
            rows.unreadable.insert(jobOfLeg(row));
    }
    SO_TRY_VOID(connection.checkEnd(row));
    return rows;
}

std::optional<Job> assembled(const QSqlQuery &row, const LegRows &legs)
{
    auto job = jobFromRow(row);
    if (!job || legs.unreadable.contains(job->id))
        return std::nullopt;
    job->legs = legs.byJob.value(job->id);
    if (!hasExpectedLegs(*job))
        return std::nullopt;
    return job;
}

QString unreadableSentence(const QSqlQuery &row)
{
    const FilePath source = fromStored(row.value(QStringLiteral("source")).toString());
    return translated("The saved job of “%1” can't be read and was left out. It stays in the file.")
        .arg(displayName(source));
}

// Everything but the jobs.
Result<void> readRest(const StoreConnection &connection, JobStore::Loaded &loaded)
{
    SO_TRY(QSqlQuery setting,
           connection.run(QStringLiteral("SELECT name, value FROM settings")));
    while (setting.next())
        loaded.settings.insert(setting.value(0).toString(), setting.value(1).toString());
    SO_TRY_VOID(connection.checkEnd(setting));
    SO_TRY(QSqlQuery row,
           connection.run(QStringLiteral("SELECT %1 FROM leftovers ORDER BY id")
                              .arg(QStringView(leftoverColumns))));
    while (row.next()) {
        if (auto leftover = leftoverFromRow(row))
            loaded.leftovers.append(std::move(*leftover));
    }
    return connection.checkEnd(row);
}

void noteWhatRan(const Job &job, JobStore::Loaded &loaded)
{
    bool ran = false;
    for (const Leg &leg : job.legs) {
        if (!isActive(leg.state))
            continue;
        ran = true;
        ++(leg.kind == LegKind::Export ? loaded.ranExports : loaded.ranUploads);
    }
    if (ran)
        loaded.ran.append(job.id);
}

Result<void> saveRest(const StoreConnection &connection, const StoreChanges &changes)
{
    const QString insertLeftover =
        insertInto(u"leftovers", leftoverColumns) + orUpdate(leftoverColumns, 1);
    for (const Leftover &leftover : changes.leftovers)
        SO_TRY_VOID(connection.run(insertLeftover, leftoverValues(leftover)));
    for (const QString &id : changes.removedLeftovers)
        SO_TRY_VOID(connection.run(QStringLiteral("DELETE FROM leftovers WHERE id=?"), {id}));
    const QString set = insertInto(u"settings", u"name, value") + orUpdate(u"name, value", 1);
    for (auto it = changes.settings.begin(); it != changes.settings.end(); ++it)
        SO_TRY_VOID(connection.run(set, {it.key(), it.value()}));
    return {};
}

Result<void> saveJob(const StoreConnection &connection, QSqlQuery &job, QSqlQuery &oldLegs,
                     QSqlQuery &newLeg, const Job &value)
{
    SO_TRY_VOID(connection.execute(job, jobValues(value)));
    SO_TRY_VOID(connection.execute(oldLegs, {value.id}));
    for (const Leg &leg : value.legs)
        SO_TRY_VOID(connection.execute(newLeg, legValues(value.id, leg)));
    return {};
}

Result<void> checkAndConfigure(const StoreConnection &connection)
{
    SO_TRY(const QVariant check, connection.value(QStringLiteral("PRAGMA quick_check(1)")));
    if (check.toString() != u"ok")
        return failure(
            Error(ErrorKind::StoreCorrupt, check.toString())
                .with(argument::reason, QStringLiteral("its parts do not fit together")));
    SO_TRY_VOID(connection.run(QStringLiteral("PRAGMA journal_mode=WAL")));
    SO_TRY_VOID(connection.run(QStringLiteral("PRAGMA synchronous=FULL")));
    SO_TRY_VOID(connection.run(QStringLiteral("PRAGMA foreign_keys=ON")));
    return {};
}

} // namespace

JobDatabase::JobDatabase(std::unique_ptr<StoreConnection> connection)
    : m_connection(std::move(connection))
{
}

Result<std::unique_ptr<JobDatabase>> JobDatabase::open(const FilePath &file)
{
    auto database = openSound(file);
    if (database || database.error().kind != ErrorKind::StoreCorrupt)
        return database;
    SO_TRY(const FilePath kept, setAside(file));
    database = openSound(file);
    if (database)
        SO_TRY_VOID((*database)->takeOver(kept));
    return database;
}

// Fails with StoreCorrupt, and with everything closed, where the file is not a sound database.
Result<std::unique_ptr<JobDatabase>> JobDatabase::openSound(const FilePath &file)
{
    SO_TRY(StoreHeader header, readStoreHeader(file));
    if (header.content == StoreHeader::Content::SomethingElse)
        return failure(sqliteError(26, QStringLiteral("no header"), QStringLiteral("open"), file));
    if (header.hasLog && header.userVersion <= storeVersion) {
        // A newer version may still be in the log. Opened for writing, SQLite would move it from
        // there into the file.
        SO_TRY(const auto reader, StoreConnection::open(file, StoreConnection::Mode::ReadOnly));
        SO_TRY(const QVariant version, reader->value(QStringLiteral("PRAGMA user_version")));
        header.userVersion = version.toInt();
    }
    if (header.userVersion > storeVersion) {
        return failure(Error(ErrorKind::StoreTooNew,
                             QStringLiteral("version %1, this Sendoff knows %2")
                                 .arg(header.userVersion)
                                 .arg(storeVersion)));
    }
    SO_TRY_VOID(makePrivateStoreFile(file));
    SO_TRY(auto connection, StoreConnection::open(file, StoreConnection::Mode::ReadWrite));
    std::unique_ptr<JobDatabase> database(new JobDatabase(std::move(connection)));
    SO_TRY_VOID(checkAndConfigure(*database->m_connection));
    SO_TRY_VOID(prepareSchema(*database->m_connection, file));
    return database;
}

// The jobs that can still be read from a file that was set aside.
Result<void> JobDatabase::takeOver(const FilePath &damaged)
{
    const Salvaged found = salvage(damaged);
    StoreChanges changes;
    changes.jobs = found.jobs;
    changes.leftovers = found.leftovers;
    SO_TRY_VOID(commit(changes));
    QString sentence = translated("The saved queue is damaged. It was kept as “%1”.")
                           .arg(displayName(damaged));
    if (!found.jobs.isEmpty()) {
        sentence += u' ' + QCoreApplication::translate(
            "JobStore", "%n video(s) could be read and are here.", nullptr,
            int(found.jobs.size()));
    }
    if (found.lost > 0) {
        sentence += u' ' + QCoreApplication::translate(
            "JobStore", "%n video(s) could not be read.", nullptr, found.lost);
    }
    m_problems.append(found.jobs.isEmpty() ? sentence + u' ' + translated("A new one was begun.")
                                           : sentence);
    return {};
}

Result<JobStore::Loaded> JobDatabase::load()
{
    SO_TRY(const LegRows legs, readLegs(*m_connection));
    SO_TRY(QSqlQuery row,
           m_connection->run(QStringLiteral("SELECT %1 FROM jobs ORDER BY position, created_us, id")
                                 .arg(QStringView(jobColumns))));
    JobStore::Loaded loaded;
    loaded.problems = m_problems;
    while (row.next()) {
        auto job = assembled(row, legs);
        if (!job) {
            loaded.problems.append(unreadableSentence(row));
            continue;
        }
        noteWhatRan(*job, loaded);
        interrupt(*job);
        loaded.jobs.append(std::move(*job));
    }
    SO_TRY_VOID(m_connection->checkEnd(row));
    m_problems.clear();
    SO_TRY_VOID(readRest(*m_connection, loaded));
    return loaded;
}

Result<void> JobDatabase::save(const QList<Job> &jobs)
{
    StoreChanges changes;
    changes.jobs = jobs;
    return commit(changes);
}

Result<void> JobDatabase::commit(const StoreChanges &changes)
{
    SO_TRY(QSqlQuery job,
           m_connection->prepare(insertInto(u"jobs", jobColumns) + orUpdate(jobColumns, 1)));
    SO_TRY(QSqlQuery oldLegs,
           m_connection->prepare(QStringLiteral("DELETE FROM legs WHERE job=?")));
    SO_TRY(QSqlQuery newLeg, m_connection->prepare(insertInto(u"legs", legColumns)));
    return m_connection->transact([&]() -> Result<void> {
        for (const QString &id : changes.removedJobs)
            SO_TRY_VOID(m_connection->run(QStringLiteral("DELETE FROM jobs WHERE id=?"), {id}));
        for (const Job &value : changes.jobs)
            SO_TRY_VOID(saveJob(*m_connection, job, oldLegs, newLeg, value));
        return saveRest(*m_connection, changes);
    });
}

Result<void> JobDatabase::saveLeg(const QString &jobId, const Leg &leg)
{
    return m_connection->transact([&]() -> Result<void> {
        SO_TRY(QSqlQuery job,
               m_connection->run(QStringLiteral("SELECT 1 FROM jobs WHERE id=?"), {jobId}));
        if (!job.next()) {
            return failure(
                Error(ErrorKind::Internal, QStringLiteral("save a leg of %1").arg(jobId))
                    .with(argument::reason, QStringLiteral("the job is no longer in the queue")));
        }
        const QString sql = insertInto(u"legs", legColumns) + orUpdate(legColumns, 3);
        SO_TRY_VOID(m_connection->run(sql, legValues(jobId, leg)));
        return {};
    });
}

Result<void> JobDatabase::remove(const QStringList &jobIds)
{
    SO_TRY(QSqlQuery job, m_connection->prepare(QStringLiteral("DELETE FROM jobs WHERE id=?")));
    return m_connection->transact([&]() -> Result<void> {
        for (const QString &id : jobIds)
            SO_TRY_VOID(m_connection->execute(job, {id}));
        return {};
    });
}

Result<std::optional<Job>> JobDatabase::findSame(const QByteArray &sameness)
{
    const QString sql = QStringLiteral("SELECT %1 FROM jobs WHERE sameness=? "
                                       "ORDER BY created_us DESC, position DESC, id")
                            .arg(QStringView(jobColumns));
    SO_TRY(QSqlQuery row, m_connection->run(sql, {sameness}));
    while (row.next()) {
        const QString id = row.value(QStringLiteral("id")).toString();
        SO_TRY(const LegRows legs, readLegs(*m_connection, QStringLiteral("WHERE job=?"), {id}));
        if (auto job = assembled(row, legs))
            return job;
    }
    SO_TRY_VOID(m_connection->checkEnd(row));
    return std::optional<Job>();
}

} // namespace sendoff::queue
