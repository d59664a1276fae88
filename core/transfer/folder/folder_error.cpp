// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/folder/folder_error.h"

#include <cerrno>

namespace sendoff::transfer {

namespace {

bool meansAway(int code, FolderUse use)
{
    switch (code) {
    case EIO:
    case ENODEV:
    case ENXIO:
    case ENOMEDIUM:
    case EREMOTEIO:
    case ESTALE: // a file server that has restarted, or has another disk there
    case ENOTCONN: // a file system in user space whose program has ended
    case ESHUTDOWN:
    case ECONNABORTED:
    case ECONNREFUSED:
    case ECONNRESET:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETUNREACH:
    case ETIMEDOUT:
        return true;
    case ENOENT:
    case EROFS: // what the kernel makes of a disk that has failed
        return use == FolderUse::Begun;
    default:
        return false;
    }
}

} // namespace

Error folderError(int code, const QString &step, const FilePath &folder, FolderUse use)
{
    Error error = Error::fromErrno(code, Error::FileRole::Output, step, displayPath(folder));
    if (!meansAway(code, use))
        return error;
    return awayError(folder, error[argument::reason], error.detail);
}

Error awayError(const FilePath &folder, const QString &reason, const QString &detail)
{
    return Error(ErrorKind::FolderUnreachable, detail, {RetryAdvice::When::WhenDestination, {}})
        .with(argument::folder, displayPath(folder))
        .with(argument::reason, reason);
}

Error notMountedError(const FilePath &folder, const FilePath &place)
{
    const QString reason = QStringLiteral("nothing is mounted on “%1”").arg(displayPath(place));
    return awayError(folder, reason, reason);
}

} // namespace sendoff::transfer
