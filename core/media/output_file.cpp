// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/output_file.h"

#include "core/media/disk_space.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sendoff::media {

namespace {

constexpr int ioBufferSize = 1 << 18;

FilePath outputFolder(const FilePath &path)
{
    return path.has_parent_path() ? path.parent_path() : FilePath(".");
}

// What a muxer reads back while it moves its own bytes. Has a position of its own.
struct ReaderState {
    int descriptor;
    qint64 position;
};

int readBack(void *opaque, uint8_t *buffer, int size)
{
    auto *state = static_cast<ReaderState *>(opaque);
    ssize_t got = 0;
    do {
        got = ::pread(state->descriptor, buffer, std::size_t(size), state->position);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return AVERROR(errno);
    if (got == 0)
        return AVERROR_EOF;
    state->position += got;
    return static_cast<int>(got);
}

int64_t seekReader(void *opaque, int64_t offset, int whence)
{
    auto *state = static_cast<ReaderState *>(opaque);
    struct stat status {};
    if (::fstat(state->descriptor, &status) != 0)
        return AVERROR(errno);
    if ((whence & AVSEEK_SIZE) != 0)
        return status.st_size;
    const qint64 base = whence == SEEK_SET ? 0
        : whence == SEEK_CUR               ? state->position
                                           : qint64(status.st_size);
    if (base + offset < 0)
        return AVERROR(EINVAL);
    state->position = base + offset;
    return state->position;
}

} // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const FilePath &path, Order order,
                                                       std::stop_token stop)
{
    FileDescriptor descriptor(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!descriptor) {
        const int code = errno;
        Error error = Error::fromErrno(code, Error::FileRole::Output, QStringLiteral("create"),
                                       displayPath(outputFolder(path)));
        error.with(argument::file, displayName(path));
        if (error.kind == ErrorKind::DiskFull)
            addSizes(error, outputFolder(path), 0);
        return failure(std::move(error));
    }
    return std::unique_ptr<OutputFile>(
        new OutputFile(path, std::move(descriptor), order, std::move(stop)));
}

OutputFile::OutputFile(FilePath path, FileDescriptor descriptor, Order order, std::stop_token stop)
    : m_path(std::move(path))
    , m_descriptor(std::move(descriptor))
    , m_order(order)
    , m_stop(std::move(stop))
{
    const bool inOrder = m_order == Order::InOrder;
    auto *buffer = static_cast<unsigned char *>(av_malloc(ioBufferSize));
    m_context = avio_alloc_context(buffer, ioBufferSize, 1, this, nullptr, &OutputFile::writePacket,
                                   inOrder ? nullptr : &OutputFile::seekTo);
    if (inOrder) {
        m_context->seekable = 0;
        m_hash.emplace();
    }
}

OutputFile::~OutputFile()
{
    if (m_context) {
        av_freep(&m_context->buffer);
        avio_context_free(&m_context);
    }
    if (m_isKept)
        return;
    // Only what was created here: something else may have been put in its place.
    struct stat ours {};
    struct stat standing {};
    if (::fstat(m_descriptor.get(), &ours) == 0 && ::lstat(m_path.c_str(), &standing) == 0
        && ours.st_dev == standing.st_dev && ours.st_ino == standing.st_ino)
        ::unlink(m_path.c_str());
}

AVIOContext *OutputFile::openReader()
{
    auto *buffer = static_cast<unsigned char *>(av_malloc(ioBufferSize));
    auto *state = new ReaderState{m_descriptor.get(), 0};
    return avio_alloc_context(buffer, ioBufferSize, 0, state, &readBack, nullptr, &seekReader);
}

void OutputFile::closeReader(AVIOContext *reader)
{
    if (!reader)
        return;
    delete static_cast<ReaderState *>(reader->opaque);
    av_freep(&reader->buffer);
    avio_context_free(&reader);
}

int OutputFile::writePacket(void *self, compat::AvioWriteBuffer *buffer, int size)
{
    return static_cast<OutputFile *>(self)->write(buffer, size);
}

int64_t OutputFile::seekTo(void *self, int64_t offset, int whence)
{
    auto *file = static_cast<OutputFile *>(self);
    if ((whence & AVSEEK_SIZE) != 0)
        return file->m_size;
    const qint64 base = whence == SEEK_SET ? 0
        : whence == SEEK_CUR               ? file->m_position
                                           : file->m_size;
    if (base + offset < 0)
        return AVERROR(EINVAL);
    file->m_position = base + offset;
    return file->m_position;
}

// All or nothing: libav takes a short count for success.
int OutputFile::write(const uint8_t *data, int size)
{
    if (m_failure)
        return AVERROR(EIO);
    for (int done = 0; done < size;) {
        if (m_stop.stop_requested()) {
            m_failure = Error::cancelled();
            return AVERROR_EXIT;
        }
        const ssize_t written =
            ::pwrite(m_descriptor.get(), data + done, std::size_t(size - done), m_position);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            const int code = written < 0 ? errno : ENOSPC;
            m_failure = writeError(code, QStringLiteral("write"));
            return AVERROR(code);
        }
        if (m_hash)
            m_hash->add(data + done, written);
        done += static_cast<int>(written);
        m_position += written;
        m_size = std::max(m_size, m_position);
    }
    return size;
}

Error OutputFile::writeError(int code, const QString &step) const
{
    const FilePath folder = outputFolder(m_path);
    Error error = Error::fromErrno(code, Error::FileRole::Output, step, displayPath(folder));
    error.with(argument::file, displayName(m_path));
    if (error.kind == ErrorKind::DiskFull)
        addSizes(error, folder, m_expectedBytes, m_size);
    return error;
}

Result<void> OutputFile::append(const char *data, qint64 size)
{
    constexpr qint64 block = 1 << 20;
    for (qint64 done = 0; done < size;) {
        const int part = static_cast<int>(std::min(block, size - done));
        if (write(reinterpret_cast<const uint8_t *>(data + done), part) < 0)
            break;
        done += part;
    }
    return flush();
}

Result<void> OutputFile::flush()
{
    avio_flush(m_context);
    if (m_failure)
        return failure(*m_failure);
    if (m_context->error < 0)
        return failure(writeError(EIO, QStringLiteral("flush: ") + avErrorText(m_context->error)));
    return {};
}

Result<void> OutputFile::sync()
{
    SO_TRY_VOID(flush());
    if (::fsync(m_descriptor.get()) != 0)
        return failure(writeError(errno, QStringLiteral("fsync")));
    return {};
}

Result<QByteArray> OutputFile::sha256(std::stop_token stop)
{
    if (m_hash)
        return m_hash->hex();
    return sha256OfFile(m_descriptor.get(), m_size, displayName(m_path), std::move(stop));
}

} // namespace sendoff::media
