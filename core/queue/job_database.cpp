// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_database.h"

#include "core/base/crash_point.h"
#include "core/queue/job_record.h"
#include "core/queue/job_rows.h"
#include "core/queue/store_file.h"

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

Result<void> saveJob(const StoreConnection &connection, QSqlQuery &job, QSqlQuery &oldLegs,
                     QSqlQuery &newLeg, const Job &value)
{
    SO_TRY_VOID(connection.execute(job, jobValues(value)));
    SO_TRY_VOID(connection.execute(oldLegs, {value.id}));
    for (const Leg &leg : value.legs)
        SO_TRY_VOID(connection.execute(newLeg, legValues(value.id, leg)));
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
    if (database) {
        (*database)->m_problems.append(
            translated("The saved queue is damaged. It was kept as “%1”, and a new one was begun.")
                .arg(displayName(kept)));
    }
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
    SO_TRY_VOID(database->prepareSchema());
    return database;
}

Result<void> JobDatabase::prepareSchema()
{
    SO_TRY(const QVariant check, m_connection->value(QStringLiteral("PRAGMA quick_check(1)")));
    if (check.toString() != u"ok")
        return failure(
            Error(ErrorKind::StoreCorrupt, check.toString())
                .with(argument::reason, QStringLiteral("its parts do not fit together")));
    SO_TRY_VOID(m_connection->run(QStringLiteral("PRAGMA journal_mode=WAL")));
    SO_TRY_VOID(m_connection->run(QStringLiteral("PRAGMA synchronous=FULL")));
    SO_TRY_VOID(m_connection->run(QStringLiteral("PRAGMA foreign_keys=ON")));
    SO_TRY(const QVariant version, m_connection->value(QStringLiteral("PRAGMA user_version")));
    SO_TRY(const QVariant application,
           m_connection->value(QStringLiteral("PRAGMA application_id")));
    SO_TRY(const QVariant tables,
           m_connection->value(QStringLiteral("SELECT count(*) FROM sqlite_schema")));
    if (version.toInt() == 0 && application.toUInt() == 0 && tables.toInt() == 0)
        return createSchema();
    if (version.toInt() == storeVersion && application.toUInt() == storeApplicationId)
        return {};
    return failure(Error(ErrorKind::StoreCorrupt,
                         QStringLiteral("application %1, version %2")
                             .arg(application.toUInt())
                             .arg(version.toInt()))
                       .with(argument::reason, QStringLiteral("it is another program's database")));
}

Result<void> JobDatabase::createSchema()
{
    const QStringList statements{
        QStringLiteral("CREATE TABLE jobs("
                       "id TEXT PRIMARY KEY, position INTEGER NOT NULL, "
                       "created_us INTEGER NOT NULL, source TEXT NOT NULL, "
                       "identity TEXT NOT NULL, recipe TEXT NOT NULL, plan TEXT NOT NULL, "
                       "sameness BLOB NOT NULL) STRICT, WITHOUT ROWID"),
        QStringLiteral("CREATE INDEX jobs_by_sameness ON jobs(sameness, created_us)"),
        QStringLiteral("CREATE TABLE legs("
                       "job TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE, "
                       "kind TEXT NOT NULL, ordinal INTEGER NOT NULL, state TEXT NOT NULL, "
                       "wait_for TEXT NOT NULL, error TEXT, done_bytes INTEGER NOT NULL, "
                       "total_bytes INTEGER NOT NULL, generation INTEGER NOT NULL, "
                       "resume TEXT NOT NULL, result TEXT NOT NULL, "
                       "PRIMARY KEY(job, kind, ordinal)) STRICT, WITHOUT ROWID"),
        QStringLiteral("PRAGMA application_id=%1").arg(storeApplicationId),
        QStringLiteral("PRAGMA user_version=%1").arg(storeVersion),
    };
    return m_connection->transact([&]() -> Result<void> {
        for (const QString &statement : statements) {
            SO_TRY_VOID(m_connection->run(statement));
            crashPoint("store.schema");
        }
        return {};
    });
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
        interrupt(*job);
        loaded.jobs.append(std::move(*job));
    }
    SO_TRY_VOID(m_connection->checkEnd(row));
    m_problems.clear();
    return loaded;
}

Result<void> JobDatabase::save(const QList<Job> &jobs)
{
    SO_TRY(QSqlQuery job,
           m_connection->prepare(insertInto(u"jobs", jobColumns) + orUpdate(jobColumns, 1)));
    SO_TRY(QSqlQuery oldLegs,
           m_connection->prepare(QStringLiteral("DELETE FROM legs WHERE job=?")));
    SO_TRY(QSqlQuery newLeg, m_connection->prepare(insertInto(u"legs", legColumns)));
    return m_connection->transact([&]() -> Result<void> {
        for (const Job &value : jobs)
            SO_TRY_VOID(saveJob(*m_connection, job, oldLegs, newLeg, value));
        return {};
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
