// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_table.h"

#include "ui/activity/activity_words.h"

#include <algorithm>

namespace sendoff::ui {

namespace {

using activity::Duty;
using activity::Lane;
using activity::LaneKind;
using activity::SpanKind;
using activity::Timeline;

constexpr qint64 tableNs = 10'000'000'000;

QString stateOf(const Lane &lane)
{
    const bool isOpen = lane.open().has_value();
    switch (lane.kind()) {
    case LaneKind::Worker:
        return isOpen ? ActivityTableModel::tr("exporting") : ActivityTableModel::tr("idle");
    case LaneKind::Upload:
        if (!isOpen)
            return ActivityTableModel::tr("ended");
        return lane.open()->kind == SpanKind::Turn ? ActivityTableModel::tr("has its turn")
                                                   : waitWords(lane.open()->reason);
    case LaneKind::NetworkLoop:
        return isOpen ? ActivityTableModel::tr("works for an upload")
                      : ActivityTableModel::tr("waiting for work");
    case LaneKind::WindowLoop:
        return ActivityTableModel::tr("shows this window");
    }
    return {};
}

} // namespace

bool ActivityTableModel::Row::isOf(const Row &other) const
{
    return kind == other.kind && thread == other.thread && activity == other.activity;
}

std::vector<ActivityTableModel::Row> ActivityTableModel::rowsOf(const Timeline &timeline,
                                                                double exportCpuShare)
{
    const qint64 end = timeline.nowNs();
    const qint64 begin = std::max(end - tableNs, timeline.beginNs());
    const auto share = [&](qint64 part) {
        return end > begin ? std::clamp(double(part) / double(end - begin), 0.0, 1.0) : 0.0;
    };
    std::vector<Row> rows;
    int worker = 0;
    for (const Lane &lane : timeline.lanes()) {
        Row row{lane.kind(), lane.thread(), lane.activity(), {}, {}, stateOf(lane), {}};
        worker += lane.kind() == LaneKind::Worker ? 1 : 0;
        row.lane = laneTitle(timeline, lane, worker);
        const Duty duty = lane.duty(begin, end);
        if (lane.open())
            row.job = timeline.facts(lane.open()->activity).title;
        switch (lane.kind()) {
        case LaneKind::Worker:
            row.running = share(duty.workNs);
            break;
        case LaneKind::Upload:
            row.lane = tr("Upload");
            row.job = timeline.facts(lane.activity()).title;
            row.running = share(duty.turnNs);
            row.ready = share(duty.readyNs);
            row.waiting = share(duty.waitTotalNs());
            break;
        case LaneKind::NetworkLoop:
        case LaneKind::WindowLoop:
            row.running = share(std::max(duty.busyNs, duty.turnNs));
            break;
        }
        const QString job = lane.open() ? timeline.facts(lane.open()->activity).job : QString();
        if (!job.isEmpty())
            row.pace = bottleneckWord(bottleneckNow(timeline, job, exportCpuShare));
        rows.push_back(std::move(row));
    }
    return rows;
}

void ActivityTableModel::show(const Timeline &timeline, double exportCpuShare)
{
    exchange(rowsOf(timeline, exportCpuShare));
}

void ActivityTableModel::exchange(std::vector<Row> rows)
{
    const bool areSame = rows.size() == m_rows.size()
        && std::equal(rows.begin(), rows.end(), m_rows.begin(),
                      [](const Row &a, const Row &b) { return a.isOf(b); });
    if (areSame) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1),
                               {Qt::DisplayRole});
        return;
    }
    // Lanes keep their order: those that ended go, those that began come.
    for (int row = int(m_rows.size()) - 1; row >= 0; --row) {
        const bool stays = std::any_of(rows.begin(), rows.end(), [&](const Row &other) {
            return other.isOf(m_rows[std::size_t(row)]);
        });
        if (stays)
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (row < m_rows.size() && m_rows[row].isOf(rows[row]))
            continue;
        beginInsertRows({}, int(row), int(row));
        m_rows.insert(m_rows.begin() + std::ptrdiff_t(row), rows[row]);
        endInsertRows();
    }
    exchange(std::move(rows));
}

int ActivityTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ActivityTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ActivityTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= int(m_rows.size()))
        return {};
    const bool isShare = index.column() >= Running && index.column() <= Waiting;
    if (role == Qt::TextAlignmentRole && isShare)
        return int(Qt::AlignTrailing | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    const auto words = [](double share) { return share < 0 ? tr("—") : percentOf(share); };
    switch (Column(index.column())) {
    case LaneName:
        return row.lane;
    case Job:
        return row.job;
    case State:
        return row.state;
    case Running:
        return words(row.running);
    case Ready:
        return words(row.ready);
    case Waiting:
        return words(row.waiting);
    case Pace:
        return row.pace;
    case ColumnCount:
        break;
    }
    return {};
}

QVariant ActivityTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (Column(section)) {
    case LaneName:
        return tr("Lane");
    case Job:
        return tr("Video");
    case State:
        return tr("State");
    case Running:
        return tr("Running");
    case Ready:
        return tr("Ready");
    case Waiting:
        return tr("Waiting");
    case Pace:
        return tr("What sets the pace");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace sendoff::ui
