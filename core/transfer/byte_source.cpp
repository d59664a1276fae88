// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/byte_source.h"

#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace sendoff::transfer {

ByteSource::ByteSource(std::shared_ptr<const SourceFile> file)
    : m_file(std::move(file))
    , m_feed(OutputFeed::ofFinishedFile(m_file->path(), m_file->identity().size))
{
    m_handle = {m_file, m_file->descriptor()};
    m_handleGeneration = m_feed->state().generation;
}

ByteSource::ByteSource(std::shared_ptr<OutputFeed> feed)
    : m_feed(std::move(feed))
{
}

Result<ByteSource::Handle> ByteSource::handle()
{
    const OutputFeed::State now = m_feed->state();
    if (m_handle.owner && m_handleGeneration == now.generation)
        return m_handle;
    // A regular file of ours: opening it neither blocks nor has an effect on the writer.
    auto file =
        std::make_shared<FileDescriptor>(::open(now.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!*file)
        return failure(Error::fromErrno(errno, Error::FileRole::Source,
                                        QStringLiteral("open for upload"), displayName(now.path)));
    m_handle = {file, file->get()};
    m_handleGeneration = now.generation;
    return m_handle;
}

QString ByteSource::displayedName() const
{
    return displayName(m_file ? m_file->path() : m_feed->state().path);
}

QCoro::Task<Result<void>> ByteSource::waitForMore(quint64 seen, std::stop_token stop)
{
    return m_feed->waitForMore(seen, std::move(stop));
}

Result<void> ByteSource::verifyUnchanged()
{
    if (m_file)
        return m_file->verifyUnchanged();
    const OutputFeed::State now = m_feed->state();
    if (!now.isComplete() || !now.hashed)
        return {};
    SO_TRY(const Handle open, handle());
    const auto identity = identityOfOpen(open.descriptor);
    if (identity && identity->isUnchanged(*now.hashed))
        return {};
    return failure(Error(ErrorKind::SourceChanged, QStringLiteral("it is not what was exported"))
                       .with(argument::file, displayName(now.path)));
}

QByteArray ByteSource::sha256() const
{
    const OutputFeed::State now = m_feed->state();
    if (!now.sha256.isEmpty())
        return now.sha256;
    return m_sha256Generation == now.generation ? m_sha256 : QByteArray();
}

void ByteSource::rememberSha256(quint64 generation, QByteArray sha256)
{
    m_sha256Generation = generation;
    m_sha256 = std::move(sha256);
}

} // namespace sendoff::transfer
