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

    // Everything that is stored, in order; once, before anything else. Returns one sentence for each
    // record that could not be read.
    QCoro::Task<Result<QStringList>> load();
    // In memory at once, at the end of the queue; resolves when durable. Replaces a job of the same
    // id where it stands.
    QCoro::Task<Result<void>> add(Job job);
    // The same for many, in one transaction.
    QCoro::Task<Result<void>> add(QList<Job> jobs);
    // The ids in queue order; what runs first stands first.
    const QStringList &order() const { return m_order; }
    // Jobs that stood in the queue before, at the places that their positions say. Saved behind.
    void restore(QList<Job> jobs);
    // Puts the queue into this order: a permutation of order(). Saved behind.
    void reorder(const QStringList &order);
    // Out of memory at once; resolves when the store has it. Nobody may be running them.
    QCoro::Task<Result<void>> remove(QStringList ids);
    // Null for an unknown id; valid until the next call that is not const.
    const Job *find(const QString &id) const;
    // A job of that sameness that stands in the queue and is not cancelled; empty where none does.
    QString findSame(const QByteArray &sameness) const;

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
    void jobsAdded(const QStringList &ids);
    void jobsRemoved(const QStringList &ids);
    void orderChanged();
    void jobChanged(const QString &id); // anything but its legs' states and its place
    void legChanged(const QString &id, int leg);
    // The store could not take a change; it is tried again with the next one.
    void notSaved(const sendoff::Error &error);

private:
    Leg *findLeg(const QString &id, int leg);
    void insert(Job job);
    void index(const Job *before, const Job *after);
    void saveBehind(const QStringList &ids);
    QCoro::Task<Result<void>> saveJobs(QStringList ids);
    QCoro::Task<void> saveAndTell(QStringList ids);

    JobStore *m_store;
    std::map<QString, Job> m_jobs;
    QStringList m_order;
    std::multimap<QByteArray, QString> m_samenesses; // to ids
    TaskScope m_saves;
};

} // namespace sendoff::queue
