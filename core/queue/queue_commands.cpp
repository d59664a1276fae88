// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/queue_commands.h"

#include "core/queue/job_queue.h"
#include "core/queue/scheduler.h"

#include <QDateTime>
#include <QSet>

#include <algorithm>

namespace sendoff::queue {

QueueCommands::QueueCommands(JobQueue *queue, Scheduler *scheduler)
    : m_queue(queue), m_scheduler(scheduler)
{
}

std::optional<Refusal> QueueCommands::whyNot(QueueVerb verb, const QString &id) const
{
    const Job *job = m_queue->find(id);
    return job ? refusalOf(verb, *job) : Refusal::UnknownJob;
}

// Those to which the verb applies, in queue order; the others with their reasons.
QueueCommands::Outcome QueueCommands::sorted(QueueVerb verb, const QStringList &ids) const
{
    Outcome outcome;
    QStringList known;
    for (const QString &id : ids) {
        if (const auto reason = whyNot(verb, id))
            outcome.refused.insert(id, *reason);
        else if (!outcome.changed.contains(id))
            outcome.changed.append(id);
    }
    std::sort(outcome.changed.begin(), outcome.changed.end(),
              [this](const QString &a, const QString &b) {
                  return m_queue->find(a)->position < m_queue->find(b)->position;
              });
    return outcome;
}

void QueueCommands::applyWhereAllowed(const QString &id, LegEvent event, WaitFor waitFor)
{
    const int legs = int(m_queue->find(id)->legs.size());
    for (int leg = 0; leg < legs; ++leg) {
        if (!next(m_queue->find(id)->legs[leg].state, event))
            continue;
        JobQueue::Why why;
        why.waitFor = waitFor;
        m_queue->apply(id, leg, event, std::move(why));
    }
}

QueueCommands::Outcome QueueCommands::pause(const QStringList &ids)
{
    Outcome outcome = sorted(QueueVerb::Pause, ids);
    for (const QString &id : outcome.changed)
        applyWhereAllowed(id, LegEvent::Pause, WaitFor::Nothing);
    m_scheduler->reconsider(outcome.changed);
    return outcome;
}

QueueCommands::Outcome QueueCommands::resume(const QStringList &ids)
{
    Outcome outcome = sorted(QueueVerb::Resume, ids);
    for (const QString &id : outcome.changed)
        applyWhereAllowed(id, LegEvent::Resume, WaitFor::Slot);
    m_scheduler->reconsider(outcome.changed);
    return outcome;
}

QueueCommands::Outcome QueueCommands::cancel(const QStringList &ids)
{
    Outcome outcome = sorted(QueueVerb::Cancel, ids);
    for (const QString &id : outcome.changed) {
        m_queue->editJob(id, [](Job &job) {
            job.cancelledMs = QDateTime::currentMSecsSinceEpoch();
            for (Leg &leg : job.legs) {
                if (next(leg.state, LegEvent::Cancel))
                    leg.before = LegBefore{leg.state, leg.waitFor, leg.error};
            }
        });
        applyWhereAllowed(id, LegEvent::Cancel, WaitFor::Nothing);
    }
    m_scheduler->reconsider(outcome.changed);
    return outcome;
}

QueueCommands::Outcome QueueCommands::undoCancel(const QStringList &ids)
{
    Outcome outcome = sorted(QueueVerb::UndoCancel, ids);
    for (const QString &id : outcome.changed) {
        const int legs = int(m_queue->find(id)->legs.size());
        for (int leg = 0; leg < legs; ++leg)
            undoCancelOf(id, leg);
        m_queue->editJob(id, [](Job &job) {
            job.cancelledMs = 0;
            for (Leg &leg : job.legs)
                leg.before.reset();
        });
    }
    m_scheduler->reconsider(outcome.changed);
    return outcome;
}

// To exactly what it was; what ran goes on.
void QueueCommands::undoCancelOf(const QString &id, int leg)
{
    const Leg cancelled = m_queue->find(id)->legs[leg];
    if (cancelled.state != LegState::Cancelled)
        return;
    const LegBefore before = cancelled.before.value_or(LegBefore());
    JobQueue::Why why;
    why.waitFor = isActive(before.state) ? WaitFor::Slot : before.waitFor;
    if (before.state == LegState::Waiting)
        why.error = before.error;
    m_queue->apply(id, leg, LegEvent::Undo, std::move(why));
    if (before.state == LegState::Paused)
        m_queue->apply(id, leg, LegEvent::Pause);
    if (before.state == LegState::NeedsAttention) {
        JobQueue::Why attention;
        attention.error = before.error;
        m_queue->apply(id, leg, LegEvent::Fail, std::move(attention));
    }
}

QueueCommands::Outcome QueueCommands::retry(const QStringList &ids)
{
    Outcome outcome = sorted(QueueVerb::Retry, ids);
    for (const QString &id : outcome.changed) {
        const int legs = int(m_queue->find(id)->legs.size());
        for (int leg = 0; leg < legs; ++leg) {
            if (m_queue->find(id)->legs[leg].state != LegState::NeedsAttention)
                continue;
            JobQueue::Why why;
            why.waitFor = WaitFor::Slot;
            m_queue->apply(id, leg, LegEvent::Retry, std::move(why));
        }
    }
    m_scheduler->reconsider(outcome.changed);
    return outcome;
}

QueueCommands::Outcome QueueCommands::startOver(const QStringList &ids)
{
    Outcome outcome = sorted(QueueVerb::StartOver, ids);
    for (const QString &id : outcome.changed) {
        m_queue->abandonUploads(id);
        m_queue->editJob(id, [](Job &job) {
            job.cancelledMs = 0;
            job.identity = {}; // of the file as it is then
            job.plan = {};
            for (Leg &leg : job.legs) {
                leg.before.reset();
                leg.resume = {};
                leg.result = {};
                leg.doneBytes = 0;
                leg.totalBytes = -1;
            }
        });
        applyWhereAllowed(id, LegEvent::StartOver, WaitFor::Slot);
    }
    m_scheduler->restart(outcome.changed);
    return outcome;
}

QueueCommands::Outcome QueueCommands::remove(const QStringList &ids)
{
    Outcome outcome = sorted(QueueVerb::Remove, ids);
    for (const QString &id : outcome.changed)
        m_removed.insert(id, *m_queue->find(id));
    if (!outcome.changed.isEmpty()) {
        m_removals.spawn([this, gone = outcome.changed](std::stop_token) {
            return removeAtRest(gone);
        });
    }
    return outcome;
}

QCoro::Task<void> QueueCommands::removeAtRest(QStringList ids)
{
    co_await m_scheduler->atRest(ids);
    const auto removed = co_await m_queue->remove(ids);
    if (!removed)
        Q_EMIT m_queue->notSaved(removed.error());
}

QueueCommands::Outcome QueueCommands::restore(const QStringList &ids)
{
    Outcome outcome;
    QList<Job> jobs;
    for (const QString &id : ids) {
        const auto found = m_removed.constFind(id);
        if (found == m_removed.constEnd() || m_queue->find(id)) {
            outcome.refused.insert(id, Refusal::UnknownJob);
            continue;
        }
        outcome.changed.append(id);
        jobs.append(*found);
        m_removed.erase(found);
    }
    m_queue->restore(std::move(jobs));
    return outcome;
}

QueueCommands::Outcome QueueCommands::move(const QStringList &ids, MoveTo where)
{
    Outcome outcome = sorted(QueueVerb::Move, ids);
    QStringList order = m_queue->order();
    const QSet<QString> moving(outcome.changed.begin(), outcome.changed.end());
    if (where == MoveTo::Top || where == MoveTo::Bottom) {
        order.removeIf([&moving](const QString &id) { return moving.contains(id); });
        order = where == MoveTo::Top ? outcome.changed + order : order + outcome.changed;
    } else if (where == MoveTo::Up) {
        for (qsizetype index = 1; index < order.size(); ++index) {
            if (moving.contains(order[index]) && !moving.contains(order[index - 1]))
                order.swapItemsAt(index, index - 1);
        }
    } else {
        for (qsizetype index = order.size() - 2; index >= 0; --index) {
            if (moving.contains(order[index]) && !moving.contains(order[index + 1]))
                order.swapItemsAt(index, index + 1);
        }
    }
    if (order != m_queue->order())
        m_queue->reorder(order);
    return outcome;
}

QueueCommands::Outcome QueueCommands::moveBefore(const QStringList &ids, int index)
{
    Outcome outcome = sorted(QueueVerb::Move, ids);
    const QSet<QString> moving(outcome.changed.begin(), outcome.changed.end());
    const QStringList &now = m_queue->order();
    QStringList order;
    for (int place = 0; place < now.size(); ++place) {
        if (place == index)
            order.append(outcome.changed);
        if (!moving.contains(now[place]))
            order.append(now[place]);
    }
    if (index >= now.size())
        order.append(outcome.changed);
    if (order != now)
        m_queue->reorder(order);
    return outcome;
}

QueueCommands::Outcome QueueCommands::changeRecipe(const QStringList &ids, const Recipe &recipe)
{
    Outcome outcome = sorted(QueueVerb::ChangeRecipe, ids);
    for (const QString &id : outcome.changed) {
        m_queue->editJob(id, [&recipe](Job &job) { setRecipe(job, recipe); });
    }
    m_scheduler->restart(outcome.changed);
    return outcome;
}

void QueueCommands::pauseAll()
{
    setPausedAll(true);
}

void QueueCommands::resumeAll()
{
    setPausedAll(false);
}

void QueueCommands::setPausedAll(bool isPausedAll)
{
    if (m_scheduler->isPausedAll() == isPausedAll)
        return;
    m_scheduler->setPausedAll(isPausedAll);
    Q_EMIT pausedAllChanged(isPausedAll);
}

bool QueueCommands::isPausedAll() const
{
    return m_scheduler->isPausedAll();
}

QCoro::Task<void> QueueCommands::close()
{
    co_await m_removals.join();
}

} // namespace sendoff::queue
