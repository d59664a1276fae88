// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Store fixture: opens job stores and looks into their files beside them, for tests.

#include "core/queue/job_store.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>
#include <QUuid>

#include <QCoroTask>

namespace sendoff::queue::test {

using StorePtr = std::unique_ptr<JobStore>;

inline Result<StorePtr> openStore(const FilePath &file)
{
    return QCoro::waitFor(JobStore::open(file));
}

inline JobStore::Loaded loaded(JobStore &store)
{
    auto result = QCoro::waitFor(store.load());
    if (!result)
        qFatal("load: %s", qPrintable(result.error().detail));
    return std::move(*result);
}

inline bool save(JobStore &store, const QList<Job> &jobs)
{
    const auto result = QCoro::waitFor(store.save(jobs));
    if (!result)
        qWarning("save: %s", qPrintable(result.error().detail));
    return result.has_value();
}

// A connection of the test's own, on the test's thread.
class Sql {
public:
    explicit Sql(const FilePath &file)
        : m_name(QUuid::createUuid().toString())
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
        database.setDatabaseName(QString::fromStdString(file.string()));
        if (!database.open())
            qFatal("open: %s", qPrintable(database.lastError().text()));
    }
    ~Sql()
    {
        QSqlDatabase::database(m_name).close();
        QSqlDatabase::removeDatabase(m_name);
    }
    Sql(const Sql &) = delete;
    Sql &operator=(const Sql &) = delete;

    // The first column of the first row; nothing where the statement is refused.
    QVariant value(const QString &statement) const
    {
        QSqlQuery query(QSqlDatabase::database(m_name));
        return query.exec(statement) && query.next() ? query.value(0) : QVariant();
    }
    bool run(const QString &statement) const
    {
        QSqlQuery query(QSqlDatabase::database(m_name));
        return query.exec(statement);
    }

private:
    QString m_name;
};

inline QByteArray bytesOf(const FilePath &path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void writeBytes(const FilePath &path, const QByteArray &bytes)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("write %s", path.c_str());
}

// What stands in the folder beside the database and its log: what was set aside.
inline QList<FilePath> setAsideIn(const FilePath &folder)
{
    QList<FilePath> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("sendoff.db.corrupt-") && !name.ends_with("-wal"))
            files.append(entry.path());
    }
    return files;
}

} // namespace sendoff::queue::test
