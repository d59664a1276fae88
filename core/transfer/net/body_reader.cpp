// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/body_reader.h"

#include "core/base/run_on.h"
#include "core/base/worker_pool.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sendoff::net {

namespace {

// Large enough that the kernel reads ahead of it, and that a slow disk is asked rarely.
constexpr qint64 fetchSize = 1 << 20;
constexpr qint64 readAhead = 4 << 20;

bool isMemoryFileSystem(int descriptor)
{
    struct statfs info {};
    return ::fstatfs(descriptor, &info) == 0
        && (info.f_type == TMPFS_MAGIC || info.f_type == RAMFS_MAGIC);
}

// pread that is not interrupted; -errno where it fails.
ssize_t readAt(int descriptor, char *buffer, qint64 size, qint64 offset, int flags)
{
    iovec target{buffer, size_t(size)};
    ssize_t count = 0;
    do {
        count = ::preadv2(descriptor, &target, 1, offset, flags);
    } while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

// Copies what there is of `wanted` bytes from `position`.
qint64 copied(const QByteArray &bytes, qint64 position, char *buffer, qint64 wanted)
{
    const qint64 size = std::min<qint64>(wanted, bytes.size() - position);
    std::memcpy(buffer, bytes.constData() + position, size_t(size));
    return size;
}

// On a pool thread: may block on the disk. Empty at the end of the file; a read error is Internal
// with the number as its detail, for BodyReader alone.
Result<QByteArray> fetchBytes(const RequestBody &body, qint64 position, qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    const ssize_t count =
        readAt(body.descriptor(), bytes.data(), size, body.offset() + position, 0);
    if (count < 0)
        return failure(ErrorKind::Internal, QString::number(-count));
    bytes.truncate(count);
    // What follows is read by the kernel meanwhile, and then found in memory.
    (void)::posix_fadvise(body.descriptor(), body.offset() + position + count, readAhead,
                          POSIX_FADV_WILLNEED);
    return bytes;
}

} // namespace

struct BodyReader::Link {
    BodyReader *reader;
    std::stop_source stop;

    // Nobody awaits it: it holds all it needs and ends by itself, and a closed reader is null.
    static QCoro::Task<void> fetch(std::shared_ptr<Link> link, WorkerPool *pool, RequestBody body,
                                   qint64 position, qint64 size)
    {
        auto work = [body, position, size] { return fetchBytes(body, position, size); };
        auto task = runOn(*pool, std::move(work), link->stop.get_token(), WaitReason::Disk);
        auto bytes = co_await std::move(task);
        if (link->reader)
            link->reader->arrive(std::move(bytes));
    }
};

BodyReader::BodyReader(const RequestBody &body)
    : m_body(body)
{
}

BodyReader::~BodyReader()
{
    close();
}

void BodyReader::open(WorkerPool &pool, std::function<void()> arrived)
{
    m_pool = &pool;
    m_arrived = std::move(arrived);
    m_link = std::make_shared<Link>();
    m_link->reader = this;
    m_isInMemory = m_body.descriptor() >= 0 && isMemoryFileSystem(m_body.descriptor());
}

void BodyReader::close()
{
    if (!m_link)
        return;
    m_link->reader = nullptr;
    m_link->stop.request_stop();
    m_link.reset();
    m_isPending = false;
}

BodyReader::Outcome BodyReader::read(char *buffer, qint64 size, qint64 *filled)
{
    const qint64 wanted = std::min(size, remaining());
    Q_ASSERT(wanted > 0 && m_link);
    if (m_isPending)
        return Outcome::Pending;
    if (m_systemError != 0)
        return Outcome::Failed;
    if (m_body.descriptor() < 0) {
        *filled = copied(m_body.bytes(), m_position, buffer, wanted);
    } else if (m_fetchedTaken < m_fetched.size()) {
        *filled = copied(m_fetched, m_fetchedTaken, buffer, wanted);
        m_fetchedTaken += *filled;
    } else {
        const Outcome outcome = readFile(buffer, wanted, filled);
        if (outcome == Outcome::Pending) {
            fetch(wanted);
            return m_isPending ? outcome : read(buffer, size, filled);
        }
        if (outcome != Outcome::Bytes)
            return outcome;
    }
    m_position += *filled;
    return Outcome::Bytes;
}

// Pending: not in memory, or on a file system that cannot tell (network, FUSE).
BodyReader::Outcome BodyReader::readFile(char *buffer, qint64 wanted, qint64 *filled)
{
    const ssize_t count = readAt(m_body.descriptor(), buffer, wanted, m_body.offset() + m_position,
                                 m_isInMemory ? 0 : RWF_NOWAIT);
    if (count == 0)
        return Outcome::Truncated;
    if (count == -EAGAIN || count == -EOPNOTSUPP)
        return Outcome::Pending;
    if (count < 0) {
        m_systemError = int(-count);
        return Outcome::Failed;
    }
    *filled = count;
    return Outcome::Bytes;
}

void BodyReader::fetch(qint64 wanted)
{
    m_isPending = true;
    m_fetched.clear();
    m_fetchedTaken = 0;
    const qint64 size = std::min(remaining(), std::max(wanted, fetchSize));
    // The other thread may be done before this one comes to wait: then it arrives in here, which is
    // within curl's callback, where nobody may be told.
    m_isStarting = true;
    Link::fetch(m_link, m_pool, m_body, m_position, size);
    m_isStarting = false;
}

void BodyReader::arrive(Result<QByteArray> bytes)
{
    m_isPending = false;
    if (!bytes)
        m_systemError = bytes.error().detail.toInt();
    else if (bytes->isEmpty())
        m_isInMemory = true; // the end of the file: reading there waits for nothing
    else
        m_fetched = *std::move(bytes);
    if (!m_isStarting)
        m_arrived();
}

} // namespace sendoff::net
