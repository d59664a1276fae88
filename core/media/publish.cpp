// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crash_point.h"
#include "core/media/disk_space.h"
#include "core/media/export.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace sendoff::media {

namespace {

constexpr int maxNumber = 100'000; // of " (2)"; only to end for certain

FilePath folderOf(const FilePath &path)
{
    return path.has_parent_path() ? path.parent_path() : FilePath(".");
}

Error outputError(int code, const QString &step, const FilePath &folder)
{
    Error error = Error::fromErrno(code, Error::FileRole::Output, step, displayPath(folder));
    if (error.kind == ErrorKind::DiskFull)
        addSizes(error, folder, 0);
    return error;
}

Error notWritable(const FilePath &folder, const QString &reason)
{
    return Error(ErrorKind::OutputNotWritable)
        .with(argument::folder, displayPath(folder))
        .with(argument::reason, reason);
}

Error isSource(const SourceFile &source)
{
    return Error(ErrorKind::OutputIsSource).with(argument::file, displayName(source.path()));
}

// Follows links: whatever name leads to the source's inode counts as the source.
bool leadsToSource(const FilePath &path, const SourceFile &source)
{
    const std::optional<FileIdentity> standing = identityAt(path);
    return standing && standing->isSameFile(source.identity());
}

// umask() can only be read by changing it for the whole process, which other threads would see.
mode_t currentUmask()
{
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.rfind("Umask:", 0) == 0)
            return static_cast<mode_t>(std::stoul(line.substr(6), nullptr, 8));
    }
    return 022;
}

// `stem (n).ext`, its stem cut so that the name fits 255 bytes.
FilePath numbered(const FilePath &target, int number)
{
    const std::string suffix = " (" + std::to_string(number) + ")" + target.extension().string();
    std::string stem = target.stem().string();
    const std::size_t room = suffix.size() < 255 ? 255 - suffix.size() : 1;
    if (stem.size() > room) {
        std::size_t end = room;
        while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xc0) == 0x80)
            --end; // not inside of a character
        stem.resize(end);
    }
    return target.parent_path() / (stem + suffix);
}

// Gives the file a name that nothing stands at; EEXIST where something does. 0 or errno.
int renameToFreeName(const FilePath &from, const FilePath &to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    // A file system without RENAME_NOREPLACE: a hard link never replaces anything either.
    if (::link(from.c_str(), to.c_str()) == 0)
        return ::unlink(from.c_str()) == 0 ? 0 : errno;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
        return errno;
    // Nor hard links (FAT): look first, which leaves an instant for others to make the name.
    struct stat status {};
    if (::lstat(to.c_str(), &status) == 0)
        return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

Result<FilePath> publishUnderFreeName(const FilePath &partial, const FilePath &target)
{
    FilePath candidate = target;
    for (int number = 2; number <= maxNumber; ++number) {
        const int code = renameToFreeName(partial, candidate);
        if (code == 0)
            return candidate;
        if (code != EEXIST)
            return failure(outputError(code, QStringLiteral("rename"), folderOf(target)));
        candidate = numbered(target, number);
    }
    return failure(Error(ErrorKind::OutputExists).with(argument::file, displayName(target)));
}

Result<FilePath> publishOver(const FilePath &partial, const FilePath &target,
                             const SourceFile &source)
{
    if (leadsToSource(target, source))
        return failure(isSource(source));
    struct stat standing {};
    if (::lstat(target.c_str(), &standing) == 0 && !S_ISREG(standing.st_mode)
        && !S_ISLNK(standing.st_mode)) {
        const QString what = S_ISDIR(standing.st_mode)
            ? QStringLiteral("“%1” is a folder")
            : QStringLiteral("“%1” is not an ordinary file");
        return failure(notWritable(folderOf(target), what.arg(displayName(target))));
    }
    // rename() replaces a symbolic link itself, never what it leads to.
    if (::rename(partial.c_str(), target.c_str()) != 0)
        return failure(outputError(errno, QStringLiteral("rename"), folderOf(target)));
    return target;
}

// The partial file itself, not what a link planted in its place leads to; on disk and with the
// permissions of an ordinary new file.
Result<void> settlePartial(const FilePath &partial, const SourceFile &source)
{
    const FilePath folder = folderOf(partial);
    const FileDescriptor file(::open(partial.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file)
        return failure(outputError(errno, QStringLiteral("open the partial file"), folder));
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        return failure(outputError(errno, QStringLiteral("stat the partial file"), folder));
    if (status.st_dev == source.identity().device && status.st_ino == source.identity().inode)
        return failure(isSource(source));
    // A file system without permissions (FAT) refuses; the file is as good without.
    (void)::fchmod(file.get(), 0644 & ~currentUmask());
    if (::fsync(file.get()) != 0)
        return failure(outputError(errno, QStringLiteral("fsync"), folder));
    return {};
}

Result<void> syncFolder(const FilePath &folder)
{
    const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
    if (!descriptor)
        return failure(outputError(errno, QStringLiteral("open the folder"), folder));
    // EINVAL: a file system that cannot sync folders has nothing to lose by it.
    if (::fsync(descriptor.get()) != 0 && errno != EINVAL)
        return failure(outputError(errno, QStringLiteral("fsync the folder"), folder));
    return {};
}

Result<void> checkFolder(const FilePath &folder)
{
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0)
        return failure(outputError(errno, QStringLiteral("stat the folder"), folder));
    if (!S_ISDIR(status.st_mode))
        return failure(Error(ErrorKind::OutputFolderMissing, QStringLiteral("not a folder"))
                           .with(argument::folder, displayPath(folder)));
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        return failure(outputError(errno, QStringLiteral("access"), folder));
    return {};
}

Result<void> checkRoom(const FilePath &folder, qint64 needed)
{
    const std::optional<qint64> available = freeBytes(folder);
    if (available && *available < needed) {
        Error error(ErrorKind::DiskFull, {}, {RetryAdvice::When::WhenSpace, {}});
        error.with(argument::folder, displayPath(folder))
            .with(argument::needed, QString::number(needed))
            .with(argument::available, QString::number(*available));
        return failure(std::move(error));
    }
    constexpr qint64 fatLimit = (1LL << 32) - 1;
    constexpr long fatMagic = 0x4d44; // MSDOS_SUPER_MAGIC
    struct statfs fileSystem {};
    if (needed > fatLimit && ::statfs(folder.c_str(), &fileSystem) == 0
        && fileSystem.f_type == fatMagic)
        return failure(
            Error(ErrorKind::OutputTooLarge).with(argument::folder, displayPath(folder)));
    return {};
}

} // namespace

Result<void> checkTarget(const FilePath &target, const ExportPlan &plan, const SourceFile &source)
{
    const FilePath folder = folderOf(target);
    SO_TRY_VOID(checkFolder(folder));
    if (leadsToSource(target, source))
        return failure(isSource(source));
    struct stat standing {};
    if (::lstat(target.c_str(), &standing) == 0 && S_ISDIR(standing.st_mode))
        return failure(
            notWritable(folder, QStringLiteral("“%1” is a folder").arg(displayName(target))));
    return checkRoom(folder, plan.minBytes);
}

Result<FilePath> publishOutput(const FilePath &partial, const FilePath &target, IfExists ifExists,
                               const SourceFile &source)
{
    SO_TRY_VOID(settlePartial(partial, source));
    crashPoint("publish-before-rename");
    Result<FilePath> name = ifExists == IfExists::AddNumber ? publishUnderFreeName(partial, target)
                                                            : publishOver(partial, target, source);
    if (!name)
        return name;
    crashPoint("publish-after-rename");
    SO_TRY_VOID(syncFolder(folderOf(target)));
    return name;
}

} // namespace sendoff::media
