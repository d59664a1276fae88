// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/profile.h"

#include "core/base/durable_file.h"

#include <QLockFile>
#include <QStandardPaths>

namespace sendoff {

namespace {

FilePath standardPath(QStandardPaths::StandardLocation location)
{
    return QStandardPaths::writableLocation(location).toStdString();
}

} // namespace

Result<Profile> Profile::open(const FilePath &folder)
{
    Profile profile;
    if (folder.empty()) {
        profile.m_root = standardPath(QStandardPaths::AppDataLocation);
        profile.m_shelf = standardPath(QStandardPaths::MoviesLocation) / "Sendoff";
    } else {
        std::error_code code;
        profile.m_root = std::filesystem::absolute(folder, code);
        profile.m_shelf = profile.m_root / "Shelf";
    }
    SO_TRY_VOID(makePrivateFolder(profile.m_root));
    SO_TRY_VOID(makePrivateFolder(profile.workFolder()));
    return profile;
}

FilePath Profile::workFolder(const QString &jobId) const
{
    return workFolder() / jobId.toStdString();
}

Result<std::unique_ptr<QLockFile>> Profile::lock() const
{
    const FilePath path = m_root / "sendoff.lock";
    auto lock = std::make_unique<QLockFile>(QString::fromStdString(path.string()));
    lock->setStaleLockTime(0); // stale only where the owner is dead
    if (lock->tryLock())
        return lock;
    if (lock->error() != QLockFile::LockFailedError)
        return failure(Error(ErrorKind::OutputNotWritable, QStringLiteral("lock the profile"))
                           .with(argument::folder, displayPath(m_root)));
    qint64 processId = 0;
    QString host;
    QString application;
    lock->getLockInfo(&processId, &host, &application);
    return failure(Error(ErrorKind::ProfileInUse,
                         QStringLiteral("locked by process %1 on %2").arg(processId).arg(host))
                       .with(argument::folder, displayPath(m_root)));
}

} // namespace sendoff
