// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TimelineWidget: who runs when, as a picture: the last minute on the left, a tenth of a second at
// true scale on the right. It takes its facts from an ActivityFeed and asks nobody else.

#include "ui/activity/activity_feed.h"
#include "ui/activity/story_strips.h"
#include "ui/activity/timeline_painter.h"

#include <QTimer>
#include <QWidget>

#include <optional>

namespace sendoff::ui {

class TimelineWidget : public QWidget {
    Q_OBJECT

public:
    // `feed` outlives this.
    explicit TimelineWidget(ActivityFeed *feed, QWidget *parent = nullptr);

    void setFacts(const GroupFacts &facts);
    void setWorkers(int workers); // lanes to show even where none has begun
    // No scrolling, one picture a second; also where the style animates nothing.
    void setReducedMotion(bool isReduced);

    bool isFrozen() const { return m_frozen.has_value(); }
    void setFrozen(bool isFrozen);
    void zoomIn();
    void zoomOut();
    // Puts the loupe there and keeps it; 0 lets it choose by itself again.
    void placeLoupe(qint64 timeNs);
    const TimelineView &view() const { return m_view; }
    // The picture that is shown: what is live, or what was frozen.
    const activity::Timeline &shown() const;
    QString description() const;
    quint64 framesPainted() const { return m_frames; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void frozenChanged(bool isFrozen);
    void zoomChanged();
    // For the instant under the cursor, or in the middle of the loupe.
    void sentenceChanged(const QString &sentence);

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    TimelineLayout layoutNow() const;
    void advance(); // new facts are there
    void tick(); // a frame between two readings, where the scale asks for it
    void sampleLoupe();
    void setStoryLength(qint64 lengthNs);
    void moveLoupe(qint64 byNs);
    std::optional<qint64> timeAt(const QPoint &position) const;
    void tellSentence();
    void tellAccessibility();
    bool isMotionReduced() const;
    bool isSeen() const;
    QString tipAt(const QPoint &position) const;

    ActivityFeed *m_feed;
    std::optional<activity::Timeline> m_frozen;
    TimelineView m_view;
    GroupFacts m_facts;
    TimelineCaches m_caches;
    ActivityColors m_colors;
    QTimer m_frameTimer;
    int m_workers = 1;
    bool m_isMotionReduced = false;
    qint64 m_paintedNs = 0;
    qint64 m_describedNs = 0;
    qint64 m_toldNs = 0; // when the sentence was
    qint64 m_loupeSampledNs = 0;
    int m_height = 0;
    quint64 m_frames = 0;
};

// Makes a screen reader see the widget as a chart with a description. Once per program.
void installTimelineAccessibility();

} // namespace sendoff::ui
