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
#include "core/media/media_info.h"
#include "core/queue/destination_board.h"
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
struct ExportPlaces;

// What the runner works with; outlives it.
struct RunnerServices {
    WorkerPool *exports = nullptr;
    WorkerPool *io = nullptr;
    NetworkThread *network = nullptr;
    activity::Recorder *recorder = nullptr;
    FilePath workFolder; // one sub-folder per job
    FilePath presetFolder;
    // Turns a recipe's destination (name or URL) into a configuration with its secrets, for which
    // it may wait until the user has opened the keychain: SignInNeeded where that stays locked. May
    // start what the destination needs (the Shelf).
    std::function<QCoro::Task<Result<transfer::DestinationConfig>>(QString, std::stop_token)>
        resolveDestination;
};

struct RunnerOptions {
    int cores = 1; // for codec threads
    int exportsAtOnce = 1;
    int threadsPerExport = 0; // codec threads of each; 0 = what the cores allow
    int copiesAtOnce = 2; // exports that encode nothing have their own slots
    int uploadsAtOnce = 3;
    qint64 exportMemory = 0; // bytes for all exports together; 0 = what the machine has to give
    DestinationBoard::Timing destinations;
};

// What to do where a destination does not answer or a disk is full: a command that a person waits
// for gives up with a sentence, the queue waits until it goes on.
enum class Patience { GiveUp, WaitOn };

// What a leg does at this moment, for display.
struct LegProgress {
    double fraction = -1; // 0…1, -1 = unknown
    qint64 bytes = 0;
    qint64 totalBytes = -1;
    qint64 frames = 0; // pictures that this run of an export has encoded
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

    void setPatience(Patience patience) { m_patience = patience; }
    // Also as many threads as that needs.
    void setExportsAtOnce(int number);
    void setUploadsAtOnce(int number);
    // As RunnerOptions::threadsPerExport, for exports that have not begun: one that has keeps its
    // own, so that it gives the same bytes when it goes on.
    void setThreadsPerExport(int number) { m_options.threadsPerExport = number; }
    int threadsPerExport() const { return m_options.threadsPerExport; }
    // Removes what one upload left. As transfer::discardUpload().
    QCoro::Task<Result<void>> discard(Leftover leftover, std::stop_token stop);
    // Removes what a job made that is not a finished file: its working folder, what an export had
    // not completed. Nobody may be running it.
    QCoro::Task<Result<void>> removeUnfinished(QString jobId, std::stop_token stop);
    // Removes the working folders of all other jobs, which an earlier run left.
    QCoro::Task<Result<void>> removeOrphans(QStringList neededJobs, std::stop_token stop);
    // Bytes free where the job's export is written, or where uploads keep their state.
    QCoro::Task<Result<qint64>> freeSpace(QString jobId, std::stop_token stop);
    // Resolves when nothing of it waits any more; after the last run() has ended.
    QCoro::Task<void> close();

    LegProgress progress(const QString &jobId, int leg) const;
    const SlotGate &exportSlots() const { return m_exportSlots; }
    const SlotGate &uploadSlots() const { return m_uploadSlots; }
    DestinationBoard &destinations() { return m_destinations; }
    const DestinationBoard &destinations() const { return m_destinations; }

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

    // What an export holds while it runs.
    struct ExportSlots {
        SlotGate::Slot place;
        SlotGate::Slot memory;
    };

    // export_leg.cpp
    QCoro::Task<void> runExportLeg(QString id, JobRunPtr run, std::stop_token stop);
    QCoro::Task<Result<void>> exportJob(QString id, JobRunPtr run, std::stop_token stop);
    struct Planned {
        media::ExportPlan plan;
        media::MediaInfo source;
    };
    QCoro::Task<Result<Planned>> planJob(QString id, JobRunPtr run, std::stop_token stop);
    QCoro::Task<std::optional<ExportSlots>> acquireExportSlots(QString id, Planned planned,
                                                               std::stop_token stop);
    QCoro::Task<Result<media::SendOrder>> sendOrder(QString id, std::stop_token stop);
    QCoro::Task<Result<media::ExportResult>> encode(QString id, JobRunPtr run,
                                                    media::ExportPlan plan, FilePath partial,
                                                    std::stop_token stop);
    int codecThreads() const;

    // export_publish.cpp
    QCoro::Task<Result<void>> rememberMade(QString id, ExportPlaces places, QJsonObject result,
                                           std::stop_token stop);
    QCoro::Task<Result<FilePath>> publish(QString id, std::shared_ptr<const SourceFile> source,
                                          ExportPlaces places, std::stop_token stop);
    QCoro::Task<Result<void>> conclude(QString id, FilePath output);
    QCoro::Task<Result<bool>> finishMade(QString id, JobRunPtr run, std::stop_token stop);
    QCoro::Task<Result<bool>> adoptFinishedExport(QString id, JobRunPtr run, std::stop_token stop);
    QCoro::Task<Result<bool>> adoptFile(QString id, JobRunPtr run, QJsonObject result,
                                        std::stop_token stop);

    // upload_leg.cpp
    QCoro::Task<void> runUploadLeg(QString id, int leg, JobRunPtr run, std::stop_token stop);
    QCoro::Task<Result<transfer::UploadResult>> uploadJob(QString id, int leg, JobRunPtr run,
                                                          int failures, std::stop_token stop);
    QCoro::Task<Result<transfer::UploadResult>> send(QString id, int leg, JobRunPtr run,
                                                     QString place, std::stop_token stop);
    QCoro::Task<void> keepReceipt(QString id, int leg, transfer::UploadResult result);
    QCoro::Task<void> watchForAnswer(QString place,
                                     std::shared_ptr<transfer::UploadProgress> progress,
                                     std::stop_token stop);
    bool waitsForDestination(const QString &id, int leg, const Error &error);
    void settleUpload(const QString &id, int leg, const JobRunPtr &run, const Error &error);
    void showDestination(const QString &place);
    void showDestination(const QString &id, int leg);
    transfer::UploadRequest uploadRequest(const QString &id, int leg, const JobRunPtr &run);
    QCoro::Task<Result<void>> saveUploadState(QString id, int leg, QJsonObject state);
    QCoro::Task<Result<void>> exportIsDone(QString id, JobRunPtr run, std::stop_token stop);

    QCoro::Task<Result<std::shared_ptr<const SourceFile>>> openSource(QString id,
                                                                      std::stop_token stop);
    void settle(const QString &id, int leg, const Error &error);
    QCoro::Task<void> cleanUp(QString id);
    SlotGate::Rank rankOf(const QString &id, int failures = 0) const;
    void warn(const QString &id, int leg, const QString &kind, const QString &text);

    JobQueue *m_queue;
    RunnerServices m_services;
    RunnerOptions m_options;
    SlotGate m_exportSlots;
    SlotGate m_copySlots;
    SlotGate m_uploadSlots;
    SlotGate m_exportMemory; // MiB
    DestinationBoard m_destinations;
    Patience m_patience = Patience::GiveUp;
    std::map<QString, JobRunPtr> m_runs;
};

} // namespace sendoff::queue
