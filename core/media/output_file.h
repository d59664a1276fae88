// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// OutputFile: the partial file of an export, and libav's byte writer over its descriptor. It
// remembers why writing ended, because muxers forget it. Private to core/media. Not for: the final
// name (publishOutput).

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/base/sha256.h"
#include "core/base/source_file.h"
#include "core/media/av.h"
#include "core/media/av_compat.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::media {

class OutputFile {
public:
    // InOrder: written from the first byte to the last, never sought in, hashed on the way.
    enum class Order { InOrder, AnyOrder };

    // Creates `path`, which must not exist (O_EXCL, a link is not followed), for this user only.
    // Writing stops with Cancelled once `stop` is requested. OutputExists, OutputFolderMissing,
    // OutputNotWritable, DiskFull.
    static Result<std::unique_ptr<OutputFile>> create(const FilePath &path, Order order,
                                                      std::stop_token stop);
    ~OutputFile(); // removes the file unless keep() was called
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;

    AVIOContext *context() const { return m_context; }
    // A second libav reader over the same descriptor, for muxers that move what they have written
    // (faststart). Freed by closeReader().
    AVIOContext *openReader();
    static void closeReader(AVIOContext *reader);

    const FilePath &path() const { return m_path; }
    int descriptor() const { return m_descriptor.get(); }
    qint64 size() const { return m_size; } // bytes that have reached the file
    // What the whole file is expected to need, for the sentence about a full disk.
    void setExpectedBytes(qint64 bytes) { m_expectedBytes = bytes; }

    Result<void> append(const char *data, qint64 size); // past libav
    Result<void> flush(); // what libav has buffered; the first failure of any write so far
    Result<void> sync(); // fsync, once; a failure means that the file is lost
    Result<QByteArray> sha256(std::stop_token stop); // of the whole file, hex; once
    void keep() { m_isKept = true; }

private:
    OutputFile(FilePath path, FileDescriptor descriptor, Order order, std::stop_token stop);
    static int writePacket(void *self, compat::AvioWriteBuffer *buffer, int size);
    static int64_t seekTo(void *self, int64_t offset, int whence);
    int write(const uint8_t *data, int size);
    Error writeError(int code, const QString &step) const;

    FilePath m_path;
    FileDescriptor m_descriptor;
    Order m_order;
    std::stop_token m_stop;
    AVIOContext *m_context = nullptr;
    std::optional<Error> m_failure;
    std::optional<Sha256> m_hash;
    qint64 m_position = 0;
    qint64 m_size = 0;
    qint64 m_expectedBytes = 0;
    bool m_isKept = false;
};

} // namespace sendoff::media
