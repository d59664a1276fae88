// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/source_hash.h"

#include "core/base/run_on.h"
#include "core/base/sha256.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sendoff::transfer {

namespace {

constexpr qint64 sliceSize = 32LL << 20;
constexpr qint64 hashBufferSize = 1 << 20;

// Adds [begin, end) of the file to `hash`. Blocking.
Result<void> hashSlice(Sha256 &hash, int descriptor, ByteRange slice, const QString &name,
                       const std::stop_token &stop)
{
    std::vector<char> buffer(std::size_t(std::min(hashBufferSize, slice.size())));
    for (qint64 offset = slice.begin; offset < slice.end;) {
        if (stop.stop_requested())
            return failure(Error::cancelled());
        const auto want = std::min<qint64>(qint64(buffer.size()), slice.end - offset);
        const ssize_t got = ::pread(descriptor, buffer.data(), std::size_t(want), offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(Error::fromErrno(errno, Error::FileRole::Source,
                                            QStringLiteral("read for hashing"), name));
        if (got == 0)
            return failure(
                Error(ErrorKind::SourceChanged, QStringLiteral("short read while hashing"))
                    .with(argument::file, name));
        hash.add(buffer.data(), got);
        offset += got;
    }
    return {};
}

QCoro::Task<Result<QByteArray>> hashInSlices(ByteSource::Handle source, qint64 size, QString name,
                                             WorkerPool *io, std::stop_token stop)
{
    // Owned by each slice's work too: one that is stopped before its turn stays queued.
    auto hash = std::make_shared<Sha256>();
    for (qint64 begin = 0; begin < size; begin += sliceSize) {
        const ByteRange slice{begin, std::min(begin + sliceSize, size)};
        auto work = [hash, source, slice, name, stop]() -> Result<void> {
            return hashSlice(*hash, source.descriptor, slice, name, stop);
        };
        auto hashed = runOn(*io, std::move(work), stop);
        SO_CO_TRY_VOID(co_await std::move(hashed));
    }
    co_return hash->hex();
}

} // namespace

void SourceHash::start(ByteSource::Handle source, quint64 generation, qint64 size, QString name,
                       WorkerPool *io)
{
    m_generation = generation;
    m_stop = std::stop_source();
    m_task.emplace(hashInSlices(std::move(source), size, std::move(name), io, m_stop.get_token()));
}

QCoro::Task<Result<QByteArray>> SourceHash::result(std::stop_token stop)
{
    auto task = std::move(*m_task);
    std::stop_source own = m_stop;
    const std::stop_callback<std::function<void()>> link(
        stop, std::function<void()>([own]() mutable { own.request_stop(); }));
    auto hashed = co_await std::move(task);
    m_task.reset();
    co_return hashed;
}

QCoro::Task<void> SourceHash::cancel()
{
    if (!m_task)
        co_return;
    m_stop.request_stop();
    auto task = std::move(*m_task);
    (void)co_await std::move(task);
    m_task.reset();
}

} // namespace sendoff::transfer
