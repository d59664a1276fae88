// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A copy into a folder begins, or is found again.
#include "core/transfer/folder/folder_calls.h"
#include "core/transfer/folder/folder_error.h"
#include "core/transfer/folder/folder_files.h"
#include "core/transfer/folder/folder_mount.h"

#include <QRandomGenerator>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr mode_t ordinaryMode = 0666; // what the umask leaves of it

Error goneError()
{
    return Error(ErrorKind::UploadExpired, QStringLiteral("the unfinished copy is not there"));
}

// Closing may wait for a file server to take what was written, whoever does it: not the network
// thread.
std::shared_ptr<FileDescriptor> held(int descriptor)
{
    const int code = errno; // for the caller
    std::shared_ptr<FileDescriptor> file(new FileDescriptor(descriptor), [](FileDescriptor *ended) {
        if (!*ended || !startFolderThread([ended] { delete ended; }))
            delete ended;
    });
    errno = code;
    return file;
}

struct OpenedFile {
    FileIdentity identity;
    bool isRegular = false;
    bool hasOtherNames = false;
};

std::optional<OpenedFile> look(int descriptor)
{
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        return std::nullopt;
    OpenedFile file;
    file.identity.device = status.st_dev;
    file.identity.inode = status.st_ino;
    file.identity.size = status.st_size;
    file.identity.modifiedNs =
        qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    file.isRegular = S_ISREG(status.st_mode);
    file.hasOtherNames = status.st_nlink > 1;
    return file;
}

QString randomId()
{
    static constexpr QStringView alphabet = u"abcdefghijklmnopqrstuvwxyz234567";
    QString id;
    for (int i = 0; i < 8; ++i)
        id += alphabet[QRandomGenerator::system()->bounded(int(alphabet.size()))];
    return id;
}

Result<void> checkMounted(const FilePath &folder, const FilePath &mountedBefore)
{
    if (!mountedBefore.empty() && !isMountPoint(mountedBefore))
        return failure(notMountedError(folder, mountedBefore));
    if (const FilePath missing = missingMountOf(folder); !missing.empty())
        return failure(notMountedError(folder, missing));
    return {};
}

Result<void> checkFolder(const FilePath &folder, std::optional<qint64> total, FolderUse use)
{
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0)
        return failure(folderError(errno, QStringLiteral("look at the folder"), folder, use));
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

// Its name is known to nobody else, but a disk that was mounted anew may number its devices and
// even its files otherwise: the name alone says which it is, as long as it is an ordinary file that
// has no other name. What is in it is compared at the end.
bool isOurs(const OpenedFile &file, const FileIdentity &identity)
{
    return file.isRegular && (file.identity.isSameFile(identity) || !file.hasOtherNames);
}

// Under its unfinished name; nothing where it is not there.
Result<std::optional<FolderCopy>> findUnfinished(const FilePath &partial,
                                                 const FileIdentity &identity)
{
    FolderCopy copy;
    copy.path = partial;
    copy.file = held(::open(partial.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!*copy.file) {
        if (errno == ENOENT || errno == ELOOP)
            return std::optional<FolderCopy>();
        return failure(folderError(errno, QStringLiteral("open the copy"), partial.parent_path(),
                                   FolderUse::Begun));
    }
    const auto opened = look(copy.file->get());
    if (!opened || !isOurs(*opened, identity))
        return std::optional<FolderCopy>();
    copy.identity = opened->identity;
    return std::optional(std::move(copy));
}

// For reading only: what stands there may be of somebody else.
std::optional<FolderCopy> openFinished(const FilePath &path)
{
    FolderCopy copy;
    copy.path = path;
    copy.isPublished = true;
    copy.file = held(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    const auto opened = *copy.file ? look(copy.file->get()) : std::nullopt;
    if (!opened || !opened->isRegular)
        return std::nullopt;
    copy.identity = opened->identity;
    return copy;
}

// Whatever its name is by now. On another device than then (the disk was mounted anew) the number
// of the file has to do.
Result<FolderCopy> findFinished(const FilePath &folder, const FileIdentity &identity)
{
    std::error_code code;
    std::filesystem::directory_iterator entry(folder, code);
    const auto here = identityAt(folder);
    const bool isElsewhere = here && here->device != identity.device;
    for (; !code && entry != std::filesystem::directory_iterator(); entry.increment(code)) {
        const auto candidate = identityAt(entry->path());
        if (!candidate || candidate->inode != identity.inode
            || (!isElsewhere && !candidate->isSameFile(identity)))
            continue;
        auto copy = openFinished(entry->path());
        if (copy && copy->identity.isSameFile(*candidate))
            return *std::move(copy);
    }
    if (code)
        return failure(folderError(code.value(), QStringLiteral("look through the folder"), folder,
                                   FolderUse::Begun));
    return failure(goneError());
}

} // namespace

Result<FolderCopy> beginFolderCopy(const FilePath &target, int source, std::optional<qint64> total,
                                   const FilePath &mountedBefore)
{
    const FilePath folder = target.parent_path();
    const FolderUse use = mountedBefore.empty() ? FolderUse::First : FolderUse::Begun;
    SO_TRY_VOID(checkMounted(folder, mountedBefore));
    SO_TRY_VOID(checkFolder(folder, total, use));
    const auto existing = identityAt(target);
    const auto own = look(source);
    if (existing && own && existing->isSameFile(own->identity))
        return failure(Error(ErrorKind::OutputIsSource).with(argument::file, displayName(target)));
    for (;;) {
        FolderCopy copy;
        copy.path = partialPath(target, randomId());
        copy.file = held(::open(copy.path.c_str(),
                                O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, ordinaryMode));
        if (*copy.file) {
            copy.identity = look(copy.file->get()).value_or(OpenedFile()).identity;
            copy.mountPoint = mountPointOf(folder);
            return copy;
        }
        if (errno != EEXIST)
            return failure(folderError(errno, QStringLiteral("make the copy"), folder, use));
    }
}

Result<FolderCopy> findFolderCopy(const FolderCopy &known)
{
    const FilePath folder = known.path.parent_path();
    std::optional<FolderCopy> copy;
    if (known.isPublished) {
        copy = openFinished(known.path);
    } else {
        SO_TRY(copy, findUnfinished(known.path, known.identity));
    }
    if (!copy && !known.mountPoint.empty() && !isMountPoint(known.mountPoint))
        return failure(notMountedError(folder, known.mountPoint));
    if (!copy) {
        SO_TRY(copy, findFinished(folder, known.identity));
    }
    copy->mountPoint = mountPointOf(folder);
    return *std::move(copy);
}

} // namespace sendoff::transfer
