// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What stands at the paths that were dropped, and whether a file is a video that can be used.
// Blocking: I/O pool.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/base/source_file.h"

#include <stop_token>
#include <vector>

namespace sendoff::queue {

enum class PathKind { File, Folder, Missing };

std::vector<PathKind> kindsOf(const std::vector<FilePath> &paths);

// What is uploaded as it is may be anything; what is exported must be media.
enum class Look { Inside, OutsideOnly };

// Opens it and, to look inside, probes it. Errors as SourceFile::open() and media::probe(), SourceEmpty; all of them
// name the file.
Result<FileIdentity> checkFile(const FilePath &path, Look look, const std::stop_token &stop);

// Absolute, without dots; as it is where that cannot be told.
FilePath plainPath(const FilePath &path);
// Whether `path` is `folder` or lies in it; both as plainPath() gives them.
bool isInside(const FilePath &path, const FilePath &folder);

} // namespace sendoff::queue
