// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/store_connection.h"

#include "core/base/crash_point.h"
#include "core/queue/store_file.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QThread>
#include <QUuid>

namespace sendoff::queue {

namespace {

const char *accessOf(StoreConnection::Mode mode)
{
    switch (mode) {
    case StoreConnection::Mode::Untouched:
        return "?mode=ro&immutable=1";
    case StoreConnection::Mode::ReadOnly:
        return "?mode=ro";
    case StoreConnection::Mode::ReadWrite:
        return "?mode=rw";
    }
    Q_UNREACHABLE();
}

// As a URI, in which a path's bytes need not be UTF-8.
QString databaseUri(const FilePath &file, StoreConnection::Mode mode)
{
    const std::string bytes = std::filesystem::absolute(file).string();
    const QByteArray path = QByteArray::fromStdString(bytes).toPercentEncoding("/");
    return QStringLiteral("file://") + QString::fromLatin1(path + accessOf(mode));
}

} // namespace

Result<std::unique_ptr<StoreConnection>> StoreConnection::open(const FilePath &file, Mode mode)
{
    const QString name =
        QStringLiteral("sendoff-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
    QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    std::unique_ptr<StoreConnection> connection(new StoreConnection(file, name));
    QSqlDatabase database = connection->database();
    database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=5000"));
    database.setDatabaseName(databaseUri(file, mode));
    if (database.open())
        return connection;
    const QSqlError error = database.lastError();
    bool hasCode = false;
    const int code = error.nativeErrorCode().toInt(&hasCode);
    if (hasCode)
        return failure(
            sqliteError(code, error.databaseText(), QStringLiteral("open the database"), file));
    return failure(Error(ErrorKind::StoreUnavailable, error.text())
                       .with(argument::reason, QStringLiteral("Qt's SQLite driver is missing")));
}

StoreConnection::StoreConnection(FilePath file, QString name)
    : m_file(std::move(file))
    , m_name(std::move(name))
    , m_owner(QThread::currentThread())
{
}

StoreConnection::~StoreConnection()
{
    Q_ASSERT(QThread::currentThread() == m_owner);
    database().close();
    QSqlDatabase::removeDatabase(m_name);
}

QSqlDatabase StoreConnection::database() const
{
    Q_ASSERT(QThread::currentThread() == m_owner);
    return QSqlDatabase::database(m_name, false);
}

Result<QSqlQuery> StoreConnection::prepare(const QString &sql) const
{
    QSqlQuery query(database());
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return failure(failed(query));
    return query;
}

Result<void> StoreConnection::execute(QSqlQuery &query, const QVariantList &values) const
{
    for (int index = 0; index < values.size(); ++index)
        query.bindValue(index, values[index]);
    if (!query.exec())
        return failure(failed(query));
    return {};
}

Result<QSqlQuery> StoreConnection::run(const QString &sql, const QVariantList &values) const
{
    SO_TRY(QSqlQuery query, prepare(sql));
    SO_TRY_VOID(execute(query, values));
    return query;
}

Result<QVariant> StoreConnection::value(const QString &sql) const
{
    SO_TRY(QSqlQuery query, run(sql));
    if (!query.next())
        return failure(failed(query));
    return query.value(0);
}

Result<void> StoreConnection::checkEnd(const QSqlQuery &query) const
{
    if (query.lastError().type() == QSqlError::NoError)
        return {};
    return failure(failed(query));
}

Error StoreConnection::failed(const QSqlQuery &query) const
{
    const QSqlError error = query.lastError();
    return sqliteError(error.nativeErrorCode().toInt(), error.databaseText(), query.lastQuery(),
                       m_file);
}

Result<void> StoreConnection::commit() const
{
    crashPoint("store.before-commit");
    SO_TRY_VOID(run(QStringLiteral("COMMIT")));
    crashPoint("store.after-commit");
    return {};
}

void StoreConnection::rollBack() const
{
    // SQLite has rolled back by itself after some errors, and then there is nothing to do.
    (void)run(QStringLiteral("ROLLBACK"));
}

} // namespace sendoff::queue
