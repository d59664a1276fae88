// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobStore: the queue on disk: SQLite (WAL, synchronous FULL) on a thread of its own. Callers see
// awaitables of plain values, never the connection.

#include "core/base/result.h"
#include "core/queue/job.h"

#include <QCoroTask>

#include <memory>

namespace sendoff::queue {

// Owned and called on the main thread; close() before it dies.
class JobStore {
public:
    // Opens or makes the database, schema version 1. StoreTooNew (file untouched),
    // StoreCorrupt, StoreUnavailable, DiskFull.
    static QCoro::Task<Result<std::unique_ptr<JobStore>>> open(FilePath database);
    ~JobStore();

    struct Loaded {
        QList<Job> jobs; // in queue order; what ran is Waiting again
        QStringList problems; // one sentence per unreadable record
    };
    QCoro::Task<Result<Loaded>> load();
    // Inserts or replaces jobs with their legs in one transaction. Resolves when they are durable.
    QCoro::Task<Result<void>> save(QList<Job> jobs);
    QCoro::Task<Result<void>> saveLeg(QString jobId, Leg leg);
    QCoro::Task<Result<void>> remove(QStringList jobIds);
    // The youngest job of that sameness.
    QCoro::Task<Result<std::optional<Job>>> findSame(QByteArray sameness);

private:
    class Worker;
    JobStore();
    std::unique_ptr<QThread> m_thread;
    Worker *m_worker = nullptr; // lives on m_thread, deleted there
};

} // namespace sendoff::queue
