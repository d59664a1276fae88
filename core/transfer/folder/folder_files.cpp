// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/folder/folder_files.h"

#include "core/base/sha256.h"
#include "core/transfer/folder/folder_error.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sendoff::transfer {

namespace {

constexpr qint64 copyStep = 1 << 20; // between two looks at the stop token
constexpr mode_t ordinaryFile = 0666; // what the umask leaves of it

Error copyError(int code, const QString &step, const FilePath &file)
{
    return folderError(code, step, file.parent_path(), FolderUse::Begun);
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
            return failure(copyError(errno, QStringLiteral("write the copy"), file));
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
    if (!placeholder)
        return errno;
    if (::rename(from.c_str(), to.c_str()) == 0)
        return 0;
    const int code = errno;
    ::unlink(to.c_str()); // an empty file is not what the name stands for
    return code;
}

// A rename is durable only when its folder is.
Result<void> syncFolderOf(const FilePath &file)
{
    const FileDescriptor folder(
        ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync a folder (EINVAL); they have nothing to be synced.
    if (folder && (::fsync(folder.get()) == 0 || errno == EINVAL))
        return {};
    return failure(copyError(errno, QStringLiteral("sync the folder"), file));
}

// After an fsync that failed, which is not tried again: the kernel has forgotten what it could not
// write, so that a second one would say nothing. Where the disk takes the folder's names it is
// there and has failed at this: the copy is worth nothing. Else it is away: what it has of the copy
// is found when it is back, read from it and compared.
Error lostCopyError(const FolderCopy &copy, int code)
{
    const QString step = QStringLiteral("sync the copy");
    if (copy.isPublished || !syncFolderOf(copy.path))
        return copyError(code, step, copy.path);
    removeFolderCopy(copy);
    return Error::fromErrno(code, Error::FileRole::Output, step,
                            displayPath(copy.path.parent_path()));
}

// sha256OfFile() speaks of a source.
Error readBackError(const Error &error, const FilePath &file)
{
    if (error.kind == ErrorKind::SourceUnreadable)
        return awayError(file.parent_path(), error[argument::reason], error.detail);
    if (error.kind == ErrorKind::SourceChanged)
        return Error(ErrorKind::UploadMismatch, error.detail)
            .with(argument::reason, QStringLiteral("it became shorter"));
    return error;
}

} // namespace

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
    if (::fsync(copy.file->get()) != 0)
        return failure(lostCopyError(copy, errno));
    // What is read back then comes from the disk, where it is one.
    ::posix_fadvise(copy.file->get(), 0, 0, POSIX_FADV_DONTNEED);
    auto hash = sha256OfFile(copy.file->get(), size, displayName(copy.path), stop);
    if (!hash)
        return failure(readBackError(hash.error(), copy.path));
    return hash;
}

Result<FolderCopy> publishFolderCopy(FolderCopy copy, const FilePath &target)
{
    while (!copy.isPublished) {
        const FilePath name = freePath(target);
        const int code = renameWithoutReplacing(copy.path, name);
        if (code == EEXIST)
            continue; // somebody took the name just now
        if (code != 0)
            return failure(copyError(code, QStringLiteral("rename the copy"), target));
        copy.path = name;
        copy.isPublished = true;
    }
    SO_TRY_VOID(syncFolderOf(copy.path));
    return copy;
}

void removeFolderCopy(const FolderCopy &copy)
{
    const auto there = identityAt(copy.path);
    if (there && there->isSameFile(copy.identity))
        ::unlink(copy.path.c_str());
}

} // namespace sendoff::transfer
