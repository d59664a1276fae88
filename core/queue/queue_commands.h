// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueCommands: what a person can do with jobs. The window, the command line and a second process
// call the same verbs; each acts at once in memory and is saved behind. Not for: deciding what runs
// next (scheduler.h).

#include "core/base/task_scope.h"
#include "core/queue/job.h"
#include "core/queue/queue_verbs.h"

#include <QCoroTask>
#include <QMap>
#include <QObject>
#include <QStringList>

#include <optional>

namespace sendoff::queue {

class JobQueue;
class Scheduler;

enum class MoveTo { Up, Down, Top, Bottom };

// Main thread. `queue` and `scheduler` outlive it; close() is awaited before it dies.
class QueueCommands : public QObject {
    Q_OBJECT

public:
    QueueCommands(JobQueue *queue, Scheduler *scheduler);

    struct Outcome {
        QStringList changed; // ids, in queue order
        QMap<QString, Refusal> refused; // by id
    };
    // Nothing where `verb` applies to the job now.
    std::optional<Refusal> whyNot(QueueVerb verb, const QString &id) const;

    Outcome pause(const QStringList &ids);
    Outcome resume(const QStringList &ids);
    Outcome cancel(const QStringList &ids);
    Outcome undoCancel(const QStringList &ids);
    Outcome retry(const QStringList &ids);
    Outcome startOver(const QStringList &ids);
    // Leaves the queue as soon as nothing of it runs. The jobs as they were are kept until the
    // program ends, for restore().
    Outcome remove(const QStringList &ids);
    // Undo of remove(): the same rows at the same places.
    Outcome restore(const QStringList &ids);
    Outcome move(const QStringList &ids, MoveTo where);
    // Before the job that stands at `index` now; the queue's size = at the end. For dragging.
    Outcome moveBefore(const QStringList &ids, int index);
    Outcome changeRecipe(const QStringList &ids, const Recipe &recipe);

    // An overlay: no job's own pause is changed by it.
    void pauseAll();
    void resumeAll();
    bool isPausedAll() const;

    QCoro::Task<void> close();

Q_SIGNALS:
    void pausedAllChanged(bool isPausedAll);

private:
    Outcome sorted(QueueVerb verb, const QStringList &ids) const;
    void applyWhereAllowed(const QString &id, LegEvent event, WaitFor waitFor);
    void undoCancelOf(const QString &id, int leg);
    QCoro::Task<void> removeAtRest(QStringList ids);
    void setPausedAll(bool isPausedAll);

    JobQueue *m_queue;
    Scheduler *m_scheduler;
    QMap<QString, Job> m_removed;
    TaskScope m_removals;
};

} // namespace sendoff::queue
