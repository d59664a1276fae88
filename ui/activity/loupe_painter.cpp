// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The right pane of the timeline: a tenth of a second at true scale.
#include "ui/activity/timeline_painter.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace sendoff::ui {

using activity::LaneKind;
using activity::LaneSpan;
using activity::SpanKind;

void TimelinePainter::drawLoupe(const LaneRow &row, const GroupFacts &facts)
{
    if (m_view.loupeBeginNs == 0)
        return;
    // Exports that share cores: none has one to itself.
    int working = 0;
    for (const LaneRow &other : m_layout.lanes()) {
        if (other.lane && other.lane->kind() == LaneKind::Worker
            && other.lane->duty(m_view.loupeBeginNs, m_view.loupeBeginNs + loupeLengthNs).workNs > 0)
            ++working;
    }
    const int height = row.loupe.height();
    const bool isShared = row.lane->kind() == LaneKind::Worker && working > facts.cores;
    const int barHeight = isShared ? std::max(3, height * facts.cores / working) : height;
    const qint64 end = m_view.loupeBeginNs + loupeLengthNs;
    m_painter.save();
    m_painter.setClipRect(row.loupe);
    for (const LaneSpan &span : row.lane->events(m_view.loupeBeginNs, end))
        drawLoupeSpan(row, span, barHeight);
    for (const LaneSpan &span : row.lane->spans(m_view.loupeBeginNs, end))
        drawLoupeSpan(row, span, barHeight);
    if (row.lane->open())
        drawLoupeSpan(row, *row.lane->open(), barHeight);
    if (!isShared)
        drawLoupeWords(row);
    m_painter.restore();
}

void TimelinePainter::drawLoupeSpan(const LaneRow &row, const LaneSpan &span, int barHeight)
{
    const int left = loupeX(span.beginNs);
    const int right = loupeX(span.endNs);
    const QRect &lane = row.loupe;
    // A stroke is seen from 2 pixels on: wider than it lasted only where it lasted less than those.
    const int width = std::max(right - left, span.kind == SpanKind::Ready ? 1 : 2);
    QRect bar(left, lane.bottom() - barHeight + 1, width, barHeight);
    QColor color;
    switch (span.kind) {
    case SpanKind::Work:
        color = m_colors.work;
        break;
    case SpanKind::Turn:
        color = m_colors.turn;
        break;
    case SpanKind::Paint:
        color = m_colors.paint;
        break;
    case SpanKind::Busy:
        color = m_colors.busy;
        break;
    case SpanKind::Ready: // a low bar: it does not run
        color = m_colors.ready;
        bar = QRect(left, lane.center().y() - lane.height() / 6, width, lane.height() / 3);
        break;
    case SpanKind::Wait:
        if (!isTelling(span.reason) || span.reason == WaitReason::Reply)
            return;
        color = m_colors.held;
        color.setAlpha(110);
        m_painter.fillRect(QRect(left, lane.top(), right - left, lane.height()),
                           QBrush(color, Qt::BDiagPattern));
        return;
    case SpanKind::Loop:
    case SpanKind::Segment:
        return;
    }
    if (!span.isExact()) // joined to save memory: only its density is known
        color = mixed(m_colors.lane, color,
                      double(span.runNs) / double(std::max<qint64>(1, span.endNs - span.beginNs)));
    m_painter.fillRect(bar, color);
}

void TimelinePainter::drawLoupeWords(const LaneRow &row)
{
    const qint64 end = m_view.loupeBeginNs + loupeLengthNs;
    const activity::Duty duty = row.lane->duty(m_view.loupeBeginNs, end);
    const Qt::Alignment left = Qt::AlignLeft | Qt::AlignAbsolute | Qt::AlignVCenter;
    const QRect inner = row.loupe.adjusted(5, 0, -5, 0);
    if (row.lane->kind() == LaneKind::Worker && duty.workNs >= loupeLengthNs - 1000)
        drawText(inner, {QCoreApplication::translate("sendoff::ui::TimelinePainter", "running without a break"), m_colors.onWork, left});
    const WaitReason reason = duty.mainReason();
    const bool isStill = duty.turnNs == 0 && duty.readyNs == 0;
    if (row.lane->kind() == LaneKind::Upload && isStill && reason != WaitReason::None)
        drawText(inner, {waitWords(reason), isTelling(reason) ? m_colors.held : m_colors.quiet, left});
}

// Where in the story the loupe stands, and lines that open it to the right pane.
void TimelinePainter::drawMarker()
{
    if (m_view.loupeBeginNs == 0)
        return;
    const QRect story = m_layout.story();
    const int x = std::clamp(storyX(m_view.loupeBeginNs), story.left(), story.right() - 1);
    const int width = std::max(2, storyX(m_view.loupeBeginNs + loupeLengthNs) - x);
    const QRect loupe = m_layout.loupe();
    QColor veil = m_colors.marker;
    veil.setAlpha(40);
    const int foot = m_layout.axis().top() + 1;
    const int depth = m_layout.axis().height() / 3;
    m_painter.setPen(m_colors.marker);
    m_painter.drawLine(x, foot, x, foot + depth);
    m_painter.drawLine(x, foot + depth, loupe.left() - 1, foot + depth);
    m_painter.drawLine(loupe.left() - 1, foot + depth, loupe.left() - 1, foot);
    m_painter.fillRect(QRect(x, story.top(), width, story.height()), veil);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(QRect(x - 1, story.top() - 2, width + 1, story.height() + 3));
    m_painter.drawRect(loupe.adjusted(-1, -2, 0, 1));
}

} // namespace sendoff::ui
