// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/timeline_widget.h"

#include "core/activity/telling_moment.h"

#include <QAccessible>
#include <QPainter>
#include <QPaintEvent>
#include <QStyle>

#include <algorithm>
#include <array>

namespace sendoff::ui {

namespace {

constexpr qint64 secondNs = 1'000'000'000;
constexpr std::array<qint64, 10> storyLengths{
    60 * secondNs,      30 * secondNs,      10 * secondNs,     5 * secondNs,     2 * secondNs,
    1 * secondNs,       secondNs / 2,       secondNs / 5,      secondNs / 10,    secondNs / 20};
constexpr qint64 loupeSampleNs = 2 * secondNs;
constexpr qint64 describeNs = 10 * secondNs;
constexpr qint64 sentenceNs = secondNs * 9 / 10; // what changes more often cannot be read
constexpr auto frameInterval = std::chrono::milliseconds(33);
// What was read last is up to so much older than the clock.
constexpr qint64 readingNs = 100'000'000;

} // namespace

TimelineWidget::TimelineWidget(ActivityFeed *feed, QWidget *parent)
    : QWidget(parent), m_feed(feed), m_colors(activityColors(palette()))
{
    setObjectName(QStringLiteral("activityTimeline"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Activity over time"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    connect(m_feed, &ActivityFeed::updated, this, &TimelineWidget::advance);
    connect(&m_frameTimer, &QTimer::timeout, this, &TimelineWidget::tick);
    m_frameTimer.setInterval(frameInterval);
    m_frameTimer.setTimerType(Qt::PreciseTimer);
}

void TimelineWidget::setFacts(const GroupFacts &facts)
{
    m_facts = facts; // drawn with the next frame
}

void TimelineWidget::setWorkers(int workers)
{
    m_workers = std::max(1, workers);
    updateGeometry();
    update();
}

void TimelineWidget::setReducedMotion(bool isReduced)
{
    m_isMotionReduced = isReduced;
    advance();
}

bool TimelineWidget::isMotionReduced() const
{
    return m_isMotionReduced || style()->styleHint(QStyle::SH_Widget_Animation_Duration) == 0;
}

bool TimelineWidget::isSeen() const
{
    return isVisible() && !window()->isMinimized() && !visibleRegion().isEmpty();
}

const activity::Timeline &TimelineWidget::shown() const
{
    return m_frozen ? *m_frozen : m_feed->timeline();
}

void TimelineWidget::setFrozen(bool isFrozen)
{
    if (isFrozen == this->isFrozen())
        return;
    if (isFrozen) {
        m_frozen = m_feed->timeline();
        m_view.storyEndNs = m_frozen->nowNs();
    } else {
        m_frozen.reset();
    }
    m_view.isFrozen = isFrozen;
    Q_EMIT frozenChanged(isFrozen);
    advance();
    update();
}

// Ten times a second while it is seen. A column of the last minute is about a tenth of a second
// wide, so that nothing is gained by more; zoomed in, tick() draws in between.
void TimelineWidget::advance()
{
    if (!isSeen()) {
        m_frameTimer.stop();
        return;
    }
    const qint64 now = m_feed->timeline().nowNs();
    if (isMotionReduced() && now - m_paintedNs < secondNs * 9 / 10)
        return;
    m_paintedNs = now;
    sampleLoupe();
    if (m_frozen) {
        m_frameTimer.stop();
    } else {
        const qint64 columnNs = m_view.storyLengthNs / std::max(1, layoutNow().story().width());
        const bool isFast = columnNs * 3 < readingNs && !isMotionReduced();
        if (isFast && !m_frameTimer.isActive())
            m_frameTimer.start();
        if (!isFast) {
            m_frameTimer.stop();
            m_view.storyEndNs = now;
        }
        update();
    }
    if (const int height = layoutNow().height(); height != m_height) {
        m_height = height;
        updateGeometry();
    }
    if (now - m_toldNs >= sentenceNs)
        tellSentence();
    if (now - m_describedNs >= describeNs) {
        m_describedNs = now;
        tellAccessibility();
    }
}

void TimelineWidget::tick()
{
    if (!isSeen()) {
        m_frameTimer.stop();
        return;
    }
    m_view.storyEndNs = monotonicNs() - readingNs * 3 / 2;
    update();
}

// A new place every two seconds: of the moments since the last one that which shows most.
void TimelineWidget::sampleLoupe()
{
    const activity::Timeline &timeline = shown();
    const qint64 now = timeline.nowNs();
    const bool isLost = m_view.loupeBeginNs < now - activity::Timeline::keptNs;
    if (m_view.isLoupePinned && isLost)
        m_view.isLoupePinned = false;
    if (m_view.isLoupePinned || m_frozen || now - m_loupeSampledNs < loupeSampleNs)
        return;
    m_loupeSampledNs = now;
    m_view.loupeBeginNs = activity::tellingMoment(timeline, now - loupeSampleNs, now - readingNs,
                                                  loupeLengthNs);
    m_toldNs = 0;
}

void TimelineWidget::placeLoupe(qint64 timeNs)
{
    m_view.isLoupePinned = timeNs != 0;
    m_loupeSampledNs = 0;
    if (timeNs != 0) {
        const activity::Timeline &timeline = shown();
        m_view.loupeBeginNs = std::clamp(timeNs - loupeLengthNs / 2,
                                         timeline.nowNs() - activity::Timeline::keptNs,
                                         timeline.nowNs() - loupeLengthNs);
    }
    tellSentence();
    update();
}

void TimelineWidget::moveLoupe(qint64 byNs)
{
    if (m_view.loupeBeginNs != 0)
        placeLoupe(m_view.loupeBeginNs + loupeLengthNs / 2 + byNs);
}

void TimelineWidget::setStoryLength(qint64 lengthNs)
{
    // Held still, the loupe's place stays in sight.
    if (m_frozen && m_view.loupeBeginNs != 0) {
        const qint64 middle = m_view.loupeBeginNs + loupeLengthNs / 2;
        m_view.storyEndNs = std::min(m_frozen->nowNs(), middle + lengthNs / 2);
    }
    m_view.storyLengthNs = lengthNs;
    Q_EMIT zoomChanged();
    advance();
    update();
}

void TimelineWidget::zoomIn()
{
    const auto next = std::find_if(storyLengths.begin(), storyLengths.end(),
                                   [this](qint64 length) { return length < m_view.storyLengthNs; });
    if (next != storyLengths.end())
        setStoryLength(*next);
}

void TimelineWidget::zoomOut()
{
    const auto next = std::find_if(storyLengths.rbegin(), storyLengths.rend(),
                                   [this](qint64 length) { return length > m_view.storyLengthNs; });
    if (next != storyLengths.rend())
        setStoryLength(*next);
}

TimelineLayout TimelineWidget::layoutNow() const
{
    return TimelineLayout(
        {&shown(), fontMetrics(), width(), layoutDirection(), m_workers});
}

QSize TimelineWidget::sizeHint() const
{
    const TimelineLayout layout = layoutNow();
    return {TimelineLayout::minimumWidth(fontMetrics()), layout.height()};
}

QSize TimelineWidget::minimumSizeHint() const
{
    return sizeHint();
}

void TimelineWidget::paintEvent(QPaintEvent *event)
{
    ++m_frames;
    QPainter painter(this);
    const TimelineLayout layout = layoutNow();
    QRegion ground(event->rect());
    for (const LaneRow &row : layout.lanes()) // these cover theirs
        ground -= QRegion(row.story) + row.loupe;
    for (const QRect &rect : ground)
        painter.fillRect(rect, palette().color(QPalette::Window));
    m_view.hasFocus = hasFocus();
    m_view.exposed = event->rect(); // of many lanes a few are in sight
    TimelinePainter(painter, layout, shown(), m_view, m_colors, m_caches).paint(m_facts);
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void TimelineWidget::showEvent(QShowEvent *event)
{
    m_feed->setWatched(this, true);
    m_feed->read();
    QWidget::showEvent(event);
}

void TimelineWidget::hideEvent(QHideEvent *event)
{
    m_feed->setWatched(this, false);
    m_frameTimer.stop();
    QWidget::hideEvent(event);
}

void TimelineWidget::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
        m_colors = activityColors(palette());
        update();
    }
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

void TimelineWidget::tellSentence()
{
    m_toldNs = m_feed->timeline().nowNs();
    const qint64 time = m_view.cursorNs != 0 ? m_view.cursorNs
        : m_view.loupeBeginNs != 0           ? m_view.loupeBeginNs + loupeLengthNs / 2
                                             : 0;
    Q_EMIT sentenceChanged(time != 0 ? momentSentence(shown(), time) : QString());
}

QString TimelineWidget::description() const
{
    return pictureDescription(shown(), m_facts);
}

void TimelineWidget::tellAccessibility()
{
    if (!QAccessible::isActive())
        return;
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

} // namespace sendoff::ui
