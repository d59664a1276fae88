// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The file operations of a copy into a folder. All of them block: I/O pool. Not for: exports into
// a folder (core/media), which write their own file.

#include "core/base/byte_ranges.h"
#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/base/source_file.h"
#include "core/transfer/net/http.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::transfer {

// An open copy, under its unfinished or its final name.
struct FolderCopy {
    FilePath path;
    // Read and write; read only under the final name, which a file of somebody else may have got.
    std::shared_ptr<FileDescriptor> file;
    FileIdentity identity; // without the edge hash
    FilePath mountPoint; // of its disk; empty where that is not known
    bool isPublished = false; // `path` is the final name
};

// Of all of them: FolderUnreachable, WhenDestination, where the folder's disk or server is away.

// Begins a copy under an unfinished name beside `target`. OutputFolderMissing, OutputNotWritable,
// OutputIsSource where `source` already is `target`, DiskFull where `total` does not fit.
// `mountedBefore`: the mount point of an earlier copy into that folder, without which nothing is
// begun; empty where there was none. Then a folder that is not there is OutputFolderMissing.
Result<FolderCopy> beginFolderCopy(const FilePath &target, int source, std::optional<qint64> total,
                                   const FilePath &mountedBefore);

// Opens `known` again, of which all but the file has to be set; it may have got its final name
// since. FolderUnreachable where nothing is mounted on its mount point any more; UploadExpired
// where it is gone from a disk that is there.
Result<FolderCopy> findFolderCopy(const FolderCopy &known);

// Copies `range` of `source` to the same place of `copy`. Counts in `progress`. SourceChanged,
// SourceUnreadable, DiskFull, OutputNotWritable, OutputTooLarge, Cancelled.
Result<void> copyRange(int source, const QString &sourceName, const FolderCopy &copy,
                       ByteRange range, net::TransferProgress *progress,
                       const std::stop_token &stop);

// Makes sure that the disk has it, and reads it back from there. OutputNotWritable and DiskFull,
// after which the copy is gone; UploadMismatch, Cancelled.
Result<QByteArray> syncAndHash(const FolderCopy &copy, qint64 size, const std::stop_token &stop);

// Gives it the name `target`, or "target (2)" and so on where that exists, unless it has its name;
// never overwrites. Durable when it returns.
Result<FolderCopy> publishFolderCopy(FolderCopy copy, const FilePath &target);

void removeFolderCopy(const FolderCopy &copy);

} // namespace sendoff::transfer
