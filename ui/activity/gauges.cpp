// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/gauges.h"

#include "ui/activity/activity_colors.h"
#include "ui/activity/activity_words.h"
#include "ui/activity/gauge_samples.h"
#include "ui/theme/direction.h"

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace sendoff::ui {

namespace {

using activity::SentRates;

// Neighbouring layers differ in lightness, whatever the uploads' ids are.
std::map<ActivityId, QColor> layerColors(const std::vector<std::map<ActivityId, double>> &rates,
                                         const ActivityColors &colors)
{
    constexpr std::array<double, 3> paler{0.0, 0.5, 0.25};
    std::map<ActivityId, QColor> layers;
    for (const auto &slot : rates) {
        for (const auto &[id, rate] : slot)
            layers[id];
    }
    std::size_t number = 0;
    for (auto &[id, color] : layers)
        color = mixed(colors.turn, colors.lane, paler[number++ % paler.size()]);
    return layers;
}

} // namespace

Gauge::Gauge(ActivityFeed *feed, QWidget *parent) : QWidget(parent), m_feed(feed)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_feed, &ActivityFeed::updated, this, &Gauge::advance);
}

int Gauge::pictureWidth() const
{
    return 9 * fontMetrics().averageCharWidth();
}

QSize Gauge::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {pictureWidth() + metrics.horizontalAdvance(longestReading()) + 10,
            metrics.height() + 4};
}

QSize Gauge::minimumSizeHint() const
{
    return sizeHint();
}

QColor Gauge::readingColor() const
{
    return palette().color(QPalette::WindowText);
}

// Samples go on while nobody looks, so that the picture is whole when somebody does.
void Gauge::advance()
{
    const qint64 now = m_feed->timeline().nowNs();
    if (now - m_sampledNs < sampleNs)
        return;
    takeSample();
    m_sampledNs = now;
    if (isVisible() && !window()->isMinimized()) {
        setAccessibleDescription(sentence());
        update();
    }
}

void Gauge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int wide = pictureWidth();
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    const QRect picture(isMirrored ? width() - wide - 2 : 2, 2, wide, height() - 4);
    const ActivityColors colors = activityColors(palette());
    painter.fillRect(picture, colors.lane);
    drawPicture(painter, picture.adjusted(1, 1, -1, -1));
    painter.setPen(colors.outline);
    painter.drawRect(picture.adjusted(0, 0, -1, -1));
    painter.setPen(readingColor());
    const QRect words = isMirrored ? QRect(0, 0, picture.left() - 4, height())
                                   : QRect(picture.right() + 5, 0, width() - wide - 7, height());
    drawInItsDirection(painter, words, Qt::AlignLeading | Qt::AlignVCenter, reading());
}

void Gauge::showEvent(QShowEvent *event)
{
    setAccessibleDescription(sentence());
    QWidget::showEvent(event);
}

void Gauge::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
}

bool Gauge::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        QToolTip::showText(static_cast<const QHelpEvent *>(event)->globalPos(), sentence(), this);
        return true;
    }
    return QWidget::event(event);
}

CpuGauge::CpuGauge(ActivityFeed *feed, QWidget *parent) : Gauge(feed, parent)
{
    setObjectName(QStringLiteral("cpuGauge"));
    setAccessibleName(tr("Processor"));
}

QString CpuGauge::reading() const
{
    const double share = feed()->cpu().machineShare;
    return share < 0 ? tr("CPU …") : tr("CPU %1").arg(percentOf(share));
}

QString CpuGauge::longestReading() const
{
    return tr("CPU %1").arg(percentOf(0.999));
}

QString CpuGauge::sentence() const
{
    const CpuRates &cpu = feed()->cpu();
    if (cpu.processCores < 0)
        return tr("The processor is being measured.");
    const QString cores = QLocale().toString(feed()->cores());
    QString words = tr("All programs use %1 of the processor’s %2 cores. Sendoff uses %3 cores, of "
                       "which exports use %4.")
                        .arg(percentOf(cpu.machineShare), cores,
                             QLocale().toString(cpu.processCores, 'f', 1),
                             QLocale().toString(cpu.exportCores, 'f', 1));
    if (const double used = feed()->coresUsedSoFar(); used >= 0) {
        words += u'\n'
            + tr("Cores used so far: %1 (processor seconds of exports ÷ seconds in which any export "
                 "ran).")
                  .arg(QLocale().toString(used, 'f', 2));
    }
    return words;
}

void CpuGauge::takeSample()
{
    const CpuRates &cpu = feed()->cpu();
    if (cpu.machineShare >= 0)
        keep(m_samples, Sample{cpu.processCores / feed()->cores(), cpu.machineShare});
}

void CpuGauge::drawPicture(QPainter &painter, const QRect &rect)
{
    const ActivityColors colors = activityColors(palette());
    const QColor others = mixed(colors.lane, colors.busy, 0.45);
    for (std::size_t ago = 0; ago < m_samples.size(); ++ago) {
        const Sample &sample = m_samples[m_samples.size() - 1 - ago];
        const int x = sampleX(rect, ago);
        const int wide = std::max(1, rect.width() / int(sampleCount) + 1);
        const auto column = [&](double share, const QColor &color) {
            const int high = int(std::lround(std::clamp(share, 0.0, 1.0) * rect.height()));
            painter.fillRect(QRect(x - wide + 1, rect.bottom() - high + 1, wide, high), color);
        };
        column(sample.all, others);
        column(std::min(sample.own, sample.all), colors.work);
    }
}

NetworkGauge::NetworkGauge(ActivityFeed *feed, QWidget *parent) : Gauge(feed, parent)
{
    setObjectName(QStringLiteral("networkGauge"));
    setAccessibleName(tr("Upload rate"));
}

QString NetworkGauge::reading() const
{
    const double rate = feed()->rates().total(feed()->timeline().nowNs());
    const QString size = QLocale().formattedDataSize(qint64(rate), 1, QLocale::DataSizeSIFormat);
    return tr("▲ %1/s").arg(size);
}

QString NetworkGauge::longestReading() const
{
    return tr("▲ %1/s").arg(
        QLocale().formattedDataSize(888'800'000, 1, QLocale::DataSizeSIFormat));
}

QString NetworkGauge::sentence() const
{
    QStringList lines;
    for (const auto &[id, rate] : feed()->rates().slot(0, feed()->timeline().nowNs())) {
        lines.append(tr("%1: %2/s").arg(
            feed()->timeline().facts(id).title,
            QLocale().formattedDataSize(qint64(rate), 1, QLocale::DataSizeSIFormat)));
    }
    if (lines.isEmpty())
        return tr("No upload sends at the moment.");
    return tr("Uploads, over the last seconds:") + u'\n' + lines.join(u'\n');
}

void NetworkGauge::takeSample() {}

// The fastest moment of the minute fills the height.
void NetworkGauge::drawPicture(QPainter &painter, const QRect &rect)
{
    const ActivityColors colors = activityColors(palette());
    const qint64 now = feed()->timeline().nowNs();
    std::vector<std::map<ActivityId, double>> slots_;
    double most = 1000;
    for (int ago = 0; ago < SentRates::slotCount; ++ago) {
        slots_.push_back(feed()->rates().slot(ago, now));
        double sum = 0;
        for (const auto &[id, rate] : slots_.back())
            sum += rate;
        most = std::max(most, sum);
    }
    const auto layers = layerColors(slots_, colors);
    const double wide = double(rect.width()) / SentRates::slotCount;
    for (int ago = 0; ago < SentRates::slotCount; ++ago) {
        const int right = rect.right() - int(ago * wide);
        const int left = std::min(right, rect.right() - int((ago + 1) * wide) + 1);
        double below = 0;
        for (const auto &[id, rate] : slots_[std::size_t(ago)]) {
            const int bottom = rect.bottom() - int(below / most * rect.height());
            below += rate;
            const int top = rect.bottom() - int(below / most * rect.height()) + 1;
            painter.fillRect(QRect(left, top, std::max(1, right - left + 1), bottom - top + 1),
                             layers.at(id));
        }
    }
}

} // namespace sendoff::ui
