// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/timeline_layout.h"

#include <algorithm>

namespace sendoff::ui {

namespace {

constexpr int margin = 8;
constexpr int laneGap = 3;

} // namespace

TimelineLayout::TimelineLayout(const Request &request)
    : m_rowHeight(request.metrics.height() + 4)
    , m_laneHeight(request.metrics.height() + 3)
    , m_width(std::max(request.width, minimumWidth(request.metrics)))
{
    placeColumns(request);
    placeRows(request);
}

int TimelineLayout::minimumWidth(const QFontMetrics &metrics)
{
    return 2 * margin + 62 * metrics.averageCharWidth();
}

// Titles | last minute | gap for the magnified place's lines | loupe. The titles stand where a line
// of text begins.
void TimelineLayout::placeColumns(const Request &request)
{
    const int character = request.metrics.averageCharWidth();
    const int gap = 4 * character;
    const int inner = m_width - 2 * margin;
    const int titles = std::clamp(inner / 5, 16 * character, 30 * character);
    const int panes = inner - titles - gap - character;
    const int loupe = panes * 2 / 5;
    const int story = panes - loupe;
    const bool isMirrored = request.direction == Qt::RightToLeft;
    const int paneLeft = isMirrored ? margin : margin + titles + character;
    m_story = QRect(paneLeft, 0, story, 0);
    m_loupe = QRect(paneLeft + story + gap, 0, loupe, 0);
    m_titleColumn = QRect(isMirrored ? m_width - margin - titles : margin, 0, titles, 0);
}

void TimelineLayout::placeRows(const Request &request)
{
    using activity::LaneKind;
    int top = margin / 2;
    m_storyHeading = QRect(m_story.x(), top, m_story.width(), m_rowHeight);
    m_loupeHeading = QRect(m_loupe.x(), top, m_loupe.width(), m_rowHeight);
    top += m_rowHeight;

    const auto has = [&](LaneKind kind) {
        const auto &lanes = request.timeline->lanes();
        return request.isComplete
            || std::any_of(lanes.begin(), lanes.end(), [kind](const activity::Lane &lane) {
                   return lane.kind() == kind;
               });
    };
    if (has(LaneKind::Worker))
        addGroup(LaneGroup::Exports, top);
    int worker = 0;
    for (const activity::Lane &lane : request.timeline->lanes()) {
        if (lane.kind() != LaneKind::Worker)
            continue;
        ++worker;
        // The pool has threads in reserve: they are shown once they had something to do.
        if (worker <= request.workers || !lane.isEmpty())
            addLane({&lane, LaneGroup::Exports, worker, {}, {}, {}}, top);
    }
    for (++worker; request.isComplete && worker <= request.workers; ++worker)
        addLane({nullptr, LaneGroup::Exports, worker, {}, {}, {}}, top);

    if (has(LaneKind::NetworkLoop))
        addGroup(LaneGroup::Uploads, top);
    for (const activity::Lane &lane : request.timeline->lanes()) {
        if (lane.kind() == LaneKind::NetworkLoop || lane.kind() == LaneKind::Upload)
            addLane({&lane, LaneGroup::Uploads, 0, {}, {}, {}}, top);
    }
    if (has(LaneKind::WindowLoop))
        addGroup(LaneGroup::Window, top);
    for (const activity::Lane &lane : request.timeline->lanes()) {
        if (lane.kind() == LaneKind::WindowLoop)
            addLane({&lane, LaneGroup::Window, 0, {}, {}, {}}, top);
    }
    const int bottom = top - laneGap;
    const int paneTop = m_groups.empty() ? top : m_groups.front().heading.bottom() + 1;
    m_story.setRect(m_story.x(), paneTop, m_story.width(), bottom - paneTop);
    m_loupe.setRect(m_loupe.x(), paneTop, m_loupe.width(), bottom - paneTop);
    m_axis = QRect(0, bottom, m_width, m_rowHeight);
    m_height = m_axis.bottom() + 1;
}

void TimelineLayout::addGroup(LaneGroup group, int &top)
{
    top += m_groups.empty() ? 0 : laneGap;
    m_groups.push_back({group, QRect(margin, top, m_width - 2 * margin, m_rowHeight)});
    top += m_rowHeight;
}

void TimelineLayout::addLane(LaneRow row, int &top)
{
    row.title = QRect(m_titleColumn.x(), top, m_titleColumn.width(), m_laneHeight);
    row.story = QRect(m_story.x(), top, m_story.width(), m_laneHeight);
    row.loupe = QRect(m_loupe.x(), top, m_loupe.width(), m_laneHeight);
    m_lanes.push_back(row);
    top += m_laneHeight + laneGap;
}

} // namespace sendoff::ui
