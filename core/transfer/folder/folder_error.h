// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a failure in a folder that is a destination means. A disk or a file server that is away is
// one fact about the destination, as a server that does not answer is: its uploads wait and go on
// by themselves (FolderUnreachable, WhenDestination). Not for: an export's own folder, where a
// person chooses another one.

#include "core/base/error.h"
#include "core/base/file_path.h"

namespace sendoff::transfer {

// Whether an upload was ever begun in the folder, by what is stored or remembered.
enum class FolderUse {
    First, // a folder that is not there may be a mistake in its name: the user is told
    Begun, // it was there, so it can come back
};

// For a failed system call: `step` says what was tried.
Error folderError(int code, const QString &step, const FilePath &folder, FolderUse use);

// `reason` is a clause; `detail` for the log.
Error awayError(const FilePath &folder, const QString &reason, const QString &detail);

// Nothing is mounted on `place`, where the folder's disk belongs.
Error notMountedError(const FilePath &folder, const FilePath &place);

} // namespace sendoff::transfer
