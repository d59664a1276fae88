// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/store_file.h"

#include "core/base/source_file.h"

#include <QDateTime>
#include <QtEndian>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sendoff::queue {

namespace {

constexpr std::size_t headerSize = 100;
constexpr char headerMagic[] = "SQLite format 3"; // with its final zero
constexpr std::size_t userVersionOffset = 60;
constexpr std::size_t applicationIdOffset = 68;

// Primary result codes, https://sqlite.org/rescode.html.
enum SqliteCode {
    SqlitePerm = 3,
    SqliteBusy = 5,
    SqliteLocked = 6,
    SqliteNoMemory = 7,
    SqliteReadOnly = 8,
    SqliteIoError = 10,
    SqliteCorrupt = 11,
    SqliteFull = 13,
    SqliteCantOpen = 14,
    SqliteNotADatabase = 26,
};

FilePath logOf(const FilePath &file)
{
    return FilePath(file) += "-wal";
}

bool isFull(const FilePath &folder)
{
    std::error_code code;
    const auto space = std::filesystem::space(folder, code);
    return !code && space.available < 64 * 1024;
}

Error diskFull(QString detail, const FilePath &file)
{
    const RetryAdvice whenSpace{RetryAdvice::When::WhenSpace, {}};
    return Error(ErrorKind::DiskFull, std::move(detail), whenSpace)
        .with(argument::folder, displayPath(file.parent_path()));
}

QString sqliteReason(int primaryCode, const QString &message)
{
    switch (primaryCode) {
    case SqlitePerm:
    case SqliteReadOnly:
        return QStringLiteral("its file must not be written");
    case SqliteCantOpen:
        return QStringLiteral("its file can't be opened");
    case SqliteBusy:
    case SqliteLocked:
        return QStringLiteral("another program holds its file");
    case SqliteIoError:
        return QStringLiteral("the disk reports an error");
    case SqliteCorrupt:
        return QStringLiteral("its parts do not fit together");
    case SqliteNotADatabase:
        return QStringLiteral("its file is not a database");
    default:
        return message;
    }
}

} // namespace

Result<StoreHeader> readStoreHeader(const FilePath &file)
{
    StoreHeader header;
    const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!descriptor && errno == ENOENT)
        return header;
    if (!descriptor)
        return failure(storeFileError(errno, QStringLiteral("open"), file));
    std::array<char, headerSize> bytes{};
    const ssize_t got = ::pread(descriptor.get(), bytes.data(), bytes.size(), 0);
    if (got < 0)
        return failure(storeFileError(errno, QStringLiteral("read"), file));
    if (got == 0)
        return header;
    const bool isDatabase = std::size_t(got) == bytes.size()
        && std::memcmp(bytes.data(), headerMagic, sizeof headerMagic) == 0;
    header.content =
        isDatabase ? StoreHeader::Content::Database : StoreHeader::Content::SomethingElse;
    header.userVersion = qFromBigEndian<qint32>(bytes.data() + userVersionOffset);
    header.applicationId = qFromBigEndian<quint32>(bytes.data() + applicationIdOffset);
    struct stat log {};
    header.hasLog = ::stat(logOf(file).c_str(), &log) == 0 && log.st_size > 0;
    return header;
}

Result<void> makePrivateStoreFile(const FilePath &file)
{
    const FilePath folder = file.parent_path();
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) {
        std::error_code code;
        std::filesystem::create_directories(folder, code);
        if (!code)
            std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
        if (code)
            return failure(storeFileError(code.value(), QStringLiteral("make the folder"), file));
    }
    // SQLite gives its log the permissions that the database has.
    const FileDescriptor descriptor(
        ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!descriptor)
        return failure(storeFileError(errno, QStringLiteral("open for writing"), file));
    if (::fchmod(descriptor.get(), S_IRUSR | S_IWUSR) != 0)
        return failure(storeFileError(errno, QStringLiteral("take permissions back"), file));
    return {};
}

Result<FilePath> setAside(const FilePath &file)
{
    const QString now =
        QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
    const FilePath dated = FilePath(file) += ".corrupt-" + now.toStdString();
    FilePath target = dated;
    std::error_code code;
    for (int number = 2; std::filesystem::exists(std::filesystem::symlink_status(target, code));
         ++number)
        target = FilePath(dated) += "-" + std::to_string(number);
    std::filesystem::rename(file, target, code);
    if (code)
        return failure(
            Error(ErrorKind::StoreCorrupt, QStringLiteral("rename: %1").arg(code.value()))
                .with(argument::reason, QStringLiteral("its file can't be moved out of the way")));
    // The log belongs to the file it was written for; a new database must not meet it.
    std::filesystem::rename(logOf(file), logOf(target), code);
    std::filesystem::remove(FilePath(file) += "-shm", code);
    return target;
}

Error storeFileError(int code, const QString &step, const FilePath &file)
{
    const QString reason = QString::fromStdString(std::generic_category().message(code)).toLower();
    const QString detail =
        QStringLiteral("%1 “%2”: %3 (errno %4)").arg(step, displayPath(file), reason).arg(code);
    if (code == ENOSPC || code == EDQUOT)
        return diskFull(detail, file);
    return Error(ErrorKind::StoreUnavailable, detail).with(argument::reason, reason);
}

Error sqliteError(int code, const QString &message, const QString &step, const FilePath &file)
{
    const int primary = code & 0xff;
    const QString detail = QStringLiteral("%1: %2 (SQLite %3)").arg(step, message).arg(code);
    // The shared memory beside the log reports a full disk as an I/O error.
    if (primary == SqliteFull || (primary == SqliteIoError && isFull(file.parent_path())))
        return diskFull(detail, file);
    if (primary == SqliteNoMemory)
        return Error(ErrorKind::OutOfMemory, detail);
    const bool isDamaged = primary == SqliteCorrupt || primary == SqliteNotADatabase;
    return Error(isDamaged ? ErrorKind::StoreCorrupt : ErrorKind::StoreUnavailable, detail)
        .with(argument::reason, sqliteReason(primary, message));
}

} // namespace sendoff::queue
