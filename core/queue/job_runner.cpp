// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_runner.h"

#include "core/activity/recorder.h"
#include "core/base/crash_point.h"
#include "core/base/run_on.h"
#include "core/base/worker_pool.h"
#include "core/queue/export_memory.h"
#include "core/queue/network_thread.h"

#include <QLoggingCategory>
#include <QSet>

namespace sendoff::queue {

JobRunner::JobRunner(JobQueue *queue, RunnerServices services, RunnerOptions options)
    : m_queue(queue),
      m_services(std::move(services)),
      m_options(options),
      m_exportSlots(options.exportsAtOnce),
      m_copySlots(options.copiesAtOnce),
      m_uploadSlots(options.uploadsAtOnce),
      m_exportMemory((options.exportMemory > 0 ? options.exportMemory : exportMemoryBudget()) >> 20),
      m_destinations(options.uploadsAtOnce, options.destinations)
{
    connect(&m_destinations, &DestinationBoard::changed, this,
            [this](const QString &place) { showDestination(place); });
}

void JobRunner::setExportsAtOnce(int number)
{
    m_services.exports->setThreadCount(number + m_options.copiesAtOnce);
    m_exportSlots.setSlots(number);
}

void JobRunner::setUploadsAtOnce(int number)
{
    m_uploadSlots.setSlots(number);
    m_destinations.setUploadsAtOnce(number);
}

// The first in the queue goes first; one that has met a destination that does not answer goes
// behind the others, so that each gets to try.
SlotGate::Rank JobRunner::rankOf(const QString &id, int failures) const
{
    return [this, id, failures] {
        const Job *job = m_queue->find(id);
        return (qint64(failures) << 40) + (job ? job->position : 0);
    };
}

QCoro::Task<void> JobRunner::run(QString jobId, std::stop_token stop)
{
    const Job *job = m_queue->find(jobId);
    if (!job || m_runs.contains(jobId))
        co_return;
    const JobRunPtr run = std::make_shared<JobRun>();
    m_runs.emplace(jobId, run);
    const QString title = displayName(job->source);
    TaskScope legs;
    for (int leg = 0; leg < job->legs.size(); ++leg) {
        const bool isExport = job->legs[leg].kind == LegKind::Export;
        const ActivityId activity = m_services.recorder->registerActivity(
            title, isExport ? activity::ActivityRole::Export : activity::ActivityRole::Upload,
            jobId);
        legs.spawn(
            [this, jobId, leg, run, isExport](std::stop_token token) {
                return isExport ? runExportLeg(jobId, run, std::move(token))
                                : runUploadLeg(jobId, leg, run, std::move(token));
            },
            stop, activity);
        job = m_queue->find(jobId);
    }
    co_await legs.join();
    co_await cleanUp(jobId);
    m_runs.erase(jobId);
}

QCoro::Task<Result<std::shared_ptr<const SourceFile>>> JobRunner::openSource(QString id,
                                                                             std::stop_token stop)
{
    const Job *job = m_queue->find(id);
    const FilePath path = job->source;
    const FileIdentity expected = job->identity;
    auto opening = runOn(
        *m_services.io, [path] { return SourceFile::open(path); }, stop);
    SO_CO_TRY(auto source, co_await std::move(opening));
    if (expected.size == 0 && expected.inode == 0) {
        // Never looked at, or to be looked at anew.
        m_queue->editJob(id, [&source](Job &opened) {
            opened.identity = source->identity();
            opened.sameness = samenessOf(opened.identity, opened.recipe);
        });
        co_return source;
    }
    if (!source->identity().isUnchanged(expected)) {
        co_return failure(Error(ErrorKind::SourceChanged, QStringLiteral("since it was added"))
                              .with(argument::file, displayName(path)));
    }
    co_return source;
}

QCoro::Task<Result<void>> JobRunner::discard(Leftover leftover, std::stop_token stop)
{
    auto resolving = m_services.resolveDestination(leftover.place, stop);
    SO_CO_TRY(auto config, co_await std::move(resolving));
    auto discarding = m_services.network->discard(std::move(config), leftover.resume, stop);
    co_return co_await std::move(discarding);
}

QCoro::Task<Result<void>> JobRunner::removeUnfinished(QString jobId, std::stop_token stop)
{
    const Job *job = m_queue->find(jobId);
    if (!job)
        co_return Result<void>();
    const FilePath folder = m_services.workFolder / jobId.toStdString();
    const FilePath partial = fromStored(job->exportLeg().resume[u"partial"].toString());
    auto removing = runOn(
        *m_services.io,
        [folder, partial]() -> Result<void> {
            std::error_code code;
            if (!partial.empty())
                std::filesystem::remove(partial, code);
            crashPoint("cancel-partial-removed");
            std::filesystem::remove_all(folder, code);
            return {};
        },
        stop);
    co_return co_await std::move(removing);
}

QCoro::Task<Result<void>> JobRunner::removeOrphans(QStringList neededJobs, std::stop_token stop)
{
    const QSet<QString> needed(neededJobs.begin(), neededJobs.end());
    const auto now = std::filesystem::file_time_type::clock::now(); // later ones are of this run
    auto removing = runOn(
        *m_services.io,
        [needed, now, folder = m_services.workFolder]() -> Result<void> {
            std::error_code code;
            for (const auto &entry : std::filesystem::directory_iterator(folder, code)) {
                const QString name = QString::fromStdString(entry.path().filename().string());
                const bool isOld = entry.last_write_time(code) < now && !code;
                if (isJobId(name) && !needed.contains(name) && isOld)
                    std::filesystem::remove_all(entry.path(), code);
            }
            return {}; // what stays behind is only space
        },
        stop);
    co_return co_await std::move(removing);
}

QCoro::Task<Result<qint64>> JobRunner::freeSpace(QString jobId, std::stop_token stop)
{
    const Job *job = m_queue->find(jobId);
    bool endsInFolder = job && !job->recipe.outputFolder.empty()
        && job->exportLeg().state == LegState::Waiting;
    // It may be the journal that has no room.
    if (endsInFolder && job->exportLeg().error)
        endsInFolder = !(*job->exportLeg().error)[argument::folder].startsWith(
            displayPath(m_services.workFolder));
    const FilePath folder = endsInFolder ? job->recipe.outputFolder : m_services.workFolder;
    auto asking = runOn(
        *m_services.io,
        [folder]() -> Result<qint64> {
            std::error_code code;
            const auto space = std::filesystem::space(folder, code);
            if (code)
                return failure(Error::fromErrno(code.value(), Error::FileRole::Output,
                                                QStringLiteral("ask for free space"),
                                                displayPath(folder)));
            return qint64(space.available);
        },
        stop);
    co_return co_await std::move(asking);
}

QCoro::Task<void> JobRunner::close()
{
    co_await m_destinations.close();
}

void JobRunner::settle(const QString &id, int leg, const Error &error)
{
    JobQueue::Why why;
    const LegState state = m_queue->find(id)->legs[leg].state;
    if (error.kind == ErrorKind::Cancelled) {
        why.waitFor = WaitFor::Slot;
        if (isActive(state))
            m_queue->apply(id, leg, LegEvent::Interrupted, std::move(why));
        return;
    }
    if (state != LegState::Waiting && !isActive(state))
        return; // paused or cancelled while it failed
    why.error = error;
    if (error.kind == ErrorKind::DiskFull && m_patience == Patience::WaitOn) {
        why.waitFor = WaitFor::Space;
        m_queue->apply(id, leg, LegEvent::Hold, std::move(why));
        return;
    }
    m_queue->apply(id, leg, LegEvent::Fail, std::move(why));
}

QCoro::Task<void> JobRunner::cleanUp(QString id)
{
    const Job *job = m_queue->find(id);
    if (!job || !job->isDone())
        co_return;
    const FilePath folder = m_services.workFolder / id.toStdString();
    auto removing = runOn(
        *m_services.io,
        [folder]() -> Result<void> {
            std::error_code code; // what stays behind is only space; the next start removes it
            std::filesystem::remove_all(folder, code);
            return {};
        },
        std::stop_token());
    const auto removed = co_await std::move(removing);
    (void)removed; // remove_all's failure is ignored above on purpose
}

void JobRunner::warn(const QString &id, int leg, const QString &kind, const QString &text)
{
    Q_EMIT warned(id, leg, kind, text);
}

LegProgress JobRunner::progress(const QString &jobId, int leg) const
{
    LegProgress progress;
    const auto found = m_runs.find(jobId);
    const Job *job = m_queue->find(jobId);
    if (found == m_runs.end() || !job)
        return progress;
    const JobRun &run = *found->second;
    if (job->legs[leg].kind == LegKind::Export) {
        if (!run.exportProgress)
            return progress;
        progress.fraction = run.exportProgress->fraction();
        progress.bytes = run.exportProgress->bytes;
        progress.frames = run.exportProgress->frames;
        progress.isVerifying = run.exportProgress->isVerifying;
        const std::chrono::duration<double> work =
            std::chrono::steady_clock::now() - run.exportSince;
        // What has been done since the last segment, as a part of what this run has done.
        const qint64 done = run.exportProgress->doneUs - run.exportProgress->beganUs;
        const qint64 unsafe = run.exportProgress->doneUs - run.exportProgress->safeUs;
        if (done > 0 && unsafe > 0 && !run.exportProgress->hasEnded)
            progress.unsafeSeconds = work.count() * std::min(1.0, double(unsafe) / double(done));
        return progress;
    }
    const auto upload = run.uploadProgress.find(leg);
    if (upload == run.uploadProgress.end())
        return progress;
    const transfer::UploadProgress &state = *upload->second;
    progress.totalBytes = state.total;
    progress.bytes = state.confirmed + state.inFlight;
    if (progress.totalBytes >= 0)
        progress.bytes = std::min(progress.bytes, progress.totalBytes);
    if (progress.totalBytes > 0)
        progress.fraction = double(progress.bytes) / double(progress.totalBytes);
    progress.waitsForExport = state.waitsForExport;
    progress.isVerifying = state.isVerifying;
    progress.nextTryMs = state.nextTryMs;
    return progress;
}

} // namespace sendoff::queue
