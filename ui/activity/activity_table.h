// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityTableModel: the facts of the timeline as a table, one row per lane: for screen readers,
// and for who wants numbers. Shares are of the last ten seconds, and so is what sets the pace.

#include "core/activity/timeline.h"

#include <QAbstractTableModel>

#include <vector>

namespace sendoff::ui {

class ActivityTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { LaneName, Job, State, Running, Ready, Waiting, Pace, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    // Rows of lanes that stay keep their place.
    // `exportCpuShare` as in activity::Load.
    void show(const activity::Timeline &timeline, double exportCpuShare = -1);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    struct Row {
        activity::LaneKind kind;
        quint16 thread = 0;
        ActivityId activity = 0;
        QString lane;
        QString job;
        QString state;
        QString pace; // what sets it for the lane's video
        double running = 0; // shares, 0…1; ready and waiting below 0: has no meaning for the lane
        double ready = -1;
        double waiting = -1;

        bool isOf(const Row &other) const;
    };
    static std::vector<Row> rowsOf(const activity::Timeline &timeline, double exportCpuShare);
    void exchange(std::vector<Row> rows);

    std::vector<Row> m_rows;
};

} // namespace sendoff::ui
