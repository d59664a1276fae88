// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/job_session.h"

#include "core/activity/process_usage.h"
#include "core/activity/trace_export.h"
#include "core/base/run_on.h"

#include <algorithm>
#include <iterator>

namespace sendoff::app {

namespace {

constexpr auto progressInterval = std::chrono::milliseconds(200);

QString keyOf(const QString &job, int leg)
{
    return QStringLiteral("%1/%2").arg(job).arg(leg);
}

} // namespace

JobSession::JobSession(Application &application, Reporter &reporter)
    : m_application(application), m_reporter(reporter), m_startNs(monotonicNs())
{
    connect(&application.queue(), &queue::JobQueue::legChanged, this, &JobSession::legChanged);
    connect(&application.queue(), &queue::JobQueue::notSaved, this,
            [this](const Error &error) { m_reporter.error(std::nullopt, {}, error); });
    connect(&application.runner(), &queue::JobRunner::warned, this,
            [this](const QString &id, int leg, const QString &kind, const QString &text) {
                if (const queue::Job *job = watched(id))
                    m_reporter.warning(refOf(*job, leg), kind, text);
            });
    connect(&application.runner(), &queue::JobRunner::retrying, this,
            [this](const QString &id, int leg, const Error &error, qint64 delayMs) {
                if (const queue::Job *job = watched(id))
                    m_reporter.retrying(refOf(*job, leg), error, delayMs);
            });
    connect(&application.runner(), &queue::JobRunner::foundDone, this,
            [this](const QString &id, int leg) {
                if (const queue::Job *job = watched(id))
                    m_reporter.done(refOf(*job, leg), job->legs[leg].result, true);
            });
    connect(&m_poll, &QTimer::timeout, this, &JobSession::pollProgress);
    m_poll.setInterval(progressInterval);
}

QCoro::Task<void> JobSession::add(FilePath file, queue::Recipe recipe, Again again,
                                  std::stop_token stop)
{
    const auto added = co_await addJob(file, std::move(recipe), again, stop);
    if (!added && added.error().kind != ErrorKind::Cancelled) {
        ++m_failedFiles;
        m_reporter.error(std::nullopt, displayName(file), added.error());
    }
}

void JobSession::watch(const QStringList &ids)
{
    for (const QString &id : ids) {
        if (!m_watched.contains(id)) { // the same file may be given twice
            m_watched.insert(id);
            m_jobIds.append(id);
        }
    }
}

QStringList JobSession::notWatched(const QStringList &ids) const
{
    QStringList others;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(others),
                 [this](const QString &id) { return !m_watched.contains(id); });
    return others;
}

QCoro::Task<Result<void>> JobSession::addJob(FilePath file, queue::Recipe recipe, Again again,
                                             std::stop_token stop)
{
    auto opening = runOn(
        m_application.io(),
        [file, hasExport = !recipe.preset.isEmpty()]() -> Result<std::shared_ptr<const SourceFile>> {
            SO_TRY(auto source, SourceFile::open(file));
            if (hasExport && source->identity().size == 0)
                return failure(Error(ErrorKind::SourceEmpty)
                                   .with(argument::file, displayName(file)));
            return source;
        },
        stop);
    SO_CO_TRY(const auto source, co_await std::move(opening));
    queue::Job job = queue::makeJob(*source, std::move(recipe));
    // Looked up and added without a pause: another command may be adding the same. Watched before:
    // it may begin, and even end, at once.
    const QString same = m_application.queue().findSame(job.sameness);
    if (again == Again::GoOn && !same.isEmpty()) {
        takeUp(same);
        co_return Result<void>();
    }
    const QStringList ids{job.id};
    watch(ids);
    auto adding = m_application.queue().add(std::move(job));
    co_return co_await std::move(adding);
}

// A job of an earlier command: what was given up on or held is let go on.
void JobSession::takeUp(const QString &id)
{
    const QStringList ids{id};
    watch(ids);
    m_application.commands().retry(ids);
    m_application.commands().resume(ids);
    m_takenUp.insert(id);
}

QCoro::Task<void> JobSession::run(std::stop_token stop)
{
    m_poll.start();
    TaskScope checks;
    QStringList ready;
    for (const QString &id : m_jobIds) {
        if (m_takenUp.remove(id))
            checks.spawn(
                [this, id](std::stop_token token) { return checkAndAllow(id, std::move(token)); },
                stop, 0);
        else
            ready.append(id);
    }
    m_application.scheduler().allow(ready);
    co_await checks.join();
    co_await m_application.scheduler().settled(m_jobIds, stop);
    m_poll.stop();
}

// What an earlier command finished is still there, or is made again.
QCoro::Task<void> JobSession::checkAndAllow(QString id, std::stop_token stop)
{
    co_await checkDelivered(id, stop);
    const QStringList ids{id};
    m_application.scheduler().recheck(ids);
    m_application.scheduler().allow(ids);
}

// Uploads that an earlier command finished: still there? Then they are reported as done, else
// sent again.
QCoro::Task<void> JobSession::checkDelivered(QString id, std::stop_token stop)
{
    for (int index = 0;; ++index) {
        const queue::Job *job = m_application.queue().find(id);
        if (!job || index >= job->legs.size())
            co_return;
        const queue::Leg leg = job->legs[index];
        if (leg.kind != queue::LegKind::Upload || leg.state != queue::LegState::Done)
            continue;
        const QString place = job->recipe.destinations.value(leg.ordinal);
        auto config = m_application.prepareDestination(place);
        if (!config)
            continue;
        auto asking = m_application.network().isStillDelivered(
            std::move(*config), leg.resume, leg.result[u"bytes"].toInteger(), stop);
        const auto there = co_await std::move(asking);
        job = m_application.queue().find(id);
        if (!job)
            co_return; // removed meanwhile
        if (there && !*there) {
            m_application.queue().editLeg(id, index, [](queue::Leg &edited) {
                edited.resume = {};
                edited.result = {};
            });
            m_application.queue().apply(id, index, queue::LegEvent::StartOver);
            continue;
        }
        m_reporter.done(refOf(*job, index), leg.result, true);
    }
}

// Null for a job of another command, or one that was removed.
const queue::Job *JobSession::watched(const QString &id) const
{
    return m_watched.contains(id) ? m_application.queue().find(id) : nullptr;
}

LegRef JobSession::refOf(const queue::Job &job, int leg) const
{
    LegRef ref;
    ref.job = job.id;
    ref.leg = leg;
    ref.kind = job.legs[leg].kind;
    ref.file = displayName(job.source);
    ref.isForUploadOnly = job.recipe.outputFolder.empty();
    if (ref.kind == queue::LegKind::Upload)
        ref.place = job.recipe.destinations.value(job.legs[leg].ordinal);
    return ref;
}

void JobSession::legChanged(const QString &id, int index)
{
    const queue::Job *job = watched(id);
    if (!job)
        return;
    const queue::Leg &leg = job->legs[index];
    const LegRef ref = refOf(*job, index);
    m_etas.erase(keyOf(id, index));
    m_reporter.state(ref, leg);
    if (leg.state == queue::LegState::NeedsAttention && leg.error)
        m_reporter.error(ref, ref.file, *leg.error);
    if (leg.state == queue::LegState::Done) {
        for (const QJsonValue &warning : leg.result[u"warnings"].toArray())
            m_reporter.warning(ref, warning[u"kind"].toString(), warning[u"text"].toString());
        m_reporter.done(ref, leg.result, false);
    }
}

void JobSession::pollProgress()
{
    for (const QString &id : m_jobIds) {
        const queue::Job *job = m_application.queue().find(id);
        for (int leg = 0; job && leg < job->legs.size(); ++leg) {
            if (job->legs[leg].state != queue::LegState::Running)
                continue;
            const queue::LegProgress progress = m_application.runner().progress(id, leg);
            m_reporter.progress(refOf(*job, leg), progress,
                                secondsLeft(keyOf(id, leg), progress.fraction));
        }
    }
}

// From the leg's own speed since it began; nothing in the first second or where it is unknown.
std::optional<double> JobSession::secondsLeft(const QString &key, double fraction)
{
    const qint64 now = monotonicNs();
    const auto [found, isNew] = m_etas.try_emplace(key, Eta{now, fraction});
    const Eta &eta = found->second;
    const double elapsed = double(now - eta.startedNs) / 1e9;
    const double startedAt = std::max(0.0, eta.startedAt); // where it was unknown it was 0
    if (isNew || elapsed < 1.0 || fraction <= startedAt)
        return std::nullopt;
    return elapsed * (1.0 - fraction) / (fraction - startedAt);
}

int JobSession::exitCode() const
{
    bool allDone = m_failedFiles == 0;
    for (const QString &id : m_jobIds) {
        const queue::Job *job = m_application.queue().find(id);
        allDone = allDone && job && job->isDone();
    }
    return allDone ? 0 : 1;
}

Summary JobSession::summary() const
{
    Summary summary;
    const activity::Recorder::Snapshot snapshot = m_application.recorder().snapshot();
    const activity::ProcessUsage usage = activity::processUsage();
    summary.wallSeconds = double(monotonicNs() - m_startNs) / 1e9;
    summary.cpuSeconds = usage.cpuSeconds;
    summary.peakRssMib = usage.peakRssMib;
    const double exporting = activity::exportSeconds(snapshot);
    if (exporting > 0)
        summary.coresUsed = usage.lowPriorityCpuSeconds / exporting;
    summary.overlapSeconds = activity::overlapSeconds(snapshot);
    summary.mainLag = m_application.mainLag();
    summary.networkLag = m_application.network().loopLag();
    summary.total = int(m_jobIds.size()) + m_failedFiles;
    for (const QString &id : m_jobIds) {
        const queue::Job *job = m_application.queue().find(id);
        summary.done += job && job->isDone() ? 1 : 0;
    }
    return summary;
}

} // namespace sendoff::app
