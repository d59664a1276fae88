// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TimelineStill: a finished stretch of time, drawn as the Activity view draws it. It never changes.

#include "core/activity/timeline.h"
#include "ui/activity/timeline_painter.h"

#include <QWidget>

namespace sendoff::ui {

class TimelineStill : public QWidget {
    Q_OBJECT

public:
    explicit TimelineStill(QWidget *parent = nullptr);

    // From `beginNs` on, `lengthNs` long; the loupe around `loupeNs`.
    struct Place {
        qint64 beginNs = 0;
        qint64 lengthNs = 0;
        qint64 loupeNs = 0;
        int cores = 1;
    };
    void show(activity::Timeline timeline, const Place &place);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    TimelineLayout layoutNow() const;

    activity::Timeline m_timeline;
    TimelineView m_view;
    GroupFacts m_facts;
};

} // namespace sendoff::ui
