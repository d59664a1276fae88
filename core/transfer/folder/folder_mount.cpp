// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/folder/folder_mount.h"

#include <algorithm>
#include <fcntl.h>
#include <memory>
#include <mntent.h>
#include <optional>
#include <sys/stat.h>
#include <vector>

namespace sendoff::transfer {

namespace {

std::optional<dev_t> deviceAt(const FilePath &path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        return std::nullopt;
    return status.st_dev;
}

bool isAtOrAbove(const FilePath &upper, const FilePath &lower)
{
    return std::mismatch(upper.begin(), upper.end(), lower.begin(), lower.end()).first
        == upper.end();
}

} // namespace

bool isMountPoint(const FilePath &path)
{
    if (path == path.root_path())
        return true; // also where a program was given another root
    struct statx status {};
    // No mask: only the attributes, which a server need not be asked for.
    if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
                0, &status)
        != 0)
        return false;
    if (status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT)
        return status.stx_attributes & STATX_ATTR_MOUNT_ROOT;
    return deviceAt(path) != deviceAt(path.parent_path()); // Linux before 5.8
}

FilePath mountPointOf(const FilePath &folder)
{
    std::error_code code;
    FilePath place = std::filesystem::canonical(folder, code);
    if (code)
        return {};
    while (!isMountPoint(place))
        place = place.parent_path();
    return place;
}

FilePath missingMountOf(const FilePath &folder, const FilePath &table)
{
    const std::unique_ptr<FILE, decltype(&::endmntent)> entries(::setmntent(table.c_str(), "re"),
                                                                &::endmntent);
    if (!entries)
        return {};
    std::error_code code;
    const FilePath resolved = std::filesystem::weakly_canonical(folder, code);
    std::vector<char> buffer(4096);
    mntent entry{};
    while (::getmntent_r(entries.get(), &entry, buffer.data(), int(buffer.size()))) {
        const FilePath place(entry.mnt_dir);
        if (!place.is_absolute() || isMountPoint(place)) // "none", of swap
            continue;
        if (isAtOrAbove(place, folder) || isAtOrAbove(place, resolved))
            return place;
    }
    return {};
}

} // namespace sendoff::transfer
