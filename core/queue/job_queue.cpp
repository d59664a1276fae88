// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_queue.h"

#include "core/queue/job_store.h"

#include <QLoggingCategory>

namespace sendoff::queue {

Q_LOGGING_CATEGORY(queueLog, "sendoff.queue")

JobQueue::JobQueue(JobStore *store) : m_store(store) {}

QCoro::Task<Result<void>> JobQueue::add(Job job)
{
    const QString id = job.id;
    m_jobs.insert_or_assign(id, std::move(job));
    co_return co_await saved(id);
}

const Job *JobQueue::find(const QString &id) const
{
    const auto found = m_jobs.find(id);
    return found == m_jobs.end() ? nullptr : &found->second;
}

Leg *JobQueue::findLeg(const QString &id, int leg)
{
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end() || leg < 0 || leg >= found->second.legs.size())
        return nullptr;
    return &found->second.legs[leg];
}

std::optional<LegState> JobQueue::apply(const QString &id, int leg, LegEvent event)
{
    return apply(id, leg, event, Why{});
}

std::optional<LegState> JobQueue::apply(const QString &id, int leg, LegEvent event, Why why)
{
    Leg *changed = findLeg(id, leg);
    if (!changed)
        return std::nullopt;
    const auto state = next(changed->state, event);
    if (!state) {
        qCWarning(queueLog, "job %s leg %d: event %d is not allowed in state %s", qPrintable(id),
                  leg, int(event), qPrintable(stateName(changed->state)));
        return std::nullopt;
    }
    changed->state = *state;
    changed->waitFor = why.waitFor;
    changed->error = std::move(why.error);
    Q_EMIT legChanged(id, leg);
    saveBehind(id);
    return state;
}

void JobQueue::editLeg(const QString &id, int leg, const std::function<void(Leg &)> &edit)
{
    if (Leg *changed = findLeg(id, leg)) {
        edit(*changed);
        saveBehind(id);
    }
}

void JobQueue::editJob(const QString &id, const std::function<void(Job &)> &edit)
{
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return;
    edit(found->second);
    saveBehind(id);
}

QCoro::Task<Result<void>> JobQueue::saved(QString id)
{
    const Job *job = find(id);
    if (!job)
        co_return Result<void>();
    const QList<Job> jobs{*job};
    co_return co_await m_store->save(jobs);
}

void JobQueue::saveBehind(const QString &id)
{
    m_saves.spawn([this, id](std::stop_token) { return saveJob(id); });
}

QCoro::Task<void> JobQueue::saveJob(QString id)
{
    const auto result = co_await saved(id);
    if (!result)
        Q_EMIT notSaved(result.error());
}

QCoro::Task<void> JobQueue::flush()
{
    co_await m_saves.join();
}

} // namespace sendoff::queue
