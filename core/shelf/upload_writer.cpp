// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/upload_writer.h"

#include "core/base/error_text.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace sendoff::shelf {

namespace {

// How far the writer goes on what it knows of the free space.
constexpr qint64 spaceStep = 4 << 20;
// The fsync that publishes a video makes all other connections wait, so little may be left to it:
// the disk is set to work at each step, and what lies further back than the backlog is waited for,
// a step at a time.
constexpr qint64 writebackStep = 8 << 20;
constexpr qint64 writebackBacklog = 32 << 20;

} // namespace

UploadWriter::UploadWriter(ShelfCatalog &catalog, std::shared_ptr<Upload> upload,
                           FileDescriptor part, qint64 freeSpaceFloor)
    : m_catalog(&catalog)
    , m_upload(std::move(upload))
    , m_part(std::move(part))
    , m_freeSpaceFloor(freeSpaceFloor)
    , m_start(m_upload->offset)
    , m_spaceKnownUntil(m_start)
    , m_writtenBack(m_start)
{
}

Result<UploadWriter> UploadWriter::open(ShelfCatalog &catalog, std::shared_ptr<Upload> upload,
                                        std::optional<tus::Checksum> checksum,
                                        qint64 freeSpaceFloor)
{
    SO_TRY(FileDescriptor part, catalog.openPart(*upload));
    UploadWriter writer(catalog, std::move(upload), std::move(part), freeSpaceFloor);
    if (checksum) {
        writer.m_digest = BodyDigest::create(checksum->algorithm);
        writer.m_checksum = std::move(checksum);
        // Were the process killed inside of the body, its bytes would look like any others; those
        // of an upload that has no record yet are removed anyway.
        if (writer.m_upload->isKept) {
            writer.m_upload->record.unverifiedFrom = writer.m_start;
            SO_TRY_VOID(catalog.keep(*writer.m_upload, Durability::Written));
        }
    }
    return writer;
}

std::optional<HttpReply> UploadWriter::write(QByteArrayView piece)
{
    if (m_upload->record.length && m_upload->offset + piece.size() > *m_upload->record.length) {
        takeBack();
        return textReply(413, QStringLiteral("The request is longer than the upload."));
    }
    if (std::optional<HttpReply> refusal = checkSpace(piece.size()))
        return refusal;
    while (!piece.isEmpty()) {
        const ssize_t put =
            ::pwrite(m_part.get(), piece.data(), std::size_t(piece.size()), m_upload->offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && (errno == ENOSPC || errno == EDQUOT))
            return fullDisk();
        if (put <= 0) {
            const Error error =
                Error::fromErrno(errno, Error::FileRole::Output, QStringLiteral("write an upload"),
                                 displayPath(m_catalog->folder()));
            breakOff();
            return errorReply(error);
        }
        if (m_digest)
            m_digest->add(piece.first(put));
        m_upload->offset += put;
        piece = piece.sliced(put);
    }
    boundBacklog();
    return std::nullopt;
}

std::optional<HttpReply> UploadWriter::checkSpace(qint64 bytes)
{
    if (m_upload->offset + bytes <= m_spaceKnownUntil)
        return std::nullopt;
    const qint64 usable = m_catalog->space().available - m_freeSpaceFloor;
    if (usable < bytes)
        return fullDisk();
    m_spaceKnownUntil = m_upload->offset + std::min(usable, std::max(bytes, spaceStep));
    return std::nullopt;
}

HttpReply UploadWriter::fullDisk()
{
    breakOff();
    return errorReply(
        Error(ErrorKind::DiskFull).with(argument::folder, displayPath(m_catalog->folder())));
}

void UploadWriter::boundBacklog()
{
    const qint64 waiting = m_upload->offset - m_writtenBack;
    if (waiting < writebackStep)
        return;
    // Advice only; where it is not taken, the fsync at the end does all of it.
    (void)::sync_file_range(m_part.get(), m_writtenBack, waiting, SYNC_FILE_RANGE_WRITE);
    m_writtenBack = m_upload->offset;
    const qint64 overdue = m_writtenBack - writebackBacklog - m_settled;
    if (overdue <= 0)
        return;
    constexpr unsigned wait =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    (void)::sync_file_range(m_part.get(), m_settled, overdue, wait);
    m_settled += overdue;
}

std::optional<HttpReply> UploadWriter::end()
{
    if (!m_digest)
        return std::nullopt;
    const QByteArray digest = m_digest->result();
    m_digest.reset();
    if (digest != m_checksum->digest) {
        takeBack();
        return textReply(tus::checksumMismatchStatus,
                         QStringLiteral("The bytes do not have the checksum that was sent."));
    }
    verified();
    return std::nullopt;
}

void UploadWriter::breakOff()
{
    if (m_checksum)
        takeBack();
}

// The upload is as it was before the body.
void UploadWriter::takeBack()
{
    if (::ftruncate(m_part.get(), m_start) == 0)
        m_upload->offset = m_start;
    m_digest.reset();
    verified();
}

void UploadWriter::verified()
{
    if (!m_upload->record.unverifiedFrom)
        return;
    m_upload->record.unverifiedFrom.reset();
    // Where this cannot be written, a restart cuts the bytes off: safe, and HEAD tells the client.
    (void)m_catalog->keep(*m_upload, Durability::Written);
}

} // namespace sendoff::shelf
