// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/profile.h"

#include "core/base/durable_file.h"

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

Result<std::unique_ptr<ProcessLock>> Profile::lock() const
{
    return ProcessLock::take(m_root / "sendoff.lock");
}

} // namespace sendoff
