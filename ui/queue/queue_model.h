// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueModel: the queue's jobs as rows. A row is made when it is asked for; what changes is marked
// and told at most ten times a second. Not for: changing jobs, but for dragged rows, which it hands
// to QueueCommands.

#include "ui/queue/job_meters.h"
#include "ui/queue/row_content.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>
#include <QTimer>

#include <optional>
#include <vector>

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

    int rowOf(const QString &id) const; // -1 = no such row
    QString idAt(int row) const { return m_rows[std::size_t(row)].id; }
    const queue::RowState &stateAt(int row) const { return m_rows[std::size_t(row)].state; }
    const queue::Job *jobAt(int row) const;
    // How many rows there are of each word.
    int count(queue::RowWord word) const { return m_counts[std::size_t(word)]; }

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
    // Rows were dropped before the one at `row`; the owner moves them (with Undo).
    void moveRequested(const QStringList &ids, int row);

private:
    struct Row {
        QString id;
        queue::RowState state;
    };

    void insertJobs(const QStringList &ids);
    void removeJobs(const QStringList &ids);
    void reorder();
    void reload();
    void changeJob(const QString &id);
    void changeEveryState();
    void setState(Row &row, const queue::RowState &state);
    queue::RowState stateOf(const QString &id) const;
    void number();
    void mark(int row);
    void flush();
    void updateTimer();
    int positionOf(int row) const;
    RowContent contentAt(int row) const;

    queue::JobQueue *m_queue;
    queue::QueueCommands *m_commands;
    JobMeters m_meters;
    SteadyClock m_clock;
    queue::PresetTitles m_titles;
    std::vector<Row> m_rows;
    QHash<QString, int> m_rowOf;
    std::array<int, 11> m_counts{};
    QSet<QString> m_active; // ids whose progress is sampled
    mutable std::vector<int> m_positions; // by row; empty = to be counted again
    int m_firstDirty = -1;
    int m_lastDirty = -1;
    bool m_isShown = false;
    bool m_isFlushPosted = false;
    QTimer m_timer;
};

} // namespace sendoff::ui
