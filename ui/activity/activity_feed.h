// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityFeed: reads what the program's threads recorded, for everything that shows it. The one
// reader of the window; not for: showing it.

#include "core/activity/recorder.h"
#include "core/activity/timeline.h"

#include <QObject>
#include <QSet>
#include <QTimer>

namespace sendoff::ui {

// Main thread.
class ActivityFeed : public QObject {
    Q_OBJECT

public:
    // `recorder` outlives this.
    explicit ActivityFeed(activity::Recorder *recorder, QObject *parent = nullptr);

    const activity::Timeline &timeline() const { return m_timeline; }
    const activity::Recorder &recorder() const { return *m_recorder; }
    // Of the latest reading; threads and activities are all there are.
    const activity::Recorder::Update &latest() const { return m_update; }

    // While somebody watches it reads ten times a second, else once, so that nothing is missed.
    void setWatched(QObject *watcher, bool isWatched);
    void read();

Q_SIGNALS:
    void updated();

private:
    activity::Recorder *m_recorder;
    activity::Recorder::Cursor m_cursor;
    activity::Recorder::Update m_update;
    activity::Timeline m_timeline;
    QSet<QObject *> m_watchers;
    QTimer m_timer;
};

} // namespace sendoff::ui
