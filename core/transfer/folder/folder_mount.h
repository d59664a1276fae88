// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Where the disk of a folder is mounted: without it, an empty mount point would be taken for the
// folder itself. All of it blocks: I/O pool.

#include "core/base/file_path.h"

namespace sendoff::transfer {

// The nearest folder at or above `folder`, links followed, that something is mounted on; "/" at the
// latest. Empty where `folder` is not there. Unlike the number of the device it is the same after
// the disk was unplugged and is back.
FilePath mountPointOf(const FilePath &folder);

// Whether something is mounted on `path` itself. False also where that does not answer.
bool isMountPoint(const FilePath &path);

// The place at or above `folder` that something should be mounted on, by `table` (fstab(5)), and is
// not; empty where there is none.
FilePath missingMountOf(const FilePath &folder, const FilePath &table = "/etc/fstab");

} // namespace sendoff::transfer
