// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/story_strips.h"

#include <algorithm>
#include <cstring>

namespace sendoff::ui {

namespace {

using activity::Duty;
using activity::Lane;
using activity::LaneKind;

// A wait is worth a mark where it took most of a column.
WaitReason heldReason(const Duty &duty, qint64 columnNs)
{
    if (duty.readyNs * 2 > columnNs)
        return WaitReason::Other; // ready, but the thread was busy
    const WaitReason reason = duty.mainReason();
    const bool isMost = duty.waitNs[std::size_t(reason)] * 2 > columnNs;
    const bool isNetwork = reason == WaitReason::Network || reason == WaitReason::Reply
        || reason == WaitReason::Other;
    return isMost && !isNetwork ? reason : WaitReason::None;
}

} // namespace

void StoryStrips::begin(const Pane &pane, const ActivityColors &colors)
{
    const bool isSame = pane.columnNs == m_pane.columnNs && pane.columns == m_pane.columns
        && colors.work == m_colors.work && colors.lane == m_colors.lane;
    if (!isSame)
        m_entries.clear();
    // Lanes come and go: what was not drawn for long is not kept.
    constexpr std::size_t mostEntries = 256;
    if (m_entries.size() > mostEntries)
        m_entries.clear();
    m_pane = pane;
    m_colors = colors;
}

const StoryStrips::Strip &StoryStrips::stripOf(const Lane &lane)
{
    Entry &entry = m_entries[Key(lane.kind(), lane.thread(), lane.activity())];
    shift(entry);
    const qint64 end = m_pane.firstColumn + m_pane.columns;
    const qint64 from = std::clamp(entry.knownUntil, m_pane.firstColumn, end);
    const auto duties = lane.columns(from * m_pane.columnNs, m_pane.columnNs, int(end - from));
    auto *const row = reinterpret_cast<QRgb *>(entry.strip.shade.scanLine(0));
    for (std::size_t index = 0; index < duties.size(); ++index) {
        const auto column = std::size_t(from - m_pane.firstColumn) + index;
        row[column] = shadeFor(lane, duties[index]);
        entry.strip.held[column] = lane.kind() == LaneKind::Upload
            ? heldReason(duties[index], m_pane.columnNs)
            : WaitReason::None;
    }
    entry.knownUntil = std::clamp(m_pane.settledNs / m_pane.columnNs, m_pane.firstColumn, end);
    return entry.strip;
}

// Moves what is known to where it now lies.
void StoryStrips::shift(Entry &entry) const
{
    const auto columns = std::size_t(m_pane.columns);
    const qint64 moved = m_pane.firstColumn - entry.firstColumn;
    const bool isFresh = entry.strip.held.size() != columns;
    if (isFresh) {
        entry.strip.shade = QImage(m_pane.columns, 1, QImage::Format_RGB32);
        entry.strip.held.assign(columns, WaitReason::None);
    }
    if (isFresh || moved < 0 || moved >= m_pane.columns) {
        entry.knownUntil = m_pane.firstColumn;
    } else if (moved > 0) {
        auto *const row = reinterpret_cast<QRgb *>(entry.strip.shade.scanLine(0));
        std::memmove(row, row + moved, (columns - std::size_t(moved)) * sizeof(QRgb));
        std::move(entry.strip.held.begin() + moved, entry.strip.held.end(),
                  entry.strip.held.begin());
    }
    entry.firstColumn = m_pane.firstColumn;
}

QRgb StoryStrips::shadeFor(const Lane &lane, const Duty &duty) const
{
    const auto share = [this](qint64 part) {
        return std::min(1.0, double(part) / double(m_pane.columnNs));
    };
    const auto part = [](qint64 some, qint64 all) {
        return all > 0 ? std::min(1.0, double(some) / double(all)) : 0.0;
    };
    switch (lane.kind()) {
    case LaneKind::Worker:
        return mixed(m_colors.lane, m_colors.work, share(duty.workNs)).rgb();
    case LaneKind::Upload:
        return mixed(m_colors.lane, m_colors.turn, shadeOf(share(duty.turnNs))).rgb();
    case LaneKind::NetworkLoop: {
        const qint64 busy = std::max(duty.busyNs, duty.turnNs);
        const QColor color = mixed(m_colors.busy, m_colors.turn, part(duty.turnNs, busy));
        return mixed(m_colors.lane, color, shadeOf(share(busy))).rgb();
    }
    case LaneKind::WindowLoop: {
        const qint64 busy = std::max(duty.busyNs, duty.paintNs);
        const QColor color = mixed(m_colors.busy, m_colors.paint, part(duty.paintNs, busy));
        return mixed(m_colors.lane, color, shadeOf(share(busy))).rgb();
    }
    }
    return m_colors.lane.rgb();
}

} // namespace sendoff::ui
