// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Gauges: the processor, the network and how late the loops are, small enough for a status bar.
// Each says itself in words too, as its accessible description and tool tip.

#include "ui/activity/activity_feed.h"

#include <QWidget>

#include <deque>

namespace sendoff::ui {

// What all gauges share: a caption, a small picture, a number; redrawn only when seen.
class Gauge : public QWidget {
    Q_OBJECT

public:
    Gauge(ActivityFeed *feed, QWidget *parent);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    // The number as it stands beside the picture, and the longest it gets.
    virtual QString reading() const = 0;
    virtual QString longestReading() const = 0;
    virtual QString sentence() const = 0;
    virtual void takeSample() = 0;
    virtual void drawPicture(QPainter &painter, const QRect &rect) = 0;
    virtual QColor readingColor() const;

    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool event(QEvent *event) override;

    ActivityFeed *feed() const { return m_feed; }

private:
    void advance();
    int pictureWidth() const;

    ActivityFeed *m_feed;
    qint64 m_sampledNs = 0;
};

// This program in its own color, the rest of the machine behind it.
class CpuGauge : public Gauge {
    Q_OBJECT

public:
    explicit CpuGauge(ActivityFeed *feed, QWidget *parent = nullptr);

protected:
    QString reading() const override;
    QString longestReading() const override;
    QString sentence() const override;
    void takeSample() override;
    void drawPicture(QPainter &painter, const QRect &rect) override;

private:
    struct Sample {
        double own = 0; // share of the machine
        double all = 0;
    };
    std::deque<Sample> m_samples;
};

// Upload rate of the last minute, one layer per upload.
class NetworkGauge : public Gauge {
    Q_OBJECT

public:
    explicit NetworkGauge(ActivityFeed *feed, QWidget *parent = nullptr);

protected:
    QString reading() const override;
    QString longestReading() const override;
    QString sentence() const override;
    void takeSample() override;
    void drawPicture(QPainter &painter, const QRect &rect) override;
};

// How late both loops were, on a logarithmic scale with marks at 16 and 100 ms.
class LagGauge : public Gauge {
    Q_OBJECT

public:
    explicit LagGauge(ActivityFeed *feed, QWidget *parent = nullptr);

protected:
    QString reading() const override;
    QString longestReading() const override;
    QString sentence() const override;
    void takeSample() override;
    void drawPicture(QPainter &painter, const QRect &rect) override;
    QColor readingColor() const override;

private:
    struct Sample {
        double windowMs = 0;
        double networkMs = 0;
    };
    Sample worst() const; // of the last two seconds
    std::deque<Sample> m_samples;
    QString m_heldUp; // what the loop was doing, when it was last held up for long
    qint64 m_heldUpNs = 0;
};

} // namespace sendoff::ui
