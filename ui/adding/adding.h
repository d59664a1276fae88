// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Adding: the way from drops, the clipboard, dialogs and arguments to queue::Intake, and what is
// said about it in the notice bar and the undo bar. No dialog is ever opened.

#include "core/queue/intake.h"
#include "core/queue/job.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <vector>

class QMimeData;
class QUndoStack;

namespace sendoff::queue {
class JobQueue;
class QueueCommands;
}

namespace sendoff::ui {

class NoticeBar;
class UndoBar;

// What Adding works with; outlives it.
struct AddingParts {
    queue::JobQueue *queue = nullptr;
    queue::QueueCommands *commands = nullptr;
    queue::Intake *intake = nullptr;
    NoticeBar *notices = nullptr;
    UndoBar *undoBar = nullptr;
    QUndoStack *undoStack = nullptr;
    std::function<queue::Recipe()> recipe; // of new videos, now
};

class Adding : public QObject {
    Q_OBJECT

public:
    explicit Adding(AddingParts parts);

    // With the recipe for new videos as it is now, or with another one.
    void add(std::vector<FilePath> paths);
    void add(std::vector<FilePath> paths, queue::Recipe recipe);
    // A drop or a paste. Says why where there is nothing that can be added.
    void addFrom(const QMimeData &data);
    // The stored queue is loaded. What was added before has waited for it.
    void open();

Q_SIGNALS:
    // Rows to look at: they stand for what was added again.
    void alreadyQueued(const QStringList &ids);
    void added(const QStringList &ids);
    void changeRecipeWanted(const QStringList &ids);
    // A folder of many videos: the user picks among them.
    void chooseWanted(const sendoff::FilePath &folder);

private:
    struct Batch {
        std::vector<FilePath> paths;
        queue::Recipe recipe;
    };

    void showSearch(queue::BatchId id, const QString &folder, int found);
    void askAboutMany(queue::BatchId id, int videos, qint64 bytes);
    void answer(queue::BatchId id, bool addAll);
    void report(const queue::BatchReport &report);
    void offerUndo(const QStringList &ids);
    void tellAlreadyQueued(const QStringList &ids, const queue::Recipe &recipe);
    void tellNotVideos(const QStringList &names);
    void tellRest(const queue::BatchReport &report);

    AddingParts m_parts;
    bool m_isOpen = false;
    std::vector<Batch> m_waiting; // until the queue is loaded
    QHash<queue::BatchId, Batch> m_batches; // that are not reported yet
};

} // namespace sendoff::ui
