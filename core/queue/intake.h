// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Intake: the way of files and folders into the queue. Rows are there at once, as Checking; files
// are opened and probed on the I/O pool; what is not a video is named once (UX.md 4).

#include "core/base/file_path.h"
#include "core/base/task_scope.h"
#include "core/queue/job.h"

#include <QObject>
#include <QStringList>

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
    // mirrored in Recipe::outputFolder. `ownFolders`: where Sendoff puts results; refused.
    BatchId add(std::vector<FilePath> paths, Recipe recipe, IfQueued ifQueued = IfQueued::Skip);
    void setOwnFolders(std::vector<FilePath> folders);
    // Answers askedAboutMany(): nothing of a folder is queued before.
    void confirm(BatchId batch, bool addAll);
    void stopSearching(BatchId batch);
    QCoro::Task<void> close();

Q_SIGNALS:
    // While folders are searched, at most ten times a second.
    void searching(sendoff::queue::BatchId batch, const QString &folder, int found);
    void askedAboutMany(sendoff::queue::BatchId batch, int videos, qint64 bytes);
    void finished(const sendoff::queue::BatchReport &report);
};

} // namespace sendoff::queue
