// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/timeline_painter.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

namespace {

using activity::Lane;
using activity::LaneKind;
using activity::LaneSpan;
using activity::SpanKind;

QString phrase(const char *text)
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
    return group == LaneGroup::Exports ? phrase("Export workers — in parallel")
        : group == LaneGroup::Uploads
        ? phrase("Uploads — concurrent, taking turns on one thread")
        : phrase("This window");
}

QString lengthWords(qint64 nanoseconds)
{
    const double seconds = double(nanoseconds) / 1e9;
    if (seconds >= 1)
        return phrase("%1 s").arg(QLocale().toString(seconds, 'g', 3));
    return phrase("%1 ms").arg(QLocale().toString(seconds * 1000, 'g', 3));
}

} // namespace

TimelinePainter::TimelinePainter(QPainter &painter, const TimelineLayout &layout,
                                 const activity::Timeline &timeline, const TimelineView &view,
                                 const ActivityColors &colors, StoryStrips &strips)
    : m_painter(painter),
      m_layout(layout),
      m_timeline(timeline),
      m_view(view),
      m_colors(colors),
      m_strips(strips)
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
    for (const LaneRow &row : m_layout.lanes())
        drawLane(row, facts);
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
    const QFontMetrics metrics = m_painter.fontMetrics();
    m_painter.drawText(rect, int(text.alignment) | Qt::TextSingleLine,
                       metrics.elidedText(text.text, text.elide, rect.width()));
}

void TimelinePainter::drawHeadings(const GroupFacts &facts)
{
    const QString busier = m_colors.isDark ? phrase("brighter = busier") : phrase("darker = busier");
    const QString story = m_view.isOver
        ? phrase("%1 — %2").arg(lengthWords(m_view.storyLengthNs), busier)
        : m_view.isFrozen
        ? phrase("%1 until %2, held still — %3")
              .arg(lengthWords(m_view.storyLengthNs), clockTime(m_view.storyEndNs), busier)
        : phrase("last %1 — %2").arg(lengthWords(m_view.storyLengthNs), busier);
    const Qt::Alignment left = Qt::AlignLeft | Qt::AlignAbsolute | Qt::AlignVCenter;
    drawText(m_layout.storyHeading(), {story, m_colors.quiet, left});
    if (m_view.loupeBeginNs != 0) {
        const QString loupe =
            phrase("magnified: 0.1 s at %1 — true scale").arg(clockTime(m_view.loupeBeginNs));
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
    m_painter.setFont(bold);
    const QString title = groupTitle(group.group);
    const int height = group.heading.height();
    const int pictogram = height + 2;
    const int wide = m_painter.fontMetrics().horizontalAdvance(title);
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
    drawPictogram(group.group, cut(pictogram));
    drawText(cut(std::min(wide + height / 2, rest.width())),
             {title, groupColor(group.group, m_colors)});
    m_painter.setFont(plain);
    if (m_view.isOver)
        return;
    const QString subtitle = group.group == LaneGroup::Exports
        ? exportsSubtitle(m_timeline, facts)
        : group.group == LaneGroup::Uploads ? uploadsSubtitle(m_timeline, facts)
                                            : windowSubtitle(m_timeline, facts);
    const int words = std::min(m_painter.fontMetrics().horizontalAdvance(subtitle), rest.width());
    constexpr int frame = 3; // of the magnifier, below the words
    m_painter.fillRect(QRect(isMirrored ? rest.right() - words + 1 : rest.left(), rest.top(), words,
                             height - frame),
                       m_colors.ground);
    drawText(rest, {subtitle, m_colors.quiet});
}

// Two bars side by side in time; or strokes, of which no two lie above each other.
void TimelinePainter::drawPictogram(LaneGroup group, const QRect &rect)
{
    const QColor color = groupColor(group, m_colors);
    const int size = std::max(8, rect.height() * 3 / 5);
    const QRect box(rect.left(), rect.center().y() - size / 2, size, size);
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

void TimelinePainter::drawLane(const LaneRow &row, const GroupFacts &facts)
{
    drawTitle(row);
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
    m_painter.setPen(m_colors.outline);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(row.story.adjusted(0, 0, -1, -1));
    m_painter.drawRect(row.loupe.adjusted(0, 0, -1, -1));
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
    if (row.lane->kind() == LaneKind::Worker)
        drawNames(row);
}

// What keeps an upload from going on, where it is not the network: hatched, in words where they
// fit.
void TimelinePainter::drawHolds(const LaneRow &row, const std::vector<WaitReason> &held)
{
    const QFontMetrics metrics = m_painter.fontMetrics();
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
            const int wide = metrics.horizontalAdvance(words) + 8;
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

void TimelinePainter::drawAxis()
{
    const QRect axis = m_layout.axis();
    const auto label = [&](int x, const QString &text, Qt::AlignmentFlag side) {
        const int wide = m_painter.fontMetrics().horizontalAdvance(text) + 4;
        const int left = side == Qt::AlignLeft ? x : side == Qt::AlignRight ? x - wide : x - wide / 2;
        drawText(QRect(left, axis.top() + 2, wide, axis.height() - 2),
                 {text, m_colors.quiet, side | Qt::AlignAbsolute | Qt::AlignVCenter});
    };
    const QRect story = m_layout.story();
    label(story.left(), phrase("−%1").arg(lengthWords(m_view.storyLengthNs)), Qt::AlignLeft);
    label(story.center().x(), phrase("−%1").arg(lengthWords(m_view.storyLengthNs / 2)),
          Qt::AlignHCenter);
    label(story.right(), m_view.isFrozen ? clockTime(m_view.storyEndNs) : phrase("now"),
          Qt::AlignRight);
    const QRect loupe = m_layout.loupe();
    label(loupe.left(), QLocale().toString(0), Qt::AlignLeft);
    label(loupe.center().x(), lengthWords(loupeLengthNs / 2), Qt::AlignHCenter);
    label(loupe.right(), lengthWords(loupeLengthNs), Qt::AlignRight);
}

} // namespace sendoff::ui
