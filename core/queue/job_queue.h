// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobQueue: the jobs in memory and the only place that changes their legs' states. An event is
// applied and signalled at once and saved behind; what cannot be taken back awaits saved().

#include "core/base/result.h"
#include "core/base/task_scope.h"
#include "core/queue/job.h"

#include <QCoroTask>
#include <QObject>

#include <functional>
#include <map>
#include <optional>

namespace sendoff::queue {

class JobStore;

// Main thread. `store` outlives it; flush() before it dies.
class JobQueue : public QObject {
    Q_OBJECT

public:
    explicit JobQueue(JobStore *store);

    // Resolves when the job is durable. Replaces a job of the same id.
    QCoro::Task<Result<void>> add(Job job);
    // Null for an unknown id; valid until the next call that is not const.
    const Job *find(const QString &id) const;

    // Applies one event of the table. Not allowed: logged, nothing changes, returns nothing.
    struct Why {
        WaitFor waitFor = WaitFor::Nothing;
        std::optional<Error> error;
    };
    std::optional<LegState> apply(const QString &id, int leg, LegEvent event);
    std::optional<LegState> apply(const QString &id, int leg, LegEvent event, Why why);
    // Changes other members of a leg or job; saved behind.
    void editLeg(const QString &id, int leg, const std::function<void(Leg &)> &edit);
    void editJob(const QString &id, const std::function<void(Job &)> &edit);
    // Resolves when everything changed until now is durable.
    QCoro::Task<Result<void>> saved(QString id);
    // Resolves when nothing is being saved any more.
    QCoro::Task<void> flush();

Q_SIGNALS:
    void legChanged(const QString &id, int leg);
    // The store could not take a change; it is tried again with the next one.
    void notSaved(const sendoff::Error &error);

private:
    Leg *findLeg(const QString &id, int leg);
    void saveBehind(const QString &id);
    QCoro::Task<void> saveJob(QString id);

    JobStore *m_store;
    std::map<QString, Job> m_jobs;
    TaskScope m_saves;
};

} // namespace sendoff::queue
