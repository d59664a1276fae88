// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Intake: the way of files and folders into the queue. Rows are there at once, as Checking; files
// are opened and probed on the I/O pool; what is not a video is named once (UX.md 4).

#include "core/base/file_path.h"
#include "core/base/task_scope.h"
#include "core/queue/job.h"
#include "core/queue/slot_gate.h"

#include <QCoroTask>
#include <QObject>
#include <QStringList>

#include <map>
#include <memory>
#include <vector>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::queue {

class JobQueue;
class QueueCommands;

using BatchId = quint64; // one drop, one file dialog, one command

// What became of one batch, when nothing of it is being checked any more.
struct BatchReport {
    BatchId batch = 0;
    QStringList added; // job ids in queue order
    QStringList alreadyQueued; // job ids that stand in the queue for the same file and recipe
    QStringList notVideos; // displayed names: pictures, texts, archives, …
    QStringList refused; // displayed names: Sendoff's own output folders
    QList<Error> errors; // folders that cannot be read, …
    bool isEmptyFolder = false;
};

// Main thread. close() is awaited before it dies.
class Intake : public QObject {
    Q_OBJECT

public:
    static constexpr int askAbove = 50; // videos found in folders

    Intake(JobQueue *queue, QueueCommands *commands, WorkerPool *io);

    enum class IfQueued { Skip, AddAgain };
    // Files in the order given; folders are searched, their files in natural order, sub-folders
    // mirrored in Recipe::subFolder. `ownFolders`: where Sendoff puts results; refused.
    BatchId add(std::vector<FilePath> paths, Recipe recipe, IfQueued ifQueued = IfQueued::Skip);
    void setOwnFolders(std::vector<FilePath> folders);
    // Answers askedAboutMany(): nothing of a folder is queued before.
    void confirm(BatchId batch, bool addAll);
    void stopSearching(BatchId batch);
    // Goes on with the rows of an earlier run that were never opened.
    void checkStored();
    QCoro::Task<void> close();

Q_SIGNALS:
    // While folders are searched, at most ten times a second.
    void searching(sendoff::queue::BatchId batch, const QString &folder, int found);
    void askedAboutMany(sendoff::queue::BatchId batch, int videos, qint64 bytes);
    void finished(const sendoff::queue::BatchReport &report);

private:
    struct Batch;
    using BatchPtr = std::shared_ptr<Batch>;
    QCoro::Task<void> run(BatchPtr batch, QList<Job> rows, std::stop_token stop);
    void takeFile(const BatchPtr &batch, const FilePath &path, const QString &id);
    QCoro::Task<void> takeFolder(BatchPtr batch, FilePath folder, QString row,
                                 std::stop_token stop);
    void addRows(const BatchPtr &batch, const QList<Job> &jobs);
    QCoro::Task<void> save(QList<Job> jobs);
    void beginCheck(const BatchPtr &batch, const QString &id);
    static void rowChecked(Batch &batch);
    QCoro::Task<void> checkRow(BatchPtr batch, QString id, std::stop_token stop);
    QCoro::Task<void> accept(BatchPtr batch, QString id, FileIdentity identity);
    QCoro::Task<void> reject(BatchPtr batch, QString id, Error error);
    QCoro::Task<void> drop(QString id);
    bool isOwn(const FilePath &path) const;

    JobQueue *m_queue;
    QueueCommands *m_commands;
    WorkerPool *m_io;
    SlotGate m_checks;
    std::vector<FilePath> m_ownFolders;
    std::map<BatchId, BatchPtr> m_batches;
    BatchId m_lastBatch = 0;
    TaskScope m_tasks;
};

} // namespace sendoff::queue
