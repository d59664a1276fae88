// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The file under the job database: what stands there before SQLite may touch it, its permissions,
// and how a damaged one is set aside. Store thread; blocking.

#include "core/base/file_path.h"
#include "core/base/result.h"

namespace sendoff::queue {

inline constexpr int storeVersion = 2; // PRAGMA user_version
inline constexpr quint32 storeApplicationId = 0x53656e64; // "Send", PRAGMA application_id

struct StoreHeader {
    enum class Content { Nothing, Database, SomethingElse };
    Content content = Content::Nothing; // Nothing: no file, or an empty one
    int userVersion = 0; // as in the file itself; a write-ahead log may hold a newer one
    quint32 applicationId = 0;
    bool hasLog = false; // a write-ahead log with something in it
};

// Reads only. SQLite file format, section 1.3. StoreUnavailable where it cannot be read.
Result<StoreHeader> readStoreHeader(const FilePath &file);

// Makes the folder (0700) and the file (0600) where they are missing; takes the file's permissions
// back from everyone else. StoreUnavailable, DiskFull.
Result<void> makePrivateStoreFile(const FilePath &file);

// Renames the file and its write-ahead log to <name>.corrupt-<UTC date-time>, which it returns.
Result<FilePath> setAside(const FilePath &file);

// StoreUnavailable or DiskFull, from an errno.
Error storeFileError(int code, const QString &step, const FilePath &file);
// StoreUnavailable, StoreCorrupt, DiskFull or OutOfMemory, from an (extended) result code of
// SQLite.
Error sqliteError(int code, const QString &message, const QString &step, const FilePath &file);

} // namespace sendoff::queue
