// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TimelinePainter: draws one frame of the Activity view. Not for: what is shown when, and input
// (timeline_widget.h).

#include "ui/activity/activity_colors.h"
#include "ui/activity/activity_words.h"
#include "ui/activity/story_strips.h"
#include "ui/activity/timeline_layout.h"
#include "ui/theme/label_cache.h"

#include <map>

class QPainter;

namespace sendoff::ui {

// What the two panes show.
struct TimelineView {
    qint64 storyEndNs = 0; // right edge
    qint64 storyLengthNs = activity::Timeline::keptNs;
    qint64 loupeBeginNs = 0; // 0 = no place yet
    qint64 cursorNs = 0; // 0 = none
    bool isFrozen = false;
    bool isOver = false; // a picture of work that has ended: nothing is said of now
    bool isLoupePinned = false; // the user has placed it
    bool hasFocus = false;
    QRect exposed; // what is seen of the picture; empty = all

    qint64 storyBeginNs() const { return storyEndNs - storyLengthNs; }
};

// What stands behind a group's title. Told anew once a second: what changes more often cannot be
// read, and to say it the last seconds are read.
struct GroupSubtitle {
    QString words;
    GroupFacts facts;
    qint64 toldNs = -1;
};

// What one picture keeps for the next one.
struct TimelineCaches {
    StoryStrips strips;
    LabelCache labels;
    std::map<LaneGroup, GroupSubtitle> subtitles;
};

inline constexpr qint64 loupeLengthNs = 100'000'000;

class TimelinePainter {
public:
    // All outlive the painter.
    TimelinePainter(QPainter &painter, const TimelineLayout &layout,
                    const activity::Timeline &timeline, const TimelineView &view,
                    const ActivityColors &colors, TimelineCaches &caches);

    void paint(const GroupFacts &facts);

private:
    struct Text {
        QString text;
        QColor color;
        Qt::Alignment alignment = Qt::AlignLeading | Qt::AlignVCenter;
        Qt::TextElideMode elide = Qt::ElideRight;
    };
    void drawText(const QRect &rect, const Text &text);
    void drawHeadings(const GroupFacts &facts);
    void drawGroup(const GroupRow &group, const GroupFacts &facts);
    const QString &groupSubtitle(LaneGroup group, const GroupFacts &facts);
    QString subtitleNow(LaneGroup group, const GroupFacts &facts) const;
    void drawPictogram(LaneGroup group, const QRect &rect);
    void drawFrame(const QRect &rect);
    void drawLane(const LaneRow &row, const GroupFacts &facts);
    void drawTitle(const LaneRow &row);
    void drawStory(const LaneRow &row);
    void drawHolds(const LaneRow &row, const std::vector<WaitReason> &held);
    void drawNames(const LaneRow &row);
    void drawSegments(const LaneRow &row);
    void drawLoupe(const LaneRow &row, const GroupFacts &facts);
    void drawLoupeSpan(const LaneRow &row, const activity::LaneSpan &span, int barHeight);
    void drawLoupeWords(const LaneRow &row);
    void drawMarker();
    void drawCursor();
    void drawAxis();

    int storyX(qint64 timeNs) const;
    int loupeX(qint64 timeNs) const;

    QPainter &m_painter;
    const TimelineLayout &m_layout;
    const activity::Timeline &m_timeline;
    const TimelineView &m_view;
    const ActivityColors &m_colors;
    StoryStrips &m_strips;
    LabelCache &m_labels;
    std::map<LaneGroup, GroupSubtitle> &m_subtitles;
};

} // namespace sendoff::ui
