// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// searchFolder(): the files of a folder and its sub-folders that may be videos, in natural order.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <atomic>
#include <stop_token>
#include <vector>

namespace sendoff::queue {

struct FoundFile {
    FilePath path;
    FilePath subFolder; // from the searched folder to the file's, its own name first
    qint64 size = 0;
};

struct FolderSearch {
    std::vector<FoundFile> files; // Media and Unknown by name
    QStringList notVideos; // displayed names
    QList<Error> errors; // sub-folders that cannot be read
};

// Blocking: I/O pool. Hidden files and folders are skipped; symbolic links to folders are not
// followed. `found` counts as it goes. Ends early, with what it has, when stopped.
FolderSearch searchFolder(const FilePath &folder, std::atomic<int> &found, std::stop_token stop);

// "2.mp4" before "10.mp4", without regard to case.
bool isNaturallyBefore(const FilePath &a, const FilePath &b);

} // namespace sendoff::queue
