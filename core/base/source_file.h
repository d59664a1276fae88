// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SourceFile: a user's file, opened once for reading, never written, and the identity by which we
// notice that it is no longer the same file.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>

#include <memory>
#include <optional>

namespace sendoff {

// Owns a POSIX descriptor.
class FileDescriptor {
public:
    explicit FileDescriptor(int descriptor = -1) noexcept : m_descriptor(descriptor) {}
    FileDescriptor(FileDescriptor &&other) noexcept;
    FileDescriptor &operator=(FileDescriptor &&other) noexcept;
    ~FileDescriptor();
    int get() const noexcept { return m_descriptor; }
    explicit operator bool() const noexcept { return m_descriptor >= 0; }
    int release() noexcept;

private:
    int m_descriptor;
};

struct FileIdentity {
    quint64 device = 0;
    quint64 inode = 0;
    qint64 size = 0; // bytes
    qint64 modifiedNs = 0; // since the epoch
    QByteArray edgeHash; // XXH3-128 of the first and last MiB; empty where not computed

    // The same directory entry, whatever is in it.
    bool isSameFile(const FileIdentity &other) const
    {
        return device == other.device && inode == other.inode;
    }
    // The same content as far as can be told without reading all of it.
    bool isUnchanged(const FileIdentity &other) const;

    QJsonObject toJson() const;
    static std::optional<FileIdentity> fromJson(const QJsonObject &json);
};

class SourceFile {
public:
    // Opens a regular file without blocking on fifos or devices. SourceMissing, SourceUnreadable,
    // SourceNotRegular. Blocking: I/O pool.
    static Result<std::shared_ptr<const SourceFile>> open(const FilePath &path);

    const FilePath &path() const { return m_path; }
    int descriptor() const { return m_descriptor.get(); } // for pread only; closed with *this
    // As it was when opened, with the edge hash.
    const FileIdentity &identity() const { return m_identity; }
    // SourceChanged when the open file's size or time differ from when it was opened, or another
    // file has its name now. One that was moved away or deleted is still readable and so unchanged.
    // Cheap: an fstat and a stat.
    Result<void> verifyUnchanged() const;
    // Fills `buffer` from `offset`; a short read is SourceChanged, never an end of file.
    Result<void> readExactly(char *buffer, qint64 size, qint64 offset) const;

private:
    SourceFile(FilePath path, FileDescriptor descriptor, FileIdentity identity);

    FilePath m_path;
    FileDescriptor m_descriptor;
    FileIdentity m_identity;
};

// The identity of an open file, without the edge hash; nothing where it cannot be told.
std::optional<FileIdentity> identityOfOpen(int descriptor);
// What stands at `path` now, without the edge hash; nothing where nothing stands there.
std::optional<FileIdentity> identityAt(const FilePath &path);

} // namespace sendoff
