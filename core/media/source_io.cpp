// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/source_io.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

extern "C" {
#include <libavutil/mem.h>
}

namespace sendoff::media {

namespace {

// As large as a read of a slow disk likes, small beside a frame.
constexpr int sourceBufferSize = 128 * 1024;

Error changedError(const SourceFile &source, const QString &detail)
{
    return Error(ErrorKind::SourceChanged, detail).with(argument::file, displayName(source.path()));
}

} // namespace

SourceIo::SourceIo(std::shared_ptr<const SourceFile> source, std::stop_token stop)
    : m_source(std::move(source))
    , m_stop(std::move(stop))
{
    auto *buffer = static_cast<unsigned char *>(av_malloc(sourceBufferSize));
    m_context = avio_alloc_context(buffer, sourceBufferSize, 0, this, &SourceIo::readPacket,
                                   nullptr, &SourceIo::seek);
    Q_ASSERT(buffer && m_context);
}

SourceIo::~SourceIo()
{
    // libav may have replaced the buffer by a larger one.
    av_freep(&m_context->buffer);
    avio_context_free(&m_context);
}

AVIOInterruptCB SourceIo::interruptCallback()
{
    return {&SourceIo::isInterrupted, this};
}

Result<void> SourceIo::checkLength() const
{
    struct stat status {};
    if (::fstat(m_source->descriptor(), &status) == 0
        && status.st_size >= m_source->identity().size)
        return {};
    return failure(changedError(*m_source, QStringLiteral("shorter than when it was opened")));
}

int SourceIo::isInterrupted(void *self)
{
    const auto *io = static_cast<SourceIo *>(self);
    return io->isStopped() || io->isOverdue() ? 1 : 0;
}

int SourceIo::readPacket(void *self, uint8_t *buffer, int size)
{
    return static_cast<SourceIo *>(self)->read(buffer, size);
}

int SourceIo::read(uint8_t *buffer, int size)
{
    if (m_failure)
        return AVERROR(EIO);
    if (isInterrupted(this))
        return AVERROR_EXIT;
    // What was appended since the file was opened is not part of it.
    const qint64 left = m_source->identity().size - m_position;
    if (left <= 0)
        return AVERROR_EOF;
    const std::size_t wanted = std::size_t(std::min<qint64>(size, left));
    ssize_t got = -1;
    do {
        got = ::pread(m_source->descriptor(), buffer, wanted, m_position);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        m_position += got;
        m_bytesRead += got;
        return int(got);
    }
    if (got == 0) {
        m_failure = changedError(*m_source,
                                 QStringLiteral("ends at %1 of %2 bytes")
                                     .arg(m_position)
                                     .arg(m_source->identity().size));
    } else {
        m_failure = Error::fromErrno(errno, Error::FileRole::Source, QStringLiteral("read"),
                                     displayName(m_source->path()));
    }
    return AVERROR(EIO);
}

int64_t SourceIo::seek(void *self, int64_t offset, int whence)
{
    auto *io = static_cast<SourceIo *>(self);
    const qint64 size = io->m_source->identity().size;
    qint64 base = 0;
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return size;
    case SEEK_SET:
        break;
    case SEEK_CUR:
        base = io->m_position;
        break;
    case SEEK_END:
        base = size;
        break;
    default:
        return AVERROR(EINVAL);
    }
    qint64 target = 0;
    // Beyond the end is allowed, as for a file: the next read says that nothing is there.
    if (__builtin_add_overflow(base, offset, &target) || target < 0)
        return AVERROR(EINVAL);
    io->m_position = target;
    return target;
}

} // namespace sendoff::media
