// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// UploadWriter: appends the body of one request to an upload's part file, within its length and
// the disk's space, and takes it back where the body turns out wrong.

#include "core/shelf/body_digest.h"
#include "core/shelf/http_reply.h"
#include "core/shelf/shelf_catalog.h"
#include "core/tus/tus.h"

namespace sendoff::shelf {

class UploadWriter {
public:
    // `catalog` outlives the writer. `checksum`: the body counts only if it matches; its algorithm
    // is one of BodyDigest's. At most one writer for an upload at a time.
    static Result<UploadWriter> open(ShelfCatalog &catalog, std::shared_ptr<Upload> upload,
                                     std::optional<tus::Checksum> checksum, qint64 freeSpaceFloor);

    // What refuses the body: 507 where the disk is full (what arrived is kept, but for a body with
    // checksum), 413 where it is longer than the upload (nothing is kept), 500.
    std::optional<HttpReply> write(QByteArrayView piece);
    // The body is whole. 460 where its checksum differs; the upload is then as before.
    std::optional<HttpReply> end();
    // The body broke off. What arrived is kept, but for a body with checksum.
    void breakOff();

private:
    UploadWriter(ShelfCatalog &catalog, std::shared_ptr<Upload> upload, FileDescriptor part,
                 qint64 freeSpaceFloor);
    std::optional<HttpReply> checkSpace(qint64 bytes);
    void boundBacklog();
    HttpReply fullDisk();
    void takeBack();
    void verified();

    ShelfCatalog *m_catalog;
    std::shared_ptr<Upload> m_upload;
    FileDescriptor m_part;
    qint64 m_freeSpaceFloor;
    qint64 m_start; // the upload's offset before this body
    qint64 m_spaceKnownUntil; // offset up to which the space was checked
    qint64 m_writtenBack; // offset up to which the kernel was told to write
    qint64 m_settled; // offset up to which that was waited for
    std::optional<tus::Checksum> m_checksum;
    std::optional<BodyDigest> m_digest;
};

} // namespace sendoff::shelf
