// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueModel: the queue's jobs as rows. A row is made when it is asked for; what changes is marked
// and told at most ten times a second. Not for: changing jobs, but for dragged rows, which it hands
// to QueueCommands.

#include "ui/queue/job_meters.h"
#include "ui/queue/queue_rows.h"
#include "ui/queue/row_content.h"

#include <QAbstractListModel>
#include <QTimer>

namespace sendoff::queue {
class JobQueue;
class QueueCommands;
} // namespace sendoff::queue

namespace sendoff::ui {

// Main thread. `queue` and `commands` outlive it.
class QueueModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole + 1, // QString
        ContentRole, // RowContent
        WordRole, // int, a queue::RowWord
    };
    static constexpr std::chrono::milliseconds tick{100};

    QueueModel(queue::JobQueue *queue, queue::QueueCommands *commands, ProgressSource progress,
               SteadyClock clock = steadyNow, QObject *parent = nullptr);

    void setPresetTitles(queue::PresetTitles titles);
    // Hidden: nothing is sampled and no progress is told; rows and states stay right.
    void setShown(bool isShown);
    // Looks at what runs and tells what changed. While shown, a timer calls it.
    void sample();

    const QueueRows &rows() const { return m_rows; }
    // The time until everything that runs and waits is done; looked at once a second,
    // every five seconds with ten thousand rows.
    std::optional<queue::TimeRange> left() const { return m_left; }
    const queue::Job *jobAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    // Rows are moved; a finished row that is dragged out offers its file.
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    Qt::DropActions supportedDropActions() const override;
    bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                         const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;

Q_SIGNALS:
    void countsChanged();
    // left() reads differently.
    void leftChanged();
    // Rows were dropped before the one at `row`; the owner moves them (with Undo).
    void moveRequested(const QStringList &ids, int row);

private:
    void connectQueue();
    void insertJobs(const QStringList &ids);
    void removeJobs(const QStringList &ids);
    void reorder();
    void changeJob(const QString &id);
    void changeEveryState();
    queue::RowState stateOf(const QString &id) const;
    void mark(int row);
    void markAll();
    void flush();
    void updateTimer();
    void estimateLeft();
    RowContent contentAt(int row) const;

    queue::JobQueue *m_queue;
    queue::QueueCommands *m_commands;
    JobMeters m_meters;
    SteadyClock m_clock;
    queue::PresetTitles m_titles;
    QueueRows m_rows;
    int m_firstDirty = -1;
    int m_lastDirty = -1;
    std::optional<queue::TimeRange> m_left;
    int m_ticks = 0; // until left() is looked at again
    bool m_isShown = false;
    bool m_isFlushPosted = false;
    QTimer m_timer;
};

} // namespace sendoff::ui
