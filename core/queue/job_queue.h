// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobQueue: the jobs in memory and the only place that changes their legs' states. An event is
// applied and signalled at once and saved behind; what cannot be taken back awaits saved().

#include "core/base/result.h"
#include "core/base/task_scope.h"
#include "core/queue/job.h"
#include "core/queue/queue_saver.h"

#include <QCoroTask>
#include <QObject>

#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

namespace sendoff::queue {

// Names of settings that more than one part knows.
namespace setting {
inline const QString pausedAll = QStringLiteral("paused_all"); // "1" or "0"
} // namespace setting

// What an earlier run of the program left.
struct LoadReport {
    int restored = 0;
    QStringList ran; // ids of the jobs that ran when it ended
    int resumedExports = 0; // of legs
    int resumedUploads = 0;
    QStringList problems; // one sentence for each record that could not be read
};

// Main thread. `store` outlives it; flush() before it dies.
class JobQueue : public QObject {
    Q_OBJECT

public:
    // `delay`: between attempts to save; empty = sleepFor.
    explicit JobQueue(JobStore *store, Delay delay = {});

    // Everything that is stored, in order; once, before anything else.
    QCoro::Task<Result<LoadReport>> load();
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
    // Out of memory at once; resolves when the store has it. Nobody may be running them. What they
    // left at destinations becomes leftovers.
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
    // Small facts about the queue as a whole; saved behind. Empty where never set.
    QString settingOf(const QString &name) const { return m_settings.value(name); }
    void setSetting(const QString &name, const QString &value);

    // What lies at destinations and is to be removed there. Saved behind.
    const QList<Leftover> &leftovers() const { return m_leftovers; }
    // Gives up what the job's uploads left, in the same transaction as what changes with it.
    void abandonUploads(const QString &id);
    void forgetLeftover(const QString &id);

    // Resolves when everything changed until now is durable.
    QCoro::Task<Result<void>> saved(QString id = QString());
    // Resolves when nothing is being saved any more.
    QCoro::Task<void> flush();
    // Why changes are not being saved at present.
    const std::optional<Error> &savingTrouble() const { return m_saver.trouble(); }

Q_SIGNALS:
    void jobsAdded(const QStringList &ids);
    void jobsRemoved(const QStringList &ids);
    void orderChanged();
    void jobChanged(const QString &id); // anything but its legs' states and its place
    void legChanged(const QString &id, int leg);
    void leftoverAdded(const sendoff::queue::Leftover &leftover);
    // The store could not take a change; it is kept in memory and tried again until savedAgain().
    void notSaved(const sendoff::Error &error);
    void savedAgain();

private:
    Leg *findLeg(const QString &id, int leg);
    void insert(Job job);
    void index(const Job *before, const Job *after);
    void addLeftoversOf(const Job &job);

    std::unordered_map<QString, Job> m_jobs;
    QStringList m_order;
    std::multimap<QByteArray, QString> m_samenesses; // to ids
    QMap<QString, QString> m_settings;
    QList<Leftover> m_leftovers;
    QueueSaver m_saver;
};

} // namespace sendoff::queue
