// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/timeline_still.h"

#include <QPainter>

#include <algorithm>

namespace sendoff::ui {

TimelineStill::TimelineStill(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_view.isFrozen = true;
    m_view.isOver = true;
}

void TimelineStill::show(activity::Timeline timeline, const Place &place)
{
    m_timeline = std::move(timeline);
    m_view.storyLengthNs = std::max<qint64>(place.lengthNs, loupeLengthNs);
    m_view.storyEndNs = place.beginNs + m_view.storyLengthNs;
    m_view.loupeBeginNs = place.loupeNs - loupeLengthNs / 2;
    m_facts.cores = place.cores;
    updateGeometry();
    update();
}

TimelineLayout TimelineStill::layoutNow() const
{
    return TimelineLayout({&m_timeline, fontMetrics(), width(), layoutDirection(), 0, false});
}

QSize TimelineStill::sizeHint() const
{
    return {TimelineLayout::minimumWidth(fontMetrics()), layoutNow().height()};
}

void TimelineStill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const TimelineLayout layout = layoutNow();
    const ActivityColors colors = activityColors(palette());
    TimelineCaches caches;
    TimelinePainter(painter, layout, m_timeline, m_view, colors, caches).paint(m_facts);
}

} // namespace sendoff::ui
