// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/scheduler.h"

#include "core/base/sleep.h"

#include <algorithm>

namespace sendoff::queue {

namespace {

// So many jobs are opened and planned ahead of a free slot: enough that a copy, which has slots of
// its own, is found behind some that must be encoded.
constexpr int plannedAhead = 4;

} // namespace

Scheduler::Scheduler(JobQueue *queue, JobRunner *runner) : Scheduler(queue, runner, Timing()) {}

Scheduler::Scheduler(JobQueue *queue, JobRunner *runner, Timing timing)
    : m_queue(queue), m_runner(runner), m_timing(std::move(timing))
{
    if (!m_timing.delay) {
        m_timing.delay = [](std::chrono::milliseconds duration, std::stop_token stop) {
            return sleepFor(duration, std::move(stop));
        };
    }
    connect(queue, &JobQueue::jobsAdded, this, [this](const QStringList &ids) {
        for (const QString &id : ids)
            track(id);
    });
    connect(queue, &JobQueue::jobsRemoved, this, &Scheduler::forget);
    connect(queue, &JobQueue::orderChanged, this, &Scheduler::trackAll);
    connect(queue, &JobQueue::jobChanged, this, &Scheduler::track);
    connect(queue, &JobQueue::legChanged, this, &Scheduler::track);
    connect(queue, &JobQueue::leftoverAdded, this,
            [this] { spawnOnce(m_removesLeftovers, &Scheduler::removeLeftovers); });
    connect(&runner->destinations(), &DestinationBoard::changed, this,
            [this](const QString &place) {
                m_tasks.spawn([this, place](std::stop_token) { return showDestination(place); });
                Q_EMIT destinationChanged(place);
            });
}

void Scheduler::start(Scope scope)
{
    m_scope = scope;
    m_isPausedAll = m_queue->settingOf(setting::pausedAll) == u"1";
    m_runner->setPatience(scope == Scope::AllJobs ? Patience::WaitOn : Patience::GiveUp);
    QStringList cancelled;
    QStringList unfinished;
    for (const QString &id : m_queue->order()) {
        if (m_queue->find(id)->cancelledMs > 0)
            cancelled.append(id);
        if (!m_queue->find(id)->isDone())
            unfinished.append(id);
    }
    // How destinations are is found out anew.
    for (const QString &id : unfinished)
        showDestinations(id);
    m_tasks.spawn([this, unfinished](std::stop_token) { return removeOrphans(unfinished); });
    // The program ended within their grace: nobody can undo them any more.
    for (const QString &id : cancelled)
        m_tasks.spawn([this, id](std::stop_token) { return finishCancel(id); });
    if (!m_queue->leftovers().isEmpty())
        spawnOnce(m_removesLeftovers, &Scheduler::removeLeftovers);
    trackAll();
}

void Scheduler::allow(const QStringList &ids)
{
    for (const QString &id : ids) {
        m_allowed.insert(id);
        track(id);
    }
}

void Scheduler::recheck(const QStringList &ids)
{
    for (const QString &id : ids) {
        const Job *job = m_queue->find(id);
        if (job && job->isDone() && !m_runs.contains(id) && !m_isClosing)
            begin(id);
    }
}

bool Scheduler::mayRun(const QString &id) const
{
    return m_scope && !m_isPausedAll && !m_isClosing && !m_finishing.contains(id)
        && (*m_scope == Scope::AllJobs || m_allowed.contains(id));
}

// Into or out of what is ready, as the job is now.
void Scheduler::track(const QString &id)
{
    const Job *job = m_queue->find(id);
    if (!job || m_runs.contains(id) || !mayRun(id)) {
        m_ready.remove(id);
    } else if (legHeldForSpace(*job)) {
        m_ready.remove(id);
        m_heldForSpace.insert(id);
        spawnOnce(m_watchesSpace, &Scheduler::watchSpace);
    } else {
        m_ready.update(*job);
        admitSoon();
        showDestinations(id);
    }
    tellWaiters();
}

void Scheduler::trackAll()
{
    m_ready.clear();
    for (const QString &id : m_queue->order())
        track(id);
}

void Scheduler::forget(const QStringList &ids)
{
    for (const QString &id : ids) {
        m_ready.remove(id);
        m_allowed.erase(id);
    }
    tellWaiters();
}

// Not from inside a signal: one look after all that changed in this turn of the loop.
void Scheduler::admitSoon()
{
    if (m_willAdmit)
        return;
    m_willAdmit = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_willAdmit = false;
            admit();
        },
        Qt::QueuedConnection);
}

void Scheduler::admit()
{
    while (admitExport()) { }
    for (const QString &place : m_ready.places()) {
        while (admitUpload(place)) { }
    }
}

bool Scheduler::admitExport()
{
    const auto id = m_ready.firstExport();
    if (!id || exportsAhead() >= plannedAhead)
        return false;
    begin(*id);
    return true;
}

bool Scheduler::admitUpload(const QString &place)
{
    const auto id = m_ready.firstUpload(place);
    if (!id || uploadsAhead(place) >= uploadsAtOnce())
        return false;
    begin(*id);
    return true;
}

// Admitted exports that wait for a slot.
int Scheduler::exportsAhead() const
{
    return int(std::count_if(m_runs.begin(), m_runs.end(), [this](const auto &run) {
        const Job *job = m_queue->find(run.first);
        return job && job->exportLeg().state == LegState::Waiting;
    }));
}

// Admitted jobs that could upload to `place` now and wait for their turn.
int Scheduler::uploadsAhead(const QString &place) const
{
    return int(std::count_if(m_runs.begin(), m_runs.end(), [&](const auto &run) {
        const Job *job = m_queue->find(run.first);
        return job && !needsExport(*job)
            && std::any_of(job->legs.begin(), job->legs.end(), [&](const Leg &leg) {
                   return leg.kind == LegKind::Upload && leg.state == LegState::Waiting
                       && job->recipe.destinations.value(leg.ordinal) == place;
               });
    }));
}

void Scheduler::begin(const QString &id)
{
    m_ready.remove(id);
    const std::stop_token stop = m_runs[id].get_token();
    spawnOnce(m_keepsProgress, &Scheduler::keepProgress);
    m_tasks.spawn([this, id](std::stop_token token) { return runJob(id, std::move(token)); }, stop,
                  0);
}

QCoro::Task<void> Scheduler::runJob(QString id, std::stop_token stop)
{
    const QList<Leg> before = m_queue->find(id)->legs;
    co_await m_runner->run(id, stop);
    m_runs.erase(id);
    const Job *job = m_queue->find(id);
    if (job && job->legs == before && canGoOn(*job) && !stop.stop_requested())
        setAside(id); // it would run again and again
    track(id);
    admitSoon();
}

QCoro::Task<void> Scheduler::close()
{
    m_isClosing = true;
    m_ready.clear();
    for (auto &[id, stop] : m_runs)
        stop.request_stop();
    m_tasks.cancel();
    tellWaiters();
    co_await m_tasks.join();
    co_await m_runner->close();
    co_await m_queue->flush();
}

void Scheduler::setPausedAll(bool isPausedAll)
{
    if (m_isPausedAll == isPausedAll)
        return;
    m_isPausedAll = isPausedAll;
    m_queue->setSetting(setting::pausedAll, isPausedAll ? QStringLiteral("1") : QStringLiteral("0"));
    if (isPausedAll) {
        for (auto &[id, stop] : m_runs)
            stop.request_stop();
    }
    trackAll();
}

bool Scheduler::isPausedAll() const
{
    return m_isPausedAll;
}

void Scheduler::reconsider(const QStringList &ids)
{
    for (const QString &id : ids) {
        const Job *job = m_queue->find(id);
        const auto run = m_runs.find(id);
        if (run != m_runs.end() && (!job || !canGoOn(*job)))
            run->second.request_stop();
        if (job && job->cancelledMs > 0 && m_graces.insert(id).second)
            m_tasks.spawn([this, id](std::stop_token) { return letGo(id); });
        track(id);
    }
}

void Scheduler::restart(const QStringList &ids)
{
    for (const QString &id : ids) {
        const auto run = m_runs.find(id);
        if (run != m_runs.end())
            run->second.request_stop();
        track(id);
    }
}

void Scheduler::setExportsAtOnce(int number)
{
    m_runner->setExportsAtOnce(number);
    admitSoon();
}

void Scheduler::setUploadsAtOnce(int number)
{
    m_runner->setUploadsAtOnce(number);
    admitSoon();
}

void Scheduler::setThreadsPerExport(int number)
{
    m_runner->setThreadsPerExport(number);
}

int Scheduler::threadsPerExport() const
{
    return m_runner->threadsPerExport();
}

int Scheduler::exportsAtOnce() const
{
    return m_runner->exportSlots().slotCount();
}

int Scheduler::uploadsAtOnce() const
{
    return m_runner->uploadSlots().slotCount();
}

double Scheduler::restartCostSeconds(const QString &id) const
{
    return m_runner->progress(id, 0).unsafeSeconds;
}

} // namespace sendoff::queue
