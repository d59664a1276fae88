// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/queue_saver.h"

#include "core/base/async_event.h"

#include <algorithm>
#include <utility>

namespace sendoff::queue {

namespace {

constexpr std::chrono::milliseconds firstPause{500};
constexpr std::chrono::milliseconds longestPause{5'000};

} // namespace

struct QueueSaver::Waiter {
    qint64 revision = 0;
    Result<void> result;
    AsyncEvent event;
};

QueueSaver::QueueSaver(JobStore *store, std::function<const Job *(const QString &)> find,
                       Delay delay)
    : m_store(store), m_find(std::move(find)), m_delay(std::move(delay))
{
    if (!m_delay) {
        m_delay = [](std::chrono::milliseconds duration, std::stop_token stop) {
            return sleepFor(duration, std::move(stop));
        };
    }
}

void QueueSaver::jobChanged(const QString &id)
{
    m_jobs.insert(id);
    m_rest.removedJobs.removeOne(id);
    changed();
}

void QueueSaver::jobRemoved(const QString &id)
{
    m_jobs.remove(id);
    m_rest.removedJobs.append(id);
    changed();
}

void QueueSaver::settingChanged(const QString &name, const QString &value)
{
    m_rest.settings.insert(name, value);
    changed();
}

void QueueSaver::leftoverAdded(const Leftover &leftover)
{
    m_rest.removedLeftovers.removeOne(leftover.id);
    m_rest.leftovers.append(leftover);
    changed();
}

void QueueSaver::leftoverRemoved(const QString &id)
{
    m_rest.leftovers.removeIf([&id](const Leftover &leftover) { return leftover.id == id; });
    m_rest.removedLeftovers.append(id);
    changed();
}

void QueueSaver::changed()
{
    ++m_revision;
    if (std::exchange(m_isSaving, true))
        return;
    m_saves.spawn([this](std::stop_token stop) { return saveAll(std::move(stop)); });
}

QCoro::Task<void> QueueSaver::saveAll(std::stop_token stop)
{
    std::chrono::milliseconds pause = firstPause;
    // What else changes in this turn of the loop goes along.
    const std::stop_token never;
    const bool isNextTurn = co_await sleepFor(std::chrono::milliseconds(0), never, WaitReason::Disk);
    (void)isNextTurn;
    while (m_savedRevision < m_revision) {
        const qint64 revision = m_revision;
        StoreChanges changes = takeChanges();
        StoreChanges sent = changes;
        const auto result = co_await m_store->commit(std::move(sent));
        if (result) {
            m_savedRevision = revision;
            pause = firstPause;
            tell(revision, result);
            if (std::exchange(m_trouble, std::nullopt))
                Q_EMIT savedAgain();
            continue;
        }
        putBack(std::move(changes));
        const bool isNew = !m_trouble;
        m_trouble = result.error();
        tell(revision, result);
        if (isNew)
            Q_EMIT notSaved(result.error());
        const bool mayGoOn = co_await m_delay(pause, stop);
        if (!mayGoOn)
            break;
        pause = std::min(2 * pause, longestPause);
    }
    m_isSaving = false;
}

StoreChanges QueueSaver::takeChanges()
{
    StoreChanges changes = std::exchange(m_rest, {});
    for (const QString &id : std::exchange(m_jobs, {})) {
        if (const Job *job = m_find(id))
            changes.jobs.append(*job);
    }
    return changes;
}

// Under what changed since.
void QueueSaver::putBack(StoreChanges changes)
{
    for (const Job &job : changes.jobs) {
        if (!m_rest.removedJobs.contains(job.id))
            m_jobs.insert(job.id);
    }
    for (const QString &id : changes.removedJobs) {
        if (!m_jobs.contains(id))
            m_rest.removedJobs.append(id);
    }
    for (auto it = changes.settings.begin(); it != changes.settings.end(); ++it) {
        if (!m_rest.settings.contains(it.key()))
            m_rest.settings.insert(it.key(), it.value());
    }
    for (const Leftover &leftover : changes.leftovers) {
        if (!m_rest.removedLeftovers.contains(leftover.id))
            m_rest.leftovers.append(leftover);
    }
    m_rest.removedLeftovers.append(changes.removedLeftovers);
}

QCoro::Task<Result<void>> QueueSaver::saved()
{
    if (m_savedRevision >= m_revision)
        co_return Result<void>();
    const auto waiter = std::make_shared<Waiter>();
    waiter->revision = m_revision;
    m_waiters.push_back(waiter);
    const std::stop_token never;
    const bool isTold = co_await waiter->event.wait(never);
    (void)isTold;
    co_return waiter->result;
}

void QueueSaver::tell(qint64 revision, const Result<void> &result)
{
    std::vector<std::shared_ptr<Waiter>> told;
    for (const auto &waiter : m_waiters) {
        if (waiter->revision <= revision)
            told.push_back(waiter);
    }
    for (const auto &waiter : told) {
        std::erase(m_waiters, waiter);
        waiter->result = result;
        waiter->event.set();
    }
}

QCoro::Task<void> QueueSaver::flush()
{
    m_saves.cancel();
    co_await m_saves.join();
}

} // namespace sendoff::queue
