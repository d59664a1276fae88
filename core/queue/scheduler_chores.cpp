// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the scheduler does beside running jobs: ends cancels whose grace is over, looks whether
// there is room again, keeps progress for the next start, removes leftovers.

#include "core/queue/scheduler.h"

#include "core/base/crash_point.h"

#include <algorithm>

namespace sendoff::queue {

namespace {

constexpr int lookedAtOnce = 500; // jobs in one turn of the loop
constexpr qint64 roomFor = 16 << 20; // beyond what is needed: others write too

} // namespace

// One task of its kind at a time; it ends when there is nothing to do and is begun again then.
void Scheduler::spawnOnce(bool &runs, QCoro::Task<void> (Scheduler::*task)())
{
    if (runs || m_isClosing || !m_scope)
        return;
    runs = true;
    m_tasks.spawn([this, task](std::stop_token) { return (this->*task)(); });
}

// A cancel that nobody undoes within its grace: what was made is removed.
QCoro::Task<void> Scheduler::letGo(QString id)
{
    const bool hasPassed = co_await m_timing.delay(cancelGrace, m_tasks.token());
    m_graces.erase(id);
    if (hasPassed)
        co_await finishCancel(id);
}

// In this order, so that what is not finished when the program ends is done at its next start:
// the local files while the job still says that it was cancelled; then, in one transaction, that
// it is, and what is to be removed from the destinations.
QCoro::Task<void> Scheduler::finishCancel(QString id)
{
    // That it was cancelled is durable before anything of it is removed.
    const auto saved = co_await m_queue->saved(id);
    if (!saved)
        co_return; // it is said; after the next start at the latest
    crashPoint("cancel-grace-over");
    m_finishing.insert(id);
    const QStringList ids{id};
    co_await atRest(ids);
    co_await removeCancelled(id);
    m_finishing.erase(id);
    track(id);
}

QCoro::Task<void> Scheduler::removeCancelled(QString id)
{
    const auto isCancelled = [this, &id] {
        const Job *job = m_queue->find(id);
        return job && job->cancelledMs > 0;
    };
    if (!isCancelled())
        co_return; // undone, or started over
    m_queue->editJob(id, [](Job &job) {
        for (Leg &leg : job.legs)
            leg.before.reset(); // from here on it cannot be undone
    });
    const auto removed = co_await m_runner->removeUnfinished(id, m_tasks.token());
    if (!removed || !isCancelled())
        co_return; // the program ends: at the next start
    crashPoint("cancel-files-removed");
    m_queue->abandonUploads(id);
    m_queue->editJob(id, [](Job &job) {
        job.cancelledMs = 0;
        for (Leg &leg : job.legs) {
            if (leg.state == LegState::Cancelled)
                leg.resume = {};
        }
    });
    const auto saved = co_await m_queue->saved(id);
    (void)saved; // the queue has said so, and goes on trying
    crashPoint("cancel-finished");
}

QCoro::Task<void> Scheduler::watchSpace()
{
    while (!m_heldForSpace.empty()) {
        const bool hasPassed = co_await m_timing.delay(m_timing.spaceInterval, m_tasks.token());
        if (!hasPassed)
            break;
        const std::vector<QString> held(m_heldForSpace.begin(), m_heldForSpace.end());
        for (const QString &id : held)
            co_await checkSpace(id);
    }
    m_watchesSpace = false;
}

QCoro::Task<void> Scheduler::checkSpace(QString id)
{
    const auto heldLeg = [this, &id] {
        const Job *job = m_queue->find(id);
        return job ? legHeldForSpace(*job) : std::nullopt;
    };
    const auto free = co_await m_runner->freeSpace(id, m_tasks.token());
    const auto leg = heldLeg();
    if (!leg) {
        m_heldForSpace.erase(id);
        co_return;
    }
    const auto &error = m_queue->find(id)->legs[*leg].error;
    const qint64 needed = error ? (*error)[argument::needed].toLongLong() : 0;
    if (!free || *free < needed + roomFor)
        co_return;
    m_heldForSpace.erase(id);
    JobQueue::Why why;
    why.waitFor = WaitFor::Slot;
    m_queue->apply(id, *leg, LegEvent::Hold, std::move(why));
}

// For display after a restart, at most once a second.
QCoro::Task<void> Scheduler::keepProgress()
{
    while (!m_runs.empty()) {
        const bool hasPassed = co_await m_timing.delay(m_timing.progressInterval, m_tasks.token());
        if (!hasPassed)
            break;
        std::vector<QString> running;
        for (const auto &[id, run] : m_runs)
            running.push_back(id);
        for (const QString &id : running) {
            const Job *job = m_queue->find(id);
            for (int leg = 0; job && leg < job->legs.size(); ++leg) {
                const LegProgress progress = m_runner->progress(id, leg);
                if (job->legs[leg].state != LegState::Running
                    || job->legs[leg].doneBytes == progress.bytes)
                    continue;
                m_queue->editLeg(id, leg, [&progress](Leg &edited) {
                    edited.doneBytes = progress.bytes;
                    edited.totalBytes = progress.totalBytes;
                });
                job = m_queue->find(id);
            }
        }
    }
    m_keepsProgress = false;
}

// One after another; what cannot be removed now is tried again later, and at the next start.
QCoro::Task<void> Scheduler::removeLeftovers()
{
    while (!m_queue->leftovers().isEmpty()) {
        const QList<Leftover> all = m_queue->leftovers();
        for (const Leftover &leftover : all) {
            if (m_isClosing || !m_runner->destinations().isReady(leftover.place))
                continue;
            auto discarding = m_runner->discard(leftover, m_tasks.token());
            const auto discarded = co_await std::move(discarding);
            crashPoint("leftover-discarded");
            const bool isHopeless =
                !discarded && discarded.error().retry.when == RetryAdvice::When::Never
                && discarded.error().kind != ErrorKind::Cancelled;
            if (discarded || isHopeless)
                m_queue->forgetLeftover(leftover.id);
        }
        if (m_queue->leftovers().isEmpty())
            break;
        const bool hasPassed = co_await m_timing.delay(m_timing.leftoverInterval, m_tasks.token());
        if (!hasPassed)
            break;
    }
    m_removesLeftovers = false;
}

QCoro::Task<void> Scheduler::removeOrphans(QStringList unfinished)
{
    const std::stop_token never; // it is short, and begun at every start
    const auto removed = co_await m_runner->removeOrphans(unfinished, never);
    (void)removed; // it is only space
}

// What the uploads say that have not been admitted yet; the runner's say it by themselves.
QCoro::Task<void> Scheduler::showDestination(QString place)
{
    int looked = 0;
    const QStringList ids = m_queue->order();
    for (const QString &id : ids) {
        const Job *job = m_queue->find(id);
        if (job && !m_runs.contains(id) && job->recipe.destinations.contains(place))
            showDestinations(id);
        if (++looked % lookedAtOnce == 0) {
            const bool goesOn = co_await sleepFor(std::chrono::milliseconds(0), m_tasks.token());
            if (!goesOn)
                co_return;
        }
    }
}

void Scheduler::showDestinations(const QString &id)
{
    const Job *job = m_queue->find(id);
    if (needsExport(*job))
        return; // that comes first
    for (int leg = 1; leg < job->legs.size(); ++leg) {
        const Leg &upload = job->legs[leg];
        const DestinationState state =
            m_runner->destinations().state(job->recipe.destinations.value(upload.ordinal));
        const bool isHeldThere =
            upload.waitFor == WaitFor::Destination || upload.waitFor == WaitFor::SignIn;
        const bool isReady = state.health == DestinationState::Health::Ready;
        if (upload.state != LegState::Waiting || upload.waitFor == waitFor(state)
            || (isReady && !isHeldThere))
            continue;
        JobQueue::Why why;
        why.waitFor = waitFor(state);
        why.error = state.error;
        m_queue->apply(id, leg, LegEvent::Hold, std::move(why));
    }
}

void Scheduler::setAside(const QString &id)
{
    const Job *job = m_queue->find(id);
    for (int leg = 0; leg < job->legs.size(); ++leg) {
        if (job->legs[leg].state != LegState::Waiting)
            continue;
        JobQueue::Why why;
        why.error = Error(ErrorKind::Internal, QStringLiteral("a run changed nothing"))
                        .with(argument::reason, QStringLiteral("this video does not get on"));
        m_queue->apply(id, leg, LegEvent::Fail, std::move(why));
        return;
    }
}

QList<DestinationState> Scheduler::destinations() const
{
    QList<DestinationState> states = m_runner->destinations().states();
    std::map<QString, int> waiting;
    for (const QString &id : m_queue->order()) {
        const Job &job = *m_queue->find(id);
        for (const Leg &leg : job.legs) {
            if (leg.kind == LegKind::Upload && leg.state == LegState::Waiting
                && (leg.waitFor == WaitFor::Destination || leg.waitFor == WaitFor::SignIn))
                ++waiting[job.recipe.destinations.value(leg.ordinal)];
        }
    }
    for (DestinationState &state : states)
        state.waitingJobs = waiting[state.place];
    return states;
}

void Scheduler::tryNow(const QString &place)
{
    m_runner->destinations().tryNow(place);
}

} // namespace sendoff::queue
