// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Who waits for jobs: until there is nothing left to do for them, or until nothing works on them.
#include "core/queue/scheduler.h"

#include <algorithm>

namespace sendoff::queue {

namespace {

bool waitsForSignIn(const Job &job)
{
    return std::any_of(job.legs.begin(), job.legs.end(), [](const Leg &leg) {
        return leg.state == LegState::Waiting && leg.waitFor == WaitFor::SignIn;
    });
}

} // namespace

struct Scheduler::Waiter {
    QStringList ids;
    qsizetype next = 0; // those before it are so
    bool (Scheduler::*isSo)(const QString &) const = nullptr;
    AsyncEvent event;
};

QCoro::Task<void> Scheduler::settled(QStringList ids, std::stop_token stop)
{
    const auto waiter = std::make_shared<Waiter>();
    waiter->ids = std::move(ids);
    waiter->isSo = &Scheduler::isSettled;
    m_waiters.push_back(waiter);
    tellWaiters();
    const bool isSo = co_await waiter->event.wait(stop);
    if (!isSo)
        std::erase(m_waiters, waiter);
}

QCoro::Task<void> Scheduler::atRest(QStringList ids)
{
    for (const QString &id : ids) {
        const auto run = m_runs.find(id);
        if (run != m_runs.end())
            run->second.request_stop();
    }
    const auto waiter = std::make_shared<Waiter>();
    waiter->ids = std::move(ids);
    waiter->isSo = &Scheduler::isAtRest;
    m_waiters.push_back(waiter);
    tellWaiters();
    const std::stop_token never;
    const bool isSo = co_await waiter->event.wait(never);
    (void)isSo;
}

bool Scheduler::isAtRest(const QString &id) const
{
    return !m_runs.contains(id);
}

bool Scheduler::isSettled(const QString &id) const
{
    const Job *job = m_queue->find(id);
    if (m_runs.contains(id)) // it waits for a person, or is about to end
        return job && !canGoOn(*job) && waitsForSignIn(*job);
    if (!job || m_isPausedAll || m_isClosing)
        return true;
    return job->isChecked && !canGoOn(*job);
}

void Scheduler::tellWaiters()
{
    std::vector<std::shared_ptr<Waiter>> done;
    for (const auto &waiter : m_waiters) {
        while (waiter->next < waiter->ids.size() && (this->*waiter->isSo)(waiter->ids[waiter->next]))
            ++waiter->next;
        if (waiter->next == waiter->ids.size())
            done.push_back(waiter);
    }
    for (const auto &waiter : done) {
        std::erase(m_waiters, waiter);
        waiter->event.set();
    }
}

} // namespace sendoff::queue
