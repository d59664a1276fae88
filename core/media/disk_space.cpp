// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/disk_space.h"

#include <algorithm>
#include <sys/statvfs.h>

namespace sendoff::media {

std::optional<qint64> freeBytes(const FilePath &folder)
{
    struct statvfs status {};
    const char *path = folder.empty() ? "." : folder.c_str();
    if (::statvfs(path, &status) != 0)
        return std::nullopt;
    return qint64(status.f_bavail) * qint64(status.f_frsize);
}

void addSizes(Error &error, const FilePath &folder, qint64 needed, qint64 released)
{
    const std::optional<qint64> free = freeBytes(folder);
    if (!free)
        return;
    const qint64 available = *free + released;
    // It did not fit, so more is needed than there is, whatever was expected.
    error.with(argument::needed, QString::number(std::max(needed, available + 1)))
        .with(argument::available, QString::number(available));
}

} // namespace sendoff::media
