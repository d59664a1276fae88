// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_queue.h"

#include <QLoggingCategory>
#include <QSet>

#include <algorithm>
#include <utility>

namespace sendoff::queue {

Q_LOGGING_CATEGORY(queueLog, "sendoff.queue")

JobQueue::JobQueue(JobStore *store, Delay delay)
    : m_saver(store, [this](const QString &id) { return find(id); }, std::move(delay))
{
    connect(&m_saver, &QueueSaver::notSaved, this, &JobQueue::notSaved);
    connect(&m_saver, &QueueSaver::savedAgain, this, &JobQueue::savedAgain);
}

QCoro::Task<Result<LoadReport>> JobQueue::load()
{
    auto loading = m_saver.store()->load();
    SO_CO_TRY(auto loaded, co_await std::move(loading));
    LoadReport report;
    report.restored = int(loaded.jobs.size());
    report.ran = loaded.ran;
    report.resumedExports = loaded.ranExports;
    report.resumedUploads = loaded.ranUploads;
    report.problems = loaded.problems;
    m_settings = loaded.settings;
    m_leftovers = loaded.leftovers;
    QStringList ids;
    for (Job &job : loaded.jobs) {
        ids.append(job.id);
        m_order.append(job.id);
        index(nullptr, &job);
        m_jobs.insert_or_assign(ids.last(), std::move(job));
    }
    if (!ids.isEmpty())
        Q_EMIT jobsAdded(ids);
    co_return report;
}

QCoro::Task<Result<void>> JobQueue::add(Job job)
{
    const QList<Job> jobs{std::move(job)};
    co_return co_await add(jobs);
}

QCoro::Task<Result<void>> JobQueue::add(QList<Job> jobs)
{
    QStringList added;
    QStringList replaced;
    for (Job &job : jobs) {
        QStringList &ids = m_jobs.contains(job.id) ? replaced : added;
        ids.append(job.id);
        insert(std::move(job));
    }
    if (!added.isEmpty())
        Q_EMIT jobsAdded(added);
    for (const QString &id : replaced)
        Q_EMIT jobChanged(id);
    for (const QString &id : added + replaced)
        m_saver.jobChanged(id);
    co_return co_await m_saver.saved();
}

void JobQueue::insert(Job job)
{
    const auto found = m_jobs.find(job.id);
    if (found != m_jobs.end()) {
        job.position = found->second.position;
        index(&found->second, &job);
        found->second = std::move(job);
        return;
    }
    job.position = m_order.isEmpty() ? 0 : m_jobs.at(m_order.last()).position + 1;
    m_order.append(job.id);
    index(nullptr, &job);
    m_jobs.emplace(m_order.last(), std::move(job));
}

void JobQueue::restore(QList<Job> jobs)
{
    QStringList ids;
    for (Job &job : jobs) {
        const QString id = job.id;
        ids.append(id);
        m_order.append(id);
        index(nullptr, &job);
        m_jobs.insert_or_assign(id, std::move(job));
    }
    std::stable_sort(m_order.begin(), m_order.end(), [this](const QString &a, const QString &b) {
        return m_jobs.at(a).position < m_jobs.at(b).position;
    });
    if (ids.isEmpty())
        return;
    Q_EMIT jobsAdded(ids);
    Q_EMIT orderChanged();
    for (const QString &id : ids)
        m_saver.jobChanged(id);
}

void JobQueue::reorder(const QStringList &order)
{
    Q_ASSERT(order.size() == m_order.size());
    QStringList moved;
    for (qsizetype index = 0; index < order.size(); ++index) {
        Job &job = m_jobs.at(order[index]);
        if (std::exchange(job.position, qint64(index)) != qint64(index))
            moved.append(order[index]);
    }
    m_order = order;
    Q_EMIT orderChanged();
    for (const QString &id : moved)
        m_saver.jobChanged(id);
}

QCoro::Task<Result<void>> JobQueue::remove(QStringList ids)
{
    const QSet<QString> removed(ids.begin(), ids.end());
    m_order.removeIf([&removed](const QString &id) { return removed.contains(id); });
    for (const QString &id : ids) {
        const auto found = m_jobs.find(id);
        if (found == m_jobs.end())
            continue;
        index(&found->second, nullptr);
        addLeftoversOf(found->second);
        m_jobs.erase(found);
        m_saver.jobRemoved(id);
    }
    Q_EMIT jobsRemoved(ids);
    co_return co_await m_saver.saved();
}

const Job *JobQueue::find(const QString &id) const
{
    const auto found = m_jobs.find(id);
    return found == m_jobs.end() ? nullptr : &found->second;
}

QString JobQueue::findSame(const QByteArray &sameness) const
{
    const auto [begin, end] = m_samenesses.equal_range(sameness);
    for (auto same = begin; same != end; ++same) {
        const Job &job = m_jobs.at(same->second);
        const bool isCancelled =
            std::any_of(job.legs.begin(), job.legs.end(),
                        [](const Leg &leg) { return leg.state == LegState::Cancelled; });
        if (!isCancelled)
            return job.id;
    }
    return {};
}

// Keeps the index of samenesses in step with a job that is put in, changed or taken out.
void JobQueue::index(const Job *before, const Job *after)
{
    if (before && after && before->sameness == after->sameness)
        return;
    if (before) {
        const auto [begin, end] = m_samenesses.equal_range(before->sameness);
        for (auto same = begin; same != end; ++same) {
            if (same->second == before->id) {
                m_samenesses.erase(same);
                break;
            }
        }
    }
    if (after && !after->sameness.isEmpty())
        m_samenesses.emplace(after->sameness, after->id);
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
    m_saver.jobChanged(id);
    return state;
}

void JobQueue::editLeg(const QString &id, int leg, const std::function<void(Leg &)> &edit)
{
    if (Leg *changed = findLeg(id, leg)) {
        edit(*changed);
        Q_EMIT jobChanged(id);
        m_saver.jobChanged(id);
    }
}

void JobQueue::editJob(const QString &id, const std::function<void(Job &)> &edit)
{
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return;
    const Job before = found->second;
    edit(found->second);
    index(&before, &found->second);
    Q_EMIT jobChanged(id);
    m_saver.jobChanged(id);
}

void JobQueue::setSetting(const QString &name, const QString &value)
{
    if (m_settings.value(name) == value)
        return;
    m_settings.insert(name, value);
    m_saver.settingChanged(name, value);
}

void JobQueue::addLeftoversOf(const Job &job)
{
    for (const Leg &leg : job.legs) {
        // What is delivered stays where it is.
        if (leg.kind != LegKind::Upload || leg.resume.isEmpty() || leg.state == LegState::Done)
            continue;
        Leftover leftover;
        leftover.id = newJobId();
        leftover.place = job.recipe.destinations.value(leg.ordinal);
        leftover.file = displayName(job.source);
        leftover.resume = leg.resume;
        m_leftovers.append(leftover);
        m_saver.leftoverAdded(leftover);
        Q_EMIT leftoverAdded(leftover);
    }
}

void JobQueue::abandonUploads(const QString &id)
{
    const Job *job = find(id);
    if (!job)
        return;
    addLeftoversOf(*job);
    editJob(id, [](Job &abandoned) {
        for (Leg &leg : abandoned.legs) {
            if (leg.kind == LegKind::Upload && leg.state != LegState::Done)
                leg.resume = {};
        }
    });
}

void JobQueue::forgetLeftover(const QString &id)
{
    m_leftovers.removeIf([&id](const Leftover &leftover) { return leftover.id == id; });
    m_saver.leftoverRemoved(id);
}

QCoro::Task<Result<void>> JobQueue::saved(QString)
{
    co_return co_await m_saver.saved();
}

QCoro::Task<void> JobQueue::flush()
{
    co_await m_saver.flush();
}

} // namespace sendoff::queue
