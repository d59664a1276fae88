// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline's keys, pointer and tool tips.
#include "ui/activity/timeline_widget.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

namespace sendoff::ui {

namespace {

constexpr qint64 farStepNs = 1'000'000'000;

} // namespace

void TimelineWidget::keyPressEvent(QKeyEvent *event)
{
    const bool isFar = event->modifiers().testFlag(Qt::ControlModifier);
    const qint64 step = isFar ? farStepNs : loupeLengthNs / 4;
    switch (event->key()) {
    case Qt::Key_Space:
        setFrozen(!isFrozen());
        return;
    case Qt::Key_Left: // time runs from left to right in every language
        moveLoupe(-step);
        return;
    case Qt::Key_Right:
        moveLoupe(step);
        return;
    case Qt::Key_Home:
        placeLoupe(shown().nowNs() - m_view.storyLengthNs + loupeLengthNs);
        return;
    case Qt::Key_End:
        placeLoupe(0);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn();
        return;
    case Qt::Key_Minus:
        zoomOut();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

std::optional<qint64> TimelineWidget::timeAt(const QPoint &position) const
{
    const TimelineLayout layout = layoutNow();
    const auto timeIn = [&](const QRect &pane, qint64 beginNs, qint64 lengthNs) {
        return beginNs + qint64(double(position.x() - pane.left()) / pane.width() * double(lengthNs));
    };
    if (layout.story().contains(position))
        return timeIn(layout.story(), m_view.storyBeginNs(), m_view.storyLengthNs);
    if (layout.loupe().contains(position) && m_view.loupeBeginNs != 0)
        return timeIn(layout.loupe(), m_view.loupeBeginNs, loupeLengthNs);
    return std::nullopt;
}

void TimelineWidget::mousePressEvent(QMouseEvent *event)
{
    const QPoint position = event->position().toPoint();
    const bool isInStory = layoutNow().story().contains(position);
    if (event->button() == Qt::LeftButton && isInStory)
        placeLoupe(*timeAt(position));
    else
        QWidget::mousePressEvent(event);
}

void TimelineWidget::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint position = event->position().toPoint();
    const auto time = timeAt(position);
    const bool isDragged = event->buttons().testFlag(Qt::LeftButton);
    if (isDragged && time && layoutNow().story().contains(position))
        placeLoupe(*time);
    m_view.cursorNs = time.value_or(0);
    tellSentence();
    update();
}

void TimelineWidget::leaveEvent(QEvent *)
{
    m_view.cursorNs = 0;
    tellSentence();
    update();
}

void TimelineWidget::wheelEvent(QWheelEvent *event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        event->ignore(); // scrolls what the widget lies in
        return;
    }
    if (event->angleDelta().y() > 0)
        zoomIn();
    else if (event->angleDelta().y() < 0)
        zoomOut();
    event->accept();
}

bool TimelineWidget::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

// Of the lane under the pointer: what it did at that time.
QString TimelineWidget::tipAt(const QPoint &position) const
{
    const auto time = timeAt(position);
    if (!time)
        return {};
    const activity::Timeline &timeline = shown();
    const TimelineLayout layout = layoutNow();
    for (const LaneRow &row : layout.lanes()) {
        const bool isHere = row.lane && row.story.top() <= position.y()
            && position.y() <= row.story.bottom();
        if (isHere)
            return laneTip(timeline, *row.lane, row.number, *time);
    }
    return {};
}

} // namespace sendoff::ui
