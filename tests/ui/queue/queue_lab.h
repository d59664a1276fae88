// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Queue lab: a real queue with its store, commands and view, whose jobs are put into any state by
// hand: nothing runs. What runners would tell of progress is written into `progress`.

#include "core/activity/recorder.h"
#include "core/queue/job_queue.h"
#include "core/queue/job_runner.h"
#include "core/queue/job_store.h"
#include "core/queue/queue_commands.h"
#include "core/queue/scheduler.h"
#include "ui/queue/queue_actions.h"
#include "ui/queue/queue_filter.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/queue_view.h"

#include <QHash>
#include <QTemporaryDir>
#include <QUndoStack>

#include <QCoroTask>

#include <memory>

namespace sendoff::ui::test {

class QueueLab {
public:
    QueueLab();
    ~QueueLab();

    // At the end of the queue, as they are.
    void add(const QList<queue::Job> &jobs);
    void add(const queue::Job &job) { add(QList<queue::Job>{job}); }
    const queue::Job &job(const QString &id) const { return *queue->find(id); }
    // Samples as if `span` went by, ten times a second, with what `progress` says.
    void pass(std::chrono::milliseconds span);
    QUndoStack undo;
    QHash<std::pair<QString, int>, queue::LegProgress> progress;
    std::chrono::milliseconds now{1'000'000}; // of the model's clock

    std::unique_ptr<queue::JobStore> store;
    std::unique_ptr<queue::JobQueue> queue;
    std::unique_ptr<queue::JobRunner> runner;
    std::unique_ptr<queue::Scheduler> scheduler;
    std::unique_ptr<queue::QueueCommands> commands;
    std::unique_ptr<QueueModel> model;
    std::unique_ptr<QueueFilter> filter;
    std::unique_ptr<QueueActions> actions;

private:
    QTemporaryDir m_folder;
};

// Web 1080p to a tus server, everything waiting.
queue::Job waitingJob(const char *name);
queue::Job jobIn(const char *name, queue::LegState exporting, queue::LegState uploading);

// Nine rows of nearly every state, as in a busy hour, with their progress.
void addMixedRows(QueueLab &lab);

} // namespace sendoff::ui::test
