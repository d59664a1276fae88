// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/folder/folder_files.h"

#include "core/base/sha256.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sendoff::transfer {

namespace {

constexpr qint64 copyStep = 1 << 20; // between two looks at the stop token
constexpr mode_t ordinaryFile = 0666; // what the umask leaves of it

Error folderError(const QString &step, const FilePath &file)
{
    return Error::fromErrno(errno, Error::FileRole::Output, step, displayPath(file.parent_path()));
}

Error goneError()
{
    return Error(ErrorKind::UploadExpired, QStringLiteral("the unfinished copy is not there"));
}

std::optional<FileIdentity> identityOfOpen(int descriptor)
{
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        return std::nullopt;
    FileIdentity identity;
    identity.device = status.st_dev;
    identity.inode = status.st_ino;
    identity.size = status.st_size;
    identity.modifiedNs = qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    return identity;
}

QString randomId()
{
    static constexpr QStringView alphabet = u"abcdefghijklmnopqrstuvwxyz234567";
    QString id;
    for (int i = 0; i < 8; ++i)
        id += alphabet[QRandomGenerator::system()->bounded(int(alphabet.size()))];
    return id;
}

Result<void> checkFolder(const FilePath &target, std::optional<qint64> total)
{
    const FilePath folder = target.parent_path();
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0)
        return failure(folderError(QStringLiteral("look at the folder"), target));
    if (!S_ISDIR(status.st_mode))
        return failure(Error(ErrorKind::OutputNotWritable)
                           .with(argument::folder, displayPath(folder))
                           .with(argument::reason, QStringLiteral("it is not a folder")));
    struct statvfs disk {};
    if (!total || ::statvfs(folder.c_str(), &disk) != 0)
        return {};
    const qint64 available = qint64(disk.f_bavail) * qint64(disk.f_frsize);
    if (available >= *total)
        return {};
    return failure(Error(ErrorKind::DiskFull, QStringLiteral("free space before the copy"),
                         {RetryAdvice::When::WhenSpace, {}})
                       .with(argument::folder, displayPath(folder))
                       .with(argument::needed, QString::number(*total))
                       .with(argument::available, QString::number(available)));
}

Result<void> writeExactly(int descriptor, const char *data, qint64 size, qint64 offset,
                          const FilePath &file)
{
    for (qint64 done = 0; done < size;) {
        const ssize_t put =
            ::pwrite(descriptor, data + done, std::size_t(size - done), offset + done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return failure(folderError(QStringLiteral("write the copy"), file));
        done += put;
    }
    return {};
}

// Lets the kernel copy, without bytes passing through here. False where it cannot for these two
// files, or something is wrong that the ordinary way will find and name.
bool copyInKernel(int source, int target, ByteRange range)
{
    off_t from = range.begin;
    off_t to = range.begin;
    while (from < range.end) {
        const ssize_t moved =
            ::copy_file_range(source, &from, target, &to, std::size_t(range.end - from), 0);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved <= 0)
            return false;
    }
    return true;
}

Result<void> copyByHand(int source, const QString &sourceName, const FolderCopy &copy,
                        ByteRange range, std::vector<char> &buffer)
{
    buffer.resize(std::size_t(range.size()));
    for (qint64 done = 0; done < range.size();) {
        const ssize_t got = ::pread(source, buffer.data() + done, buffer.size() - std::size_t(done),
                                    range.begin + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(Error::fromErrno(errno, Error::FileRole::Source,
                                            QStringLiteral("read for copying"), sourceName));
        if (got == 0)
            return failure(Error(ErrorKind::SourceChanged, QStringLiteral("short read"))
                               .with(argument::file, sourceName));
        done += got;
    }
    return writeExactly(copy.file->get(), buffer.data(), range.size(), range.begin, copy.path);
}

// 0, or the errno: no-replace by renameat2, on file systems that do not have that by a hard link,
// and where there are none either, by taking the name first.
int renameWithoutReplacing(const FilePath &from, const FilePath &to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return errno;
    if (::link(from.c_str(), to.c_str()) == 0) {
        ::unlink(from.c_str());
        return 0;
    }
    if (errno == EEXIST)
        return errno;
    const FileDescriptor placeholder(
        ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, ordinaryFile));
    if (!placeholder || ::rename(from.c_str(), to.c_str()) != 0)
        return errno;
    return 0;
}

// A rename is durable only when its folder is.
Result<void> syncFolderOf(const FilePath &file)
{
    const FileDescriptor folder(
        ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync a folder (EINVAL); they have nothing to be synced.
    if (folder && (::fsync(folder.get()) == 0 || errno == EINVAL))
        return {};
    return failure(folderError(QStringLiteral("sync the folder"), file));
}

} // namespace

Result<FolderCopy> beginFolderCopy(const FilePath &target, int source, std::optional<qint64> total)
{
    SO_TRY_VOID(checkFolder(target, total));
    const auto existing = identityAt(target);
    const auto own = identityOfOpen(source);
    if (existing && own && existing->isSameFile(*own))
        return failure(Error(ErrorKind::OutputIsSource).with(argument::file, displayName(target)));
    for (;;) {
        FolderCopy copy;
        copy.path = partialPath(target, randomId());
        copy.file = std::make_shared<FileDescriptor>(::open(
            copy.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, ordinaryFile));
        if (*copy.file) {
            copy.identity = identityOfOpen(copy.file->get()).value_or(FileIdentity{});
            return copy;
        }
        if (errno != EEXIST)
            return failure(folderError(QStringLiteral("make the copy"), copy.path));
    }
}

Result<FolderCopy> findFolderCopy(const FilePath &partial, const FileIdentity &identity)
{
    FolderCopy copy;
    copy.path = partial;
    const auto there = identityAt(partial);
    if (!there || !there->isSameFile(identity)) {
        copy.isPublished = true;
        std::error_code code;
        std::filesystem::directory_iterator entry(partial.parent_path(), code);
        if (code)
            return failure(Error::fromErrno(code.value(), Error::FileRole::Output,
                                            QStringLiteral("look through the folder"),
                                            displayPath(partial.parent_path())));
        for (; !code && entry != std::filesystem::directory_iterator(); entry.increment(code)) {
            const auto candidate = identityAt(entry->path());
            if (candidate && candidate->isSameFile(identity))
                break;
        }
        if (code || entry == std::filesystem::directory_iterator())
            return failure(goneError());
        copy.path = entry->path();
    }
    copy.file = std::make_shared<FileDescriptor>(
        ::open(copy.path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    const auto opened = *copy.file ? identityOfOpen(copy.file->get()) : std::nullopt;
    if (!opened || !opened->isSameFile(identity))
        return failure(goneError());
    copy.identity = *opened;
    return copy;
}

Result<void> copyRange(int source, const QString &sourceName, const FolderCopy &copy,
                       ByteRange range, net::TransferProgress *progress,
                       const std::stop_token &stop)
{
    std::vector<char> buffer;
    bool kernelCopies = true;
    for (qint64 begin = range.begin; begin < range.end; begin += copyStep) {
        if (stop.stop_requested())
            return failure(Error::cancelled());
        const ByteRange step{begin, std::min(begin + copyStep, range.end)};
        if (progress)
            progress->handedOver += step.size(); // before it can be there
        kernelCopies = kernelCopies && copyInKernel(source, copy.file->get(), step);
        if (!kernelCopies)
            SO_TRY_VOID(copyByHand(source, sourceName, copy, step, buffer));
        if (progress)
            progress->acknowledged += step.size();
    }
    return {};
}

Result<QByteArray> syncAndHash(const FolderCopy &copy, qint64 size, const std::stop_token &stop)
{
    // A failed fsync is not tried again: the kernel has forgotten what it could not write.
    if (::fsync(copy.file->get()) != 0)
        return failure(folderError(QStringLiteral("sync the copy"), copy.path));
    // What is read back then comes from the disk, where it is one.
    ::posix_fadvise(copy.file->get(), 0, 0, POSIX_FADV_DONTNEED);
    return sha256OfFile(copy.file->get(), size, displayName(copy.path), stop);
}

Result<FolderCopy> publishFolderCopy(FolderCopy copy, const FilePath &target)
{
    for (;;) {
        const FilePath name = freePath(target);
        const int code = renameWithoutReplacing(copy.path, name);
        if (code == EEXIST)
            continue; // somebody took the name just now
        if (code != 0)
            return failure(Error::fromErrno(code, Error::FileRole::Output,
                                            QStringLiteral("rename the copy"),
                                            displayPath(target.parent_path())));
        copy.path = name;
        copy.isPublished = true;
        SO_TRY_VOID(syncFolderOf(name));
        return copy;
    }
}

void removeFolderCopy(const FolderCopy &copy)
{
    const auto there = identityAt(copy.path);
    if (there && there->isSameFile(copy.identity))
        ::unlink(copy.path.c_str());
}

} // namespace sendoff::transfer
