// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobStore: the queue on disk: SQLite (WAL, synchronous FULL) on a thread of its own. Callers see
// awaitables of plain values, never the connection.

#include "core/base/result.h"
#include "core/queue/job.h"
#include "core/queue/leftover.h"

#include <QCoroTask>
#include <QMap>

#include <memory>

namespace sendoff::queue {

// What changes together: all of it is stored or nothing.
struct StoreChanges {
    QList<Job> jobs; // inserted or replaced with their legs
    QStringList removedJobs;
    QList<Leftover> leftovers; // new ones
    QStringList removedLeftovers; // ids
    QMap<QString, QString> settings; // by name

    bool isEmpty() const
    {
        return jobs.isEmpty() && removedJobs.isEmpty() && leftovers.isEmpty()
            && removedLeftovers.isEmpty() && settings.isEmpty();
    }
};

// Owned and called on the main thread; close() before it dies.
class JobStore {
public:
    // Opens or makes the database, schema version 2; an older one is moved on, with a
    // copy of it kept; of a damaged one what can be read is taken over. StoreTooNew (file
    // untouched), StoreUnavailable, DiskFull.
    static QCoro::Task<Result<std::unique_ptr<JobStore>>> open(FilePath database);
    ~JobStore();

    struct Loaded {
        QList<Job> jobs; // in queue order; what ran is Waiting again
        QStringList ran; // ids of the jobs that ran when the program ended
        int ranExports = 0; // legs
        int ranUploads = 0;
        QList<Leftover> leftovers;
        QMap<QString, QString> settings;
        QStringList problems; // one sentence per unreadable record
    };
    QCoro::Task<Result<Loaded>> load();
    // In one transaction. Resolves when all of it is durable.
    QCoro::Task<Result<void>> commit(StoreChanges changes);
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
