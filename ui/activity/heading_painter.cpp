// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around the lanes of the timeline: headings, pictograms and the scale of time.
#include "ui/activity/timeline_painter.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace sendoff::ui {

namespace {

QString aroundLanes(const char *text)
{
    return QCoreApplication::translate("sendoff::ui::TimelinePainter", text);
}

QColor groupColor(LaneGroup group, const ActivityColors &colors)
{
    return group == LaneGroup::Exports ? colors.work
        : group == LaneGroup::Uploads ? colors.turn
                                      : colors.paint;
}

QString groupTitle(LaneGroup group)
{
    return group == LaneGroup::Exports ? aroundLanes("Export workers — in parallel")
        : group == LaneGroup::Uploads
        ? aroundLanes("Uploads — concurrent, taking turns on one thread")
        : aroundLanes("This window");
}

QString lengthWords(qint64 nanoseconds)
{
    const double seconds = double(nanoseconds) / 1e9;
    if (seconds >= 1)
        return aroundLanes("%1 s").arg(QLocale().toString(seconds, 'g', 3));
    return aroundLanes("%1 ms").arg(QLocale().toString(seconds * 1000, 'g', 3));
}

} // namespace

void TimelinePainter::drawHeadings(const GroupFacts &facts)
{
    const QString busier =
        m_colors.isDark ? aroundLanes("brighter = busier") : aroundLanes("darker = busier");
    const QString story = m_view.isOver
        ? aroundLanes("%1 — %2").arg(lengthWords(m_view.storyLengthNs), busier)
        : m_view.isFrozen
        ? aroundLanes("%1 until %2, held still — %3")
              .arg(lengthWords(m_view.storyLengthNs), clockTime(m_view.storyEndNs), busier)
        : aroundLanes("last %1 — %2").arg(lengthWords(m_view.storyLengthNs), busier);
    const Qt::Alignment left = Qt::AlignLeft | Qt::AlignAbsolute | Qt::AlignVCenter;
    drawText(m_layout.storyHeading(), {story, m_colors.quiet, left});
    if (m_view.loupeBeginNs != 0) {
        const QString time = clockTime(m_view.loupeBeginNs);
        QString loupe = aroundLanes("true scale: 0.1 s at %1, magnified").arg(time);
        if (m_labels.width(m_painter, loupe) > m_layout.loupeHeading().width())
            loupe = aroundLanes("0.1 s at %1").arg(time);
        drawText(m_layout.loupeHeading(), {loupe, m_colors.quiet, left});
    }
    for (const GroupRow &group : m_layout.groups())
        drawGroup(group, facts);
}

void TimelinePainter::drawGroup(const GroupRow &group, const GroupFacts &facts)
{
    const bool isMirrored = QGuiApplication::isRightToLeft();
    const QFont plain = m_painter.font();
    QFont bold = plain;
    bold.setBold(true);
    const int height = group.heading.height();
    QRect rest = group.heading;
    const auto cut = [&](int width) {
        const QRect piece(isMirrored ? rest.right() - width + 1 : rest.left(), rest.top(), width,
                          height);
        if (isMirrored)
            rest.setRight(rest.right() - width);
        else
            rest.setLeft(rest.left() + width);
        return piece;
    };
    // The magnifier's frame does not cross the words.
    const auto drawWords = [&](const QString &text, const QColor &color, int gap) {
        constexpr int frame = 3; // of the magnifier, below the words
        const int wide = m_labels.width(m_painter, text) + gap;
        const QRect place = cut(std::min(wide, rest.width()));
        m_painter.fillRect(place.adjusted(0, 0, 0, -frame), m_colors.ground);
        drawText(place, {text, color});
    };
    drawPictogram(group.group, cut(height + 2));
    m_painter.setFont(bold);
    drawWords(groupTitle(group.group), groupColor(group.group, m_colors), height / 2);
    m_painter.setFont(plain);
    if (!m_view.isOver)
        drawWords(groupSubtitle(group.group, facts), m_colors.quiet, height / 4);
}

const QString &TimelinePainter::groupSubtitle(LaneGroup group, const GroupFacts &facts)
{
    constexpr qint64 readableNs = 900'000'000;
    const qint64 now = m_timeline.nowNs();
    GroupSubtitle &kept = m_subtitles[group];
    const bool isOfNow = kept.toldNs >= 0 && kept.toldNs <= now && now - kept.toldNs < readableNs;
    if (!isOfNow || kept.facts != facts)
        kept = {subtitleNow(group, facts), facts, now};
    return kept.words;
}

QString TimelinePainter::subtitleNow(LaneGroup group, const GroupFacts &facts) const
{
    switch (group) {
    case LaneGroup::Exports:
        return exportsSubtitle(m_timeline, facts);
    case LaneGroup::Uploads:
        return uploadsSubtitle(m_timeline, facts);
    case LaneGroup::Window:
        return windowSubtitle(m_timeline, facts);
    }
    return {};
}

// Two bars side by side in time; or strokes, of which no two lie above each other.
void TimelinePainter::drawPictogram(LaneGroup group, const QRect &rect)
{
    const QColor color = groupColor(group, m_colors);
    const int size = std::max(8, rect.height() * 3 / 5);
    const int left = QGuiApplication::isRightToLeft() ? rect.right() - size + 1 : rect.left();
    const QRect box(left, rect.center().y() - size / 2, size, size);
    const int bar = std::max(2, size / 3);
    if (group == LaneGroup::Exports) {
        m_painter.fillRect(QRect(box.left(), box.top(), size, bar), color);
        m_painter.fillRect(QRect(box.left(), box.bottom() - bar + 1, size, bar), color);
    } else if (group == LaneGroup::Uploads) {
        const int stroke = std::max(2, size / 5);
        for (int number = 0; number < 3; ++number) {
            m_painter.fillRect(QRect(box.left() + number * (size - stroke) / 2,
                                     box.top() + number * (size - bar) / 2, stroke, bar),
                               color);
        }
    } else {
        m_painter.setPen(color);
        m_painter.drawRect(box.adjusted(0, 1, -1, -1));
        m_painter.fillRect(QRect(box.left(), box.top() + 1, size, std::max(2, size / 4)), color);
    }
}

void TimelinePainter::drawAxis()
{
    const QRect axis = m_layout.axis();
    const auto label = [&](int x, const QString &text, Qt::AlignmentFlag side) {
        const int wide = m_labels.width(m_painter, text) + 4;
        const int left = side == Qt::AlignLeft ? x : side == Qt::AlignRight ? x - wide : x - wide / 2;
        drawText(QRect(left, axis.top() + 2, wide, axis.height() - 2),
                 {text, m_colors.quiet, side | Qt::AlignAbsolute | Qt::AlignVCenter});
    };
    const QRect story = m_layout.story();
    label(story.left(), aroundLanes("−%1").arg(lengthWords(m_view.storyLengthNs)), Qt::AlignLeft);
    label(story.center().x(), aroundLanes("−%1").arg(lengthWords(m_view.storyLengthNs / 2)),
          Qt::AlignHCenter);
    label(story.right(), m_view.isFrozen ? clockTime(m_view.storyEndNs) : aroundLanes("now"),
          Qt::AlignRight);
    const QRect loupe = m_layout.loupe();
    label(loupe.left(), QLocale().toString(0), Qt::AlignLeft);
    label(loupe.center().x(), lengthWords(loupeLengthNs / 2), Qt::AlignHCenter);
    label(loupe.right(), lengthWords(loupeLengthNs), Qt::AlignRight);
}

} // namespace sendoff::ui
