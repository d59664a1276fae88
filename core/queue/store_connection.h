// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StoreConnection: one SQLite connection through QtSql with errors as values. It stays on the
// thread that opened it: QtSql does not notice when it is used elsewhere.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <memory>

class QSqlDatabase;
class QThread;

namespace sendoff::queue {

class StoreConnection {
public:
    // Untouched: reads a file that nobody writes, without its log, and leaves nothing beside it.
    enum class Mode { Untouched, ReadOnly, ReadWrite };

    static Result<std::unique_ptr<StoreConnection>> open(const FilePath &file, Mode mode);
    ~StoreConnection();
    StoreConnection(const StoreConnection &) = delete;
    StoreConnection &operator=(const StoreConnection &) = delete;

    // Not yet run; for execute(), any number of times.
    Result<QSqlQuery> prepare(const QString &sql) const;
    Result<void> execute(QSqlQuery &query, const QVariantList &values) const;
    Result<QSqlQuery> run(const QString &sql, const QVariantList &values = {}) const;
    // The first column of the first row, such as a PRAGMA's answer.
    Result<QVariant> value(const QString &sql) const;
    // Whether the rows of `query` ended because there are no more.
    Result<void> checkEnd(const QSqlQuery &query) const;

    // All of `work` or nothing: BEGIN IMMEDIATE … COMMIT, or ROLLBACK where `work` fails.
    template <typename Work> Result<void> transact(Work work) const
    {
        SO_TRY_VOID(run(QStringLiteral("BEGIN IMMEDIATE")));
        Result<void> outcome = work();
        if (outcome)
            outcome = commit();
        if (!outcome)
            rollBack();
        return outcome;
    }

private:
    StoreConnection(FilePath file, QString name);
    QSqlDatabase database() const;
    Error failed(const QSqlQuery &query) const;
    Result<void> commit() const;
    void rollBack() const;

    FilePath m_file;
    QString m_name;
    const QThread *m_owner;
};

} // namespace sendoff::queue
