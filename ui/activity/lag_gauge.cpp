// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_colors.h"
#include "ui/activity/activity_words.h"
#include "ui/activity/gauge_samples.h"
#include "ui/activity/gauges.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

namespace {

using activity::Lane;
using activity::LaneKind;

constexpr double slightlyLateMs = 16; // a frame
constexpr double lateMs = 100; // what a person notices

// 0.1 ms … 1 s on a logarithmic scale, as a share of the height.
double lagHeight(double milliseconds)
{
    return std::clamp((std::log10(std::max(milliseconds, 0.1)) + 1) / 4, 0.0, 1.0);
}

int lagY(const QRect &rect, double milliseconds)
{
    return rect.bottom() - int(std::lround(lagHeight(milliseconds) * (rect.height() - 1)));
}

} // namespace

LagGauge::LagGauge(ActivityFeed *feed, QWidget *parent) : Gauge(feed, parent)
{
    setObjectName(QStringLiteral("lagGauge"));
    setAccessibleName(tr("How late the event loops are"));
    connect(feed, &ActivityFeed::wasHeldUp, this,
            [this](activity::ThreadRole loop, const activity::LongEvent &event) {
                m_heldUp = heldUpSentence(loop, event);
                m_heldUpNs = event.endNs;
            });
}

LagGauge::Sample LagGauge::worst() const
{
    Sample worst;
    const std::size_t recent = std::min<std::size_t>(4, m_samples.size());
    for (std::size_t ago = 0; ago < recent; ++ago) {
        const Sample &sample = m_samples[m_samples.size() - 1 - ago];
        worst.windowMs = std::max(worst.windowMs, sample.windowMs);
        worst.networkMs = std::max(worst.networkMs, sample.networkMs);
    }
    return worst;
}

QString LagGauge::reading() const
{
    const Sample sample = worst();
    const double most = std::max(sample.windowMs, sample.networkMs);
    const QString words = tr("lag %1 ms").arg(QLocale().toString(most, 'f', most < 9.95 ? 1 : 0));
    return most > lateMs ? tr("⚠ %1").arg(words) : words;
}

QString LagGauge::longestReading() const
{
    return tr("⚠ %1").arg(tr("lag %1 ms").arg(QLocale().toString(8888)));
}

QString LagGauge::sentence() const
{
    const Sample sample = worst();
    QString words =
        tr("How long something had to wait for its loop in the last two seconds, at worst: %1 ms in "
           "this window, %2 ms on the network thread. The marks stand at 16 and 100 ms.")
            .arg(QLocale().toString(sample.windowMs, 'f', 1),
                 QLocale().toString(sample.networkMs, 'f', 1));
    if (!m_heldUp.isEmpty())
        words += u'\n' + m_heldUp;
    return words;
}

void LagGauge::takeSample()
{
    Sample sample;
    const activity::Timeline &timeline = feed()->timeline();
    for (const Lane &lane : timeline.lanes()) {
        const double worstMs =
            double(lane.worstDelayNs(timeline.nowNs() - sampleNs, timeline.nowNs())) / 1e6;
        if (lane.kind() == LaneKind::WindowLoop)
            sample.windowMs = worstMs;
        if (lane.kind() == LaneKind::NetworkLoop)
            sample.networkMs = worstMs;
    }
    keep(m_samples, sample);
}

QColor LagGauge::readingColor() const
{
    const Sample sample = worst();
    const bool isLate = std::max(sample.windowMs, sample.networkMs) > lateMs;
    return isLate ? activityColors(palette()).held : Gauge::readingColor();
}

void LagGauge::drawPicture(QPainter &painter, const QRect &rect)
{
    const ActivityColors colors = activityColors(palette());
    painter.setPen(QPen(mixed(colors.lane, colors.outline, 0.8), 0, Qt::DotLine));
    for (const double mark : {slightlyLateMs, lateMs})
        painter.drawLine(rect.left(), lagY(rect, mark), rect.right(), lagY(rect, mark));
    const auto draw = [&](double Sample::*loop, const QColor &color, Qt::PenStyle style) {
        QPolygon line;
        for (std::size_t ago = 0; ago < m_samples.size(); ++ago)
            line << QPoint(sampleX(rect, ago), lagY(rect, m_samples[m_samples.size() - 1 - ago].*loop));
        painter.setPen(QPen(color, 0, style));
        painter.drawPolyline(line);
    };
    draw(&Sample::windowMs, colors.paint, Qt::SolidLine);
    draw(&Sample::networkMs, colors.turn, Qt::DashLine);
}

} // namespace sendoff::ui
