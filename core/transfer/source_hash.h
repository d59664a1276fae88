// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SourceHash: SHA-256 of a source on the I/O pool while it is being sent. In slices, so that the
// hash of a huge file leaves the pool to others in between.

#include "core/base/result.h"
#include "core/transfer/byte_source.h"

#include <QCoroTask>

#include <optional>
#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

// Lives on the thread of the upload. Whoever called start() awaits result() or cancel() before
// this and the pool die.
class SourceHash {
public:
    bool isRunning() const { return m_task.has_value(); }
    quint64 generation() const { return m_generation; }
    // Of the first `size` bytes. Not while one is running.
    void start(ByteSource::Handle source, quint64 generation, qint64 size, QString name,
               WorkerPool *io);
    // Hex. SourceChanged where the file got shorter, SourceUnreadable, Cancelled.
    QCoro::Task<Result<QByteArray>> result(std::stop_token stop);
    QCoro::Task<void> cancel();

private:
    std::optional<QCoro::Task<Result<QByteArray>>> m_task;
    std::stop_source m_stop;
    quint64 m_generation = 0;
};

} // namespace sendoff::transfer
