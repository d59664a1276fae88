// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TimelineLayout: where the groups, lanes and panes of the timeline lie, all from the font. Time
// runs from left to right in every language; only the titles change sides.

#include "core/activity/timeline.h"

#include <QFontMetrics>
#include <QRect>

#include <vector>

namespace sendoff::ui {

enum class LaneGroup { Exports, Uploads, Window };

struct LaneRow {
    const activity::Lane *lane = nullptr; // null: a worker that has not begun yet
    LaneGroup group = LaneGroup::Exports;
    int number = 0; // of a worker, from 1
    QRect title;
    QRect story; // in the left pane
    QRect loupe;
};

struct GroupRow {
    LaneGroup group;
    QRect heading;
};

class TimelineLayout {
public:
    struct Request {
        const activity::Timeline *timeline;
        QFontMetrics metrics;
        int width = 0;
        Qt::LayoutDirection direction = Qt::LeftToRight;
        int workers = 1; // lanes to show even where none has begun
        bool isComplete = true; // also groups in which nothing ever ran
    };
    explicit TimelineLayout(const Request &request);

    const std::vector<LaneRow> &lanes() const { return m_lanes; }
    const std::vector<GroupRow> &groups() const { return m_groups; }
    QRect storyHeading() const { return m_storyHeading; }
    QRect loupeHeading() const { return m_loupeHeading; }
    QRect story() const { return m_story; } // over all lanes
    QRect loupe() const { return m_loupe; }
    QRect axis() const { return m_axis; } // below the lanes, over the whole width
    int height() const { return m_height; }

    static int minimumWidth(const QFontMetrics &metrics);

private:
    void placeColumns(const Request &request);
    void placeRows(const Request &request);
    void addGroup(LaneGroup group, int &top);
    void addLane(LaneRow row, int &top);

    int m_rowHeight;
    int m_laneHeight;
    int m_width;
    QRect m_titleColumn; // only x and width count
    std::vector<LaneRow> m_lanes;
    std::vector<GroupRow> m_groups;
    QRect m_storyHeading;
    QRect m_loupeHeading;
    QRect m_story;
    QRect m_loupe;
    QRect m_axis;
    int m_height = 0;
};

} // namespace sendoff::ui
