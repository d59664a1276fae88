// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/store_schema.h"

#include "core/base/crash_point.h"
#include "core/base/durable_file.h"
#include "core/queue/store_file.h"

#include <QStringList>

namespace sendoff::queue {

namespace {

QStringList jobTables()
{
    return {
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
    };
}

// What version 2 added: cancels that can be undone, rows that were only named so far, settings of
// the queue, and what lies at destinations and is to be removed there.
QStringList stepTo2()
{
    return {
        QStringLiteral("ALTER TABLE jobs ADD COLUMN is_checked INTEGER NOT NULL DEFAULT 1"),
        QStringLiteral("ALTER TABLE jobs ADD COLUMN cancelled_ms INTEGER NOT NULL DEFAULT 0"),
        QStringLiteral("ALTER TABLE legs ADD COLUMN before TEXT"),
        QStringLiteral("CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) "
                       "STRICT, WITHOUT ROWID"),
        QStringLiteral("CREATE TABLE leftovers(id TEXT PRIMARY KEY, place TEXT NOT NULL, "
                       "file TEXT NOT NULL, resume TEXT NOT NULL) STRICT, WITHOUT ROWID"),
        QStringLiteral("PRAGMA user_version=2"),
    };
}

Result<void> runAll(const StoreConnection &connection, const QStringList &statements)
{
    return connection.transact([&]() -> Result<void> {
        for (const QString &statement : statements) {
            SO_TRY_VOID(connection.run(statement));
            crashPoint("store.schema");
        }
        return {};
    });
}

QString quoted(const FilePath &path)
{
    // As a URI: a path's bytes need not be UTF-8.
    const QByteArray bytes = QByteArray::fromStdString(path.string()).toPercentEncoding("/");
    return QStringLiteral("'file://%1'").arg(QString::fromLatin1(bytes));
}

// Whole and durable under its name, or not there.
Result<void> makeBackup(const StoreConnection &connection, const FilePath &file, int version)
{
    const FilePath backup = backupOf(file, version);
    const FilePath unfinished = FilePath(backup) += ".part";
    std::error_code code;
    std::filesystem::remove(unfinished, code); // of an attempt that was cut short
    SO_TRY_VOID(connection.run(QStringLiteral("VACUUM INTO ") + quoted(unfinished)));
    crashPoint("store.backup-written");
    std::filesystem::permissions(unfinished,
                                 std::filesystem::perms::owner_read
                                     | std::filesystem::perms::owner_write,
                                 code);
    SO_TRY(const FileDescriptor descriptor, openFile(unfinished));
    SO_TRY_VOID(syncFile(descriptor, unfinished));
    std::filesystem::rename(unfinished, backup, code);
    if (code)
        return failure(storeFileError(code.value(), QStringLiteral("rename"), backup));
    crashPoint("store.backup-made");
    return syncFolder(file.parent_path());
}

} // namespace

FilePath backupOf(const FilePath &file, int version)
{
    return FilePath(file) += ".version-" + std::to_string(version);
}

Result<void> prepareSchema(const StoreConnection &connection, const FilePath &file)
{
    SO_TRY(const QVariant version, connection.value(QStringLiteral("PRAGMA user_version")));
    SO_TRY(const QVariant application,
           connection.value(QStringLiteral("PRAGMA application_id")));
    SO_TRY(const QVariant tables,
           connection.value(QStringLiteral("SELECT count(*) FROM sqlite_schema")));
    if (version.toInt() == 0 && application.toUInt() == 0 && tables.toInt() == 0)
        return runAll(connection, jobTables() + stepTo2());
    const bool isOurs = application.toUInt() == storeApplicationId;
    if (isOurs && version.toInt() == storeVersion)
        return {};
    if (isOurs && version.toInt() == 1) {
        SO_TRY_VOID(makeBackup(connection, file, 1));
        return runAll(connection, stepTo2());
    }
    return failure(Error(ErrorKind::StoreCorrupt,
                         QStringLiteral("application %1, version %2")
                             .arg(application.toUInt())
                             .arg(version.toInt()))
                       .with(argument::reason, QStringLiteral("it is another program's database")));
}

} // namespace sendoff::queue
