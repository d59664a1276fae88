// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_runner.h"

#include "core/activity/recorder.h"
#include "core/base/run_on.h"
#include "core/base/worker_pool.h"

#include <QLoggingCategory>

namespace sendoff::queue {

JobRunner::JobRunner(JobQueue *queue, RunnerServices services, RunnerOptions options)
    : m_queue(queue),
      m_services(std::move(services)),
      m_options(options),
      m_exportSlots(options.exportsAtOnce),
      m_copySlots(options.copiesAtOnce),
      m_uploadSlots(options.uploadsAtOnce)
{
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

void JobRunner::settle(const QString &id, int leg, const Error &error)
{
    JobQueue::Why why;
    if (error.kind == ErrorKind::Cancelled) {
        why.waitFor = WaitFor::Slot;
        const Job *job = m_queue->find(id);
        if (isActive(job->legs[leg].state))
            m_queue->apply(id, leg, LegEvent::Interrupted, std::move(why));
        return;
    }
    why.error = error;
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
