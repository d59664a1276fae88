// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/timeline_painter.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

namespace {

using activity::Lane;
using activity::LaneKind;
using activity::LaneSpan;

QString phrase(const char *text)
{
    return QCoreApplication::translate("sendoff::ui::TimelinePainter", text);
}

} // namespace

TimelinePainter::TimelinePainter(QPainter &painter, const TimelineLayout &layout,
                                 const activity::Timeline &timeline, const TimelineView &view,
                                 const ActivityColors &colors, TimelineCaches &caches)
    : m_painter(painter),
      m_layout(layout),
      m_timeline(timeline),
      m_view(view),
      m_colors(colors),
      m_strips(caches.strips),
      m_labels(caches.labels),
      m_subtitles(caches.subtitles)
{
}

void TimelinePainter::paint(const GroupFacts &facts)
{
    StoryStrips::Pane pane;
    pane.columns = m_layout.story().width();
    pane.columnNs = std::max<qint64>(1, m_view.storyLengthNs / std::max(1, pane.columns));
    pane.firstColumn = m_view.storyEndNs / pane.columnNs - pane.columns;
    // Loops tell what they ran up to one tick later, and the last reading may have missed that.
    constexpr qint64 unsettledNs = 400'000'000;
    pane.settledNs = m_timeline.nowNs() - unsettledNs;
    m_strips.begin(pane, m_colors);
    for (const LaneRow &row : m_layout.lanes()) {
        const bool isSeen = m_view.exposed.isEmpty()
            || (row.story.top() <= m_view.exposed.bottom()
                && m_view.exposed.top() <= row.story.bottom());
        if (isSeen)
            drawLane(row, facts);
    }
    drawAxis();
    drawMarker();
    drawHeadings(facts); // their words may reach across the marker's lines
    drawCursor();
}

int TimelinePainter::storyX(qint64 timeNs) const
{
    const QRect pane = m_layout.story();
    const double share = double(timeNs - m_view.storyBeginNs()) / double(m_view.storyLengthNs);
    return pane.left() + int(std::floor(std::clamp(share, -1.0, 2.0) * pane.width()));
}

int TimelinePainter::loupeX(qint64 timeNs) const
{
    const QRect pane = m_layout.loupe();
    const double share = double(timeNs - m_view.loupeBeginNs) / double(loupeLengthNs);
    return pane.left() + int(std::floor(std::clamp(share, -1.0, 2.0) * pane.width()));
}

void TimelinePainter::drawText(const QRect &rect, const Text &text)
{
    m_painter.setPen(text.color);
    m_labels.draw(m_painter, rect, text.alignment, text.text, text.elide);
}

void TimelinePainter::drawLane(const LaneRow &row, const GroupFacts &facts)
{
    drawTitle(row);
    if (!row.lane) // the story of a lane fills it
        m_painter.fillRect(row.story, m_colors.lane);
    m_painter.fillRect(row.loupe, m_colors.lane);
    if (row.lane) {
        drawStory(row);
        drawLoupe(row, facts);
    }
    const bool isIdle = !row.lane || (row.group == LaneGroup::Exports && row.lane->isEmpty());
    if (isIdle) {
        drawText(row.story.adjusted(5, 0, -5, 0),
                 {phrase("idle"), m_colors.quiet, Qt::AlignLeft | Qt::AlignAbsolute | Qt::AlignVCenter});
    }
    drawFrame(row.story);
    drawFrame(row.loupe);
}

// Of one pixel, within the rectangle; filled, which costs a fifth of a stroke.
void TimelinePainter::drawFrame(const QRect &rect)
{
    const QColor &color = m_colors.outline;
    m_painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), color);
    m_painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color);
    m_painter.fillRect(QRect(rect.left(), rect.top(), 1, rect.height()), color);
    m_painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), color);
}

void TimelinePainter::drawTitle(const LaneRow &row)
{
    const QString title = row.lane ? laneTitle(m_timeline, *row.lane, row.number)
                                   : phrase("Worker %1").arg(row.number);
    drawText(row.title, {title, m_colors.text, Qt::AlignLeading | Qt::AlignVCenter, Qt::ElideMiddle});
}

void TimelinePainter::drawStory(const LaneRow &row)
{
    const StoryStrips::Strip &strip = m_strips.stripOf(*row.lane);
    m_painter.drawImage(row.story, strip.shade);
    if (row.lane->kind() == LaneKind::Upload)
        drawHolds(row, strip.held);
    if (row.lane->kind() == LaneKind::Worker) {
        if (m_view.cursorNs != 0)
            drawSegments(row);
        drawNames(row);
    }
}

// What keeps an upload from going on, where it is not the network: hatched, in words where they
// fit.
void TimelinePainter::drawHolds(const LaneRow &row, const std::vector<WaitReason> &held)
{
    for (std::size_t begin = 0; begin < held.size();) {
        std::size_t end = begin + 1;
        while (end < held.size() && held[end] == held[begin])
            ++end;
        if (held[begin] != WaitReason::None) {
            const QRect rect(row.story.left() + int(begin), row.story.top(), int(end - begin),
                             row.story.height());
            QColor hatch = m_colors.held;
            hatch.setAlpha(110);
            m_painter.fillRect(rect, QBrush(hatch, Qt::BDiagPattern));
            const QString words = held[begin] == WaitReason::Other
                ? phrase("ready, the thread is busy")
                : waitWords(held[begin]);
            const int wide = m_labels.width(m_painter, words) + 8;
            if (wide <= rect.width()) {
                const QRect plate(rect.center().x() - wide / 2, rect.top() + 1, wide,
                                  rect.height() - 2);
                m_painter.fillRect(plate, m_colors.lane);
                drawText(plate, {words, m_colors.held, Qt::AlignCenter});
            }
        }
        begin = end;
    }
}

void TimelinePainter::drawNames(const LaneRow &row)
{
    const int character = m_painter.fontMetrics().averageCharWidth();
    const auto draw = [&](const LaneSpan &span) {
        const int left = std::max(row.story.left(), storyX(span.beginNs));
        const int right = std::min(row.story.right(), storyX(span.endNs));
        const QRect rect(left + character / 2, row.story.top(), right - left - character,
                         row.story.height());
        if (rect.width() < 4 * character || !span.isExact())
            return;
        drawText(rect, {m_timeline.facts(span.activity).title, m_colors.onWork,
                        Qt::AlignLeft | Qt::AlignAbsolute | Qt::AlignVCenter, Qt::ElideMiddle});
    };
    for (const LaneSpan &span : row.lane->spans(m_view.storyBeginNs(), m_view.storyEndNs))
        draw(span);
    if (row.lane->open())
        draw(*row.lane->open());
}

// While the pointer is in the picture: where each export began its segments, as notches. They are
// left out where they would stand too close to be told apart.
void TimelinePainter::drawSegments(const LaneRow &row)
{
    constexpr int closest = 3;
    QColor notch = m_colors.onWork;
    notch.setAlpha(200);
    int last = row.story.left() - closest;
    for (const activity::LaneSegment &segment : row.lane->segments()) {
        const int x = storyX(segment.beginNs);
        const bool isInside = row.story.left() < x && x < row.story.right();
        if (!isInside || x - last < closest)
            continue;
        const int depth = row.story.height() / 3;
        m_painter.fillRect(QRect(x, row.story.bottom() - depth, 1, depth), notch);
        last = x;
    }
}

void TimelinePainter::drawCursor()
{
    if (m_view.cursorNs == 0)
        return;
    QPen pen(m_colors.text, 0, Qt::DashLine);
    m_painter.setPen(pen);
    const QRect story = m_layout.story();
    const int x = storyX(m_view.cursorNs);
    if (story.contains(x, story.center().y()))
        m_painter.drawLine(x, story.top(), x, story.bottom());
    const QRect loupe = m_layout.loupe();
    const int magnified = loupeX(m_view.cursorNs);
    if (m_view.loupeBeginNs != 0 && loupe.contains(magnified, loupe.center().y()))
        m_painter.drawLine(magnified, loupe.top(), magnified, loupe.bottom());
}

} // namespace sendoff::ui
