// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Scheduler: decides which jobs of the queue run now and stops them when they may not: slots,
// pauses, destinations that do not answer, space, the grace of a cancel, crashes in a row. The work
// itself is the runner's.

#include "core/base/sleep.h"
#include "core/base/task_scope.h"
#include "core/queue/destination_board.h"
#include "core/queue/job_queue.h"
#include "core/queue/job_runner.h"
#include "core/queue/ready_jobs.h"

#include <QCoroTask>
#include <QObject>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace sendoff::queue {

inline constexpr std::chrono::seconds cancelGrace{10};

// Main thread. close() is awaited before it dies.
class Scheduler : public QObject {
    Q_OBJECT

public:
    // Which jobs it may run: all of the queue, or only those that were named (the command line's
    // own).
    enum class Scope { AllJobs, NamedJobs };

    // Between looks at what changes by itself; tests give a delay that does not wait.
    struct Timing {
        Delay delay; // empty = sleepFor
        std::chrono::milliseconds spaceInterval{5'000};
        std::chrono::milliseconds progressInterval{1'000};
        std::chrono::milliseconds leftoverInterval{60'000};
    };
    Scheduler(JobQueue *queue, JobRunner *runner);
    Scheduler(JobQueue *queue, JobRunner *runner, Timing timing);

    // From now on jobs are run, in queue order.
    void start(Scope scope);
    bool isStarted() const { return m_scope.has_value(); }
    void allow(const QStringList &ids); // of Scope::NamedJobs
    // Looks once more at those of these jobs that are done: what was made and is not what it was any
    // more is made again (JobRunner::foundDone()).
    void recheck(const QStringList &ids);
    // Resolves when none of these jobs can go on by itself.
    QCoro::Task<void> settled(QStringList ids, std::stop_token stop);
    // Everything to rest and saved: at quit. Resolves within 2 s.
    QCoro::Task<void> close();

    void setPausedAll(bool isPausedAll);
    bool isPausedAll() const;
    // Stops or lets go on what the job's legs say now; called after a command changed them.
    void reconsider(const QStringList &ids);
    // Stops what runs of it; then it goes on as its legs say.
    void restart(const QStringList &ids);
    // Resolves when nothing of these jobs runs any more; what may go on goes on later.
    QCoro::Task<void> atRest(QStringList ids);

    void setExportsAtOnce(int number);
    void setUploadsAtOnce(int number);
    void setThreadsPerExport(int number); // of those that have not begun; 0 = by itself
    int exportsAtOnce() const;
    int uploadsAtOnce() const;
    int threadsPerExport() const;

    QList<DestinationState> destinations() const;
    void tryNow(const QString &place); // without waiting for the next try

    // Seconds of work that would be done again if the job were stopped now.
    double restartCostSeconds(const QString &id) const;

Q_SIGNALS:
    void destinationChanged(const QString &place);

private:
    struct Waiter; // for settled() and atRest()
    void track(const QString &id);
    void trackAll();
    void forget(const QStringList &ids);
    void admitSoon();
    void admit();
    bool admitExport();
    bool admitUpload(const QString &place);
    void begin(const QString &id);
    QCoro::Task<void> runJob(QString id, std::stop_token stop);
    void spawnOnce(bool &runs, QCoro::Task<void> (Scheduler::*task)());
    QCoro::Task<void> letGo(QString id);
    QCoro::Task<void> finishCancel(QString id);
    QCoro::Task<void> removeCancelled(QString id);
    QCoro::Task<void> watchSpace();
    QCoro::Task<void> checkSpace(QString id);
    QCoro::Task<void> keepProgress();
    QCoro::Task<void> removeLeftovers();
    QCoro::Task<void> removeOrphans(QStringList unfinished);
    QCoro::Task<void> showDestination(QString place);
    void showDestinations(const QString &id);
    void setAside(const QString &id);
    bool mayRun(const QString &id) const;
    bool isSettled(const QString &id) const;
    bool isAtRest(const QString &id) const;
    int exportsAhead() const;
    int uploadsAhead(const QString &place) const;
    void tellWaiters();

    JobQueue *m_queue;
    JobRunner *m_runner;
    std::optional<Scope> m_scope; // nothing before start()
    std::set<QString> m_allowed;
    bool m_isPausedAll = false;
    bool m_isClosing = false;
    bool m_willAdmit = false;
    Timing m_timing;
    bool m_watchesSpace = false;
    bool m_keepsProgress = false;
    bool m_removesLeftovers = false;
    std::set<QString> m_heldForSpace;
    ReadyJobs m_ready;
    std::map<QString, std::stop_source> m_runs;
    std::set<QString> m_graces; // jobs whose cancel can still be undone
    std::set<QString> m_finishing; // whose cancel is being carried out: nothing of them may run
    std::vector<std::shared_ptr<Waiter>> m_waiters;
    TaskScope m_tasks;
};

} // namespace sendoff::queue
