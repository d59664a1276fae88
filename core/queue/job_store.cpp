// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_store.h"

#include "core/base/run_on.h"
#include "core/queue/job_database.h"

#include <QObject>
#include <QThread>

namespace sendoff::queue {

// Gives the database a place on the store thread. Whoever holds a pointer to it posts work there
// and reaches `database` only in that work.
class JobStore::Worker : public QObject {
public:
    std::unique_ptr<JobDatabase> database; // null until opened
};

JobStore::JobStore()
    : m_thread(std::make_unique<QThread>())
    , m_worker(new Worker)
{
    m_thread->setObjectName(QStringLiteral("store"));
    m_worker->moveToThread(m_thread.get());
    QObject::connect(m_worker, &QObject::destroyed, m_thread.get(), &QThread::quit,
                     Qt::DirectConnection);
    m_thread->start();
}

JobStore::~JobStore()
{
    // Comes after all calls that are still queued: they are carried out and answered, and the
    // connection is closed on its own thread, before that ends.
    m_worker->deleteLater();
    m_thread->wait();
}

QCoro::Task<Result<std::unique_ptr<JobStore>>> JobStore::open(FilePath database)
{
    std::unique_ptr<JobStore> store(new JobStore);
    auto opening = runOn(
        store->m_worker,
        [worker = store->m_worker, file = std::move(database)]() -> Result<void> {
            SO_TRY(worker->database, JobDatabase::open(file));
            return {};
        },
        WaitReason::Disk);
    SO_CO_TRY_VOID(co_await std::move(opening));
    co_return Result<std::unique_ptr<JobStore>>(std::move(store));
}

QCoro::Task<Result<JobStore::Loaded>> JobStore::load()
{
    return runOn(
        m_worker, [worker = m_worker] { return worker->database->load(); }, WaitReason::Disk);
}

QCoro::Task<Result<void>> JobStore::commit(StoreChanges changes)
{
    return runOn(
        m_worker,
        [worker = m_worker, changes = std::move(changes)] {
            return worker->database->commit(changes);
        },
        WaitReason::Disk);
}

QCoro::Task<Result<void>> JobStore::save(QList<Job> jobs)
{
    return runOn(
        m_worker,
        [worker = m_worker, jobs = std::move(jobs)] { return worker->database->save(jobs); },
        WaitReason::Disk);
}

QCoro::Task<Result<void>> JobStore::saveLeg(QString jobId, Leg leg)
{
    return runOn(
        m_worker,
        [worker = m_worker, id = std::move(jobId), leg = std::move(leg)] {
            return worker->database->saveLeg(id, leg);
        },
        WaitReason::Disk);
}

QCoro::Task<Result<void>> JobStore::remove(QStringList jobIds)
{
    return runOn(
        m_worker,
        [worker = m_worker, ids = std::move(jobIds)] { return worker->database->remove(ids); },
        WaitReason::Disk);
}

QCoro::Task<Result<std::optional<Job>>> JobStore::findSame(QByteArray sameness)
{
    return runOn(
        m_worker,
        [worker = m_worker, sameness = std::move(sameness)] {
            return worker->database->findSame(sameness);
        },
        WaitReason::Disk);
}

} // namespace sendoff::queue
