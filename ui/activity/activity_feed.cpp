// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_feed.h"

namespace sendoff::ui {

namespace {

constexpr auto watchedInterval = std::chrono::milliseconds(100);
constexpr auto unwatchedInterval = std::chrono::milliseconds(1000);

} // namespace

ActivityFeed::ActivityFeed(activity::Recorder *recorder, QObject *parent)
    : QObject(parent), m_recorder(recorder)
{
    connect(&m_timer, &QTimer::timeout, this, &ActivityFeed::read);
    m_timer.start(unwatchedInterval);
}

void ActivityFeed::setWatched(QObject *watcher, bool isWatched)
{
    const bool wasWatched = !m_watchers.isEmpty();
    if (isWatched && !m_watchers.contains(watcher)) {
        m_watchers.insert(watcher);
        connect(watcher, &QObject::destroyed, this,
                [this, watcher] { setWatched(watcher, false); });
    } else if (!isWatched && m_watchers.remove(watcher)) {
        watcher->disconnect(this);
    }
    if (m_watchers.isEmpty() == wasWatched)
        m_timer.start(wasWatched ? unwatchedInterval : watchedInterval);
}

void ActivityFeed::read()
{
    m_recorder->readSince(m_cursor, m_update);
    m_timeline.take(m_update);
    Q_EMIT updated();
}

} // namespace sendoff::ui
