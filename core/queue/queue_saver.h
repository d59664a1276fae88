// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueSaver: brings what changed in the queue to its store: everything of one turn of the event
// loop in one transaction, one transaction at a time, again and again while the store cannot take
// it. Not for: what a change is (job_queue.h).

#include "core/base/result.h"
#include "core/base/sleep.h"
#include "core/base/task_scope.h"
#include "core/queue/job_store.h"

#include <QCoroTask>
#include <QObject>
#include <QSet>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sendoff::queue {

// Main thread. `store` outlives it; flush() is awaited before it dies.
class QueueSaver : public QObject {
    Q_OBJECT

public:
    // `find`: the job as it is when the transaction is put together; null where it is gone.
    // `delay`: between attempts; empty = sleepFor.
    QueueSaver(JobStore *store, std::function<const Job *(const QString &)> find,
               Delay delay = {});

    JobStore *store() const { return m_store; }
    void jobChanged(const QString &id);
    void jobRemoved(const QString &id);
    void settingChanged(const QString &name, const QString &value);
    void leftoverAdded(const Leftover &leftover);
    void leftoverRemoved(const QString &id);

    // Resolves when everything changed until now is durable, or with why the store could not take
    // it; it goes on trying then.
    QCoro::Task<Result<void>> saved();
    // Resolves when nothing is being saved any more: what the store cannot take now is given up.
    QCoro::Task<void> flush();
    // Why the store does not take the changes at present.
    const std::optional<Error> &trouble() const { return m_trouble; }

Q_SIGNALS:
    void notSaved(const sendoff::Error &error); // once, until savedAgain()
    void savedAgain();

private:
    struct Waiter;
    void changed();
    QCoro::Task<void> saveAll(std::stop_token stop);
    StoreChanges takeChanges();
    void putBack(StoreChanges changes);
    void tell(qint64 revision, const Result<void> &result);

    JobStore *m_store;
    std::function<const Job *(const QString &)> m_find;
    Delay m_delay;
    QSet<QString> m_jobs; // changed
    StoreChanges m_rest; // all but the jobs that changed
    qint64 m_revision = 0; // of the last change
    qint64 m_savedRevision = 0;
    bool m_isSaving = false;
    std::optional<Error> m_trouble;
    std::vector<std::shared_ptr<Waiter>> m_waiters;
    TaskScope m_saves;
};

} // namespace sendoff::queue
