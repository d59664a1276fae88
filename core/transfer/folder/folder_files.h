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
    std::shared_ptr<FileDescriptor> file; // read and write
    FileIdentity identity; // without the edge hash
    bool isPublished = false; // `path` is the final name
};

// Begins a copy under an unfinished name beside `target`. OutputFolderMissing, OutputNotWritable,
// OutputIsSource where `source` already is `target`, DiskFull where `total` does not fit.
Result<FolderCopy> beginFolderCopy(const FilePath &target, int source, std::optional<qint64> total);

// The copy that was begun as `partial`, or has got its final name since: found by `identity`, as
// only the name changes. UploadExpired where it is gone.
Result<FolderCopy> findFolderCopy(const FilePath &partial, const FileIdentity &identity);

// Copies `range` of `source` to the same place of `copy`. Counts in `progress`. SourceChanged,
// SourceUnreadable, DiskFull, OutputNotWritable, OutputTooLarge, Cancelled.
Result<void> copyRange(int source, const QString &sourceName, const FolderCopy &copy,
                       ByteRange range, net::TransferProgress *progress,
                       const std::stop_token &stop);

// Makes sure that the disk has it, and reads it back from there. OutputNotWritable, Cancelled.
Result<QByteArray> syncAndHash(const FolderCopy &copy, qint64 size, const std::stop_token &stop);

// Gives it the name `target`, or "target (2)" and so on where that exists; never overwrites.
Result<FolderCopy> publishFolderCopy(FolderCopy copy, const FilePath &target);

void removeFolderCopy(const FolderCopy &copy);

} // namespace sendoff::transfer
