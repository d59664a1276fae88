// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Small files and renames that survive a crash and a power cut. Nothing here follows a symbolic
// link or overwrites a file that it did not mean to. Blocking.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/base/source_file.h"

#include <QByteArray>

namespace sendoff {

// Errors are OutputNotWritable, OutputFolderMissing, DiskFull and so on (Error::fromErrno).

// Makes the folder and those above it, durably; an existing one stays as it is.
Result<void> makeFolder(const FilePath &folder);
// The same, for nobody else to look into: 0700, also where it existed.
Result<void> makePrivateFolder(const FilePath &folder);
// A new file that nobody else can read, open for reading and writing.
Result<FileDescriptor> createFile(const FilePath &path);
// An existing regular file, open for reading and writing.
Result<FileDescriptor> openFile(const FilePath &path);
// Replaces `path` as a whole: written beside it and renamed; readers see the old bytes or the new
// ones, also after a crash. 0600. Synced is also safe from a power cut: file and folder are synced.
enum class Durability { Written, Synced };
Result<void> replaceFile(const FilePath &path, const QByteArray &bytes, Durability durability);
// Nothing where the file does not exist, is not regular or is larger than `maxBytes`.
std::optional<QByteArray> readSmallFile(const FilePath &path, qint64 maxBytes);
// Never replaces: OutputExists where `to` exists.
Result<void> renameWithoutReplacing(const FilePath &from, const FilePath &to);
// Makes what was created, renamed or removed in `folder` durable.
Result<void> syncFolder(const FilePath &folder);
Result<void> syncFile(const FileDescriptor &file, const FilePath &path);

// `bytes` random bytes from the kernel.
QByteArray randomBytes(qsizetype bytes);

} // namespace sendoff
