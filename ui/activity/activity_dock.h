// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityDock: the Activity view as the main window's dock: the timeline, what stands around it and
// its commands.

#include "ui/activity/activity_feed.h"

#include <QDockWidget>

class QLabel;
class QToolButton;

namespace sendoff::ui {

class TimelineWidget;

class ActivityDock : public QDockWidget {
    Q_OBJECT

public:
    // `feed` outlives this.
    explicit ActivityDock(ActivityFeed *feed, QWidget *parent = nullptr);

    TimelineWidget *timeline() const { return m_timeline; }

private:
    QWidget *makeTools();

    ActivityFeed *m_feed;
    TimelineWidget *m_timeline;
    QToolButton *m_freeze;
    QLabel *m_sentence;
};

} // namespace sendoff::ui
