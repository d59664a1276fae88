// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobRunner: orchestrates jobs: probe, plan, export, upload, verify. Its coroutines only wait and
// decide; all work happens in pools and on the network thread.

#include "core/base/async_event.h"
#include "core/base/file_path.h"
#include "core/base/output_feed.h"
#include "core/base/task_scope.h"
#include "core/media/export.h"
#include "core/queue/job_queue.h"
#include "core/queue/slot_gate.h"
#include "core/transfer/uploader.h"

#include <QCoroTask>
#include <QObject>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>

namespace sendoff {
class WorkerPool;
namespace activity {
class Recorder;
}
} // namespace sendoff

namespace sendoff::queue {

class NetworkThread;

// What the runner works with; outlives it.
struct RunnerServices {
    WorkerPool *exports = nullptr;
    WorkerPool *io = nullptr;
    NetworkThread *network = nullptr;
    activity::Recorder *recorder = nullptr;
    FilePath workFolder; // one sub-folder per job
    FilePath presetFolder;
    // Turns a recipe's destination (name or URL) into a configuration with its secrets. May start
    // what the destination needs (the Shelf).
    std::function<Result<transfer::DestinationConfig>(const QString &)> resolveDestination;
};

struct RunnerOptions {
    int cores = 1; // for codec threads
    int exportsAtOnce = 1;
    int copiesAtOnce = 2; // exports that encode nothing have their own slots
    int uploadsAtOnce = 3;
};

// What a leg does at this moment, for display.
struct LegProgress {
    double fraction = -1; // 0…1, -1 = unknown
    qint64 bytes = 0;
    qint64 totalBytes = -1;
    bool waitsForExport = false;
    bool isVerifying = false;
    qint64 nextTryMs = 0; // system clock, 0 = not waiting to try again
    double unsafeSeconds = 0; // of an export: the work that a stop would lose
};

// Main thread.
class JobRunner : public QObject {
    Q_OBJECT

public:
    JobRunner(JobQueue *queue, RunnerServices services, RunnerOptions options);

    // Runs what is left of a job. Resolves when no leg of it can go on by itself, or when stopped:
    // then everything is at rest, saved, and goes on with the next run().
    QCoro::Task<void> run(QString jobId, std::stop_token stop);

    LegProgress progress(const QString &jobId, int leg) const;
    SlotGate &exportSlots() { return m_exportSlots; }
    SlotGate &uploadSlots() { return m_uploadSlots; }

Q_SIGNALS:
    // Worth knowing, but not in the way of being done.
    void warned(const QString &jobId, int leg, const QString &kind, const QString &text);
    // An export of an earlier run was looked at and is still what it was.
    void foundDone(const QString &jobId, int leg);
    // An upload waits and will try again by itself at `nextTry` (empty error: it goes on).
    void retrying(const QString &jobId, int leg, const sendoff::Error &error, qint64 delayMs);

private:
    // What the legs of one running job share.
    struct JobRun {
        std::shared_ptr<const SourceFile> source;
        std::shared_ptr<OutputFeed> feed; // of the export; set before `uploadable`
        FilePath journal; // of the export; its working folder goes once the job is done
        int codecThreads = 1; // of the export's first start
        FilePath deliverable; // where the feed's bytes end; its extension names their kind
        AsyncEvent uploadable; // the uploads may begin, or the export has ended without a result
        AsyncEvent exportEnded; // Done or not
        std::shared_ptr<media::ExportProgress> exportProgress;
        std::chrono::steady_clock::time_point exportSince; // with exportProgress
        std::map<int, std::shared_ptr<transfer::UploadProgress>> uploadProgress; // by leg
    };
    using JobRunPtr = std::shared_ptr<JobRun>;

    // export_leg.cpp
    QCoro::Task<void> runExportLeg(QString id, JobRunPtr run, std::stop_token stop);
    QCoro::Task<Result<void>> exportJob(QString id, JobRunPtr run, std::stop_token stop);
    QCoro::Task<Result<media::ExportPlan>> planJob(QString id, JobRunPtr run,
                                                   std::stop_token stop);
    QCoro::Task<Result<bool>> uploadsInOrderWhileExporting(QString id, std::stop_token stop);
    QCoro::Task<Result<media::ExportResult>> encode(QString id, JobRunPtr run,
                                                    media::ExportPlan plan, FilePath partial,
                                                    std::stop_token stop);
    int codecThreads() const;

    // upload_leg.cpp
    QCoro::Task<void> runUploadLeg(QString id, int leg, JobRunPtr run, std::stop_token stop);
    QCoro::Task<Result<transfer::UploadResult>> uploadJob(QString id, int leg, JobRunPtr run,
                                                          std::stop_token stop);
    transfer::UploadRequest uploadRequest(const QString &id, int leg, const JobRunPtr &run);
    QCoro::Task<Result<void>> saveUploadState(QString id, int leg, QJsonObject state);
    QCoro::Task<Result<void>> exportIsDone(QString id, JobRunPtr run, std::stop_token stop);

    QCoro::Task<Result<std::shared_ptr<const SourceFile>>> openSource(QString id,
                                                                      std::stop_token stop);
    QCoro::Task<Result<bool>> adoptFinishedExport(QString id, JobRunPtr run, std::stop_token stop);
    void settle(const QString &id, int leg, const Error &error);
    QCoro::Task<void> cleanUp(QString id);
    void warn(const QString &id, int leg, const QString &kind, const QString &text);

    JobQueue *m_queue;
    RunnerServices m_services;
    RunnerOptions m_options;
    SlotGate m_exportSlots;
    SlotGate m_copySlots;
    SlotGate m_uploadSlots;
    std::map<QString, JobRunPtr> m_runs;
};

} // namespace sendoff::queue
