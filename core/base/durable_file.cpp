// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/durable_file.h"

#include "core/base/crash_point.h"

#include <QRandomGenerator>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace sendoff {

namespace {

tl::unexpected<Error> durableFailure(const QString &step, const FilePath &path)
{
    const int code = errno;
    return failure(Error::fromErrno(code, Error::FileRole::Output, step + u' ' + displayName(path),
                                    displayPath(path.parent_path())));
}

Result<void> writeWhole(const FileDescriptor &file, const QByteArray &bytes, const FilePath &path)
{
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t put =
            ::write(file.get(), bytes.constData() + done, std::size_t(bytes.size() - done));
        if (put < 0 && errno != EINTR)
            return durableFailure(QStringLiteral("write"), path);
        done += std::max<ssize_t>(put, 0);
    }
    return {};
}

} // namespace

Result<void> makeFolder(const FilePath &folder)
{
    std::error_code code;
    std::vector<FilePath> parentsOfNew;
    for (FilePath each = folder; !each.empty() && !std::filesystem::exists(each, code);
         each = each.parent_path())
        parentsOfNew.push_back(each.has_parent_path() ? each.parent_path() : FilePath("."));
    std::filesystem::create_directories(folder, code);
    if (code)
        return failure(Error::fromErrno(code.value(), Error::FileRole::Output,
                                        QStringLiteral("make folder"), displayPath(folder)));
    for (const FilePath &parent : parentsOfNew)
        (void)syncFolder(parent); // some may not be read; what is written next tells of real faults
    return {};
}

Result<void> makePrivateFolder(const FilePath &folder)
{
    SO_TRY_VOID(makeFolder(folder));
    if (::chmod(folder.c_str(), 0700) != 0)
        return failure(Error::fromErrno(errno, Error::FileRole::Output,
                                        QStringLiteral("make private"), displayPath(folder)));
    return {};
}

Result<FileDescriptor> createFile(const FilePath &path)
{
    FileDescriptor file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file)
        return durableFailure(QStringLiteral("create"), path);
    return file;
}

Result<FileDescriptor> openFile(const FilePath &path)
{
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file)
        return durableFailure(QStringLiteral("open"), path);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        return durableFailure(QStringLiteral("stat"), path);
    if (!S_ISREG(status.st_mode)) {
        errno = EISDIR;
        return durableFailure(QStringLiteral("open"), path);
    }
    return file;
}

Result<void> replaceFile(const FilePath &path, const QByteArray &bytes, Durability durability)
{
    const FilePath temporary = path.string() + ".tmp";
    ::unlink(temporary.c_str()); // left by a crash; a link is removed, not followed
    {
        SO_TRY(const FileDescriptor file, createFile(temporary));
        SO_TRY_VOID(writeWhole(file, bytes, temporary));
        if (durability == Durability::Synced)
            SO_TRY_VOID(syncFile(file, temporary));
    }
    crashPoint("replace-before-rename");
    if (::rename(temporary.c_str(), path.c_str()) != 0)
        return durableFailure(QStringLiteral("rename"), path);
    crashPoint("replace-after-rename");
    return durability == Durability::Synced ? syncFolder(path.parent_path()) : Result<void>();
}

std::optional<QByteArray> readSmallFile(const FilePath &path, qint64 maxBytes)
{
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)
        || status.st_size > maxBytes)
        return std::nullopt;
    QByteArray bytes(qsizetype(status.st_size), Qt::Uninitialized);
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t got =
            ::read(file.get(), bytes.data() + done, std::size_t(bytes.size() - done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return std::nullopt;
        done += got;
    }
    return bytes;
}

Result<void> renameWithoutReplacing(const FilePath &from, const FilePath &to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return {};
    if (errno != EINVAL && errno != ENOSYS)
        return durableFailure(QStringLiteral("rename"), to);
    // File systems without that flag: a hard link never replaces either.
    if (::link(from.c_str(), to.c_str()) != 0)
        return durableFailure(QStringLiteral("link"), to);
    ::unlink(from.c_str());
    return {};
}

Result<void> syncFolder(const FilePath &folder)
{
    const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // EINVAL: a file system that cannot sync folders; there is nothing more to be had.
    if (!descriptor || (::fsync(descriptor.get()) != 0 && errno != EINVAL))
        return durableFailure(QStringLiteral("sync folder"), folder / ".");
    return {};
}

Result<void> syncFile(const FileDescriptor &file, const FilePath &path)
{
    if (::fsync(file.get()) != 0)
        return durableFailure(QStringLiteral("sync"), path);
    return {};
}

QByteArray randomBytes(qsizetype bytes)
{
    Q_ASSERT(bytes % qsizetype(sizeof(quint32)) == 0);
    QByteArray random(bytes, Qt::Uninitialized);
    QRandomGenerator::system()->fillRange(reinterpret_cast<quint32 *>(random.data()),
                                          bytes / qsizetype(sizeof(quint32)));
    return random;
}

} // namespace sendoff
