// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_feed.h"

#include "core/base/run_on.h"
#include "core/base/worker_pool.h"

#include <QThread>

#include <algorithm>

namespace sendoff::ui {

namespace {

using activity::Lane;
using activity::LaneKind;
using activity::ThreadRole;

constexpr auto watchedInterval = std::chrono::milliseconds(100);
constexpr auto unwatchedInterval = std::chrono::milliseconds(1000);
constexpr auto cpuInterval = std::chrono::milliseconds(1000);
constexpr qint64 heldUpNs = 100'000'000;

} // namespace

ActivityFeed::ActivityFeed(activity::Recorder *recorder, QObject *parent)
    : QObject(parent),
      m_recorder(recorder),
      m_cores(std::max(1, QThread::idealThreadCount())),
      m_longEventsUntilNs(monotonicNs())
{
    connect(&m_timer, &QTimer::timeout, this, &ActivityFeed::read);
    m_timer.start(unwatchedInterval);
    connect(&m_cpuTimer, &QTimer::timeout, this, &ActivityFeed::measureProcessor);
}

void ActivityFeed::measureProcessorOn(WorkerPool *io)
{
    m_io = io;
    m_cpuTimer.start(cpuInterval);
}

void ActivityFeed::setWatched(QObject *watcher, bool isWatched)
{
    const bool wasWatched = !m_watchers.isEmpty();
    if (isWatched && !m_watchers.contains(watcher)) {
        m_watchers.insert(watcher);
        connect(watcher, &QObject::destroyed, this,
                [this, watcher] { setWatched(watcher, false); });
    } else if (!isWatched && m_watchers.remove(watcher)) {
        disconnect(watcher, &QObject::destroyed, this, nullptr);
    }
    if (m_watchers.isEmpty() == wasWatched)
        m_timer.start(wasWatched ? unwatchedInterval : watchedInterval);
}

void ActivityFeed::read()
{
    m_recorder->readSince(m_cursor, m_update);
    m_timeline.take(m_update);
    m_overlap.take(m_update);
    for (const Lane &lane : m_timeline.lanes()) {
        if (lane.kind() == LaneKind::Upload)
            m_rates.take(lane.activity(), m_recorder->sentBytes(lane.activity()), m_update.nowNs);
    }
    m_rates.forgetIdle(m_update.nowNs);
    lookForLongEvents();
    Q_EMIT updated();
}

void ActivityFeed::lookForLongEvents()
{
    for (std::size_t thread = 0; thread < m_update.threads.size(); ++thread) {
        const ThreadRole role = m_update.threads[thread].role;
        if (role != ThreadRole::Window && role != ThreadRole::Network)
            continue;
        const auto event = m_recorder->longEventSince(quint16(thread), m_longEventsUntilNs);
        if (event && event->endNs - event->beginNs >= heldUpNs)
            Q_EMIT wasHeldUp(role, *event);
    }
    m_longEventsUntilNs = m_update.nowNs;
}

std::pair<int, int> ActivityFeed::codecThreads() const
{
    int fewest = 0;
    int most = 0;
    for (const Lane &lane : m_timeline.lanes()) {
        if (lane.kind() != LaneKind::Worker || !lane.open())
            continue;
        const int own = m_recorder->codecThreads(lane.open()->activity);
        if (own == 0)
            continue; // it has not said yet
        fewest = fewest == 0 ? own : std::min(fewest, own);
        most = std::max(most, own);
    }
    return {fewest, most};
}

double ActivityFeed::exportCpuShare() const
{
    int possible = 0;
    for (const Lane &lane : m_timeline.lanes()) {
        if (lane.kind() != LaneKind::Worker || !lane.open())
            continue;
        const int own = m_recorder->codecThreads(lane.open()->activity);
        possible += own > 0 ? own : m_cores;
    }
    if (possible == 0 || m_cpu.exportCores < 0 || m_cpu.machineShare < 0)
        return -1;
    // What other programs use is not to be had.
    const double idle = std::max(0.0, 1 - m_cpu.machineShare) * m_cores;
    const double had = std::min<double>(std::min(possible, m_cores), m_cpu.exportCores + idle);
    return had > 0 ? std::min(1.0, m_cpu.exportCores / had) : 1;
}

double ActivityFeed::coresUsedSoFar() const
{
    const double seconds = m_overlap.exportSeconds();
    return seconds > 0 && m_usage.atNs > 0 ? m_usage.process.lowPriorityCpuSeconds / seconds : -1;
}

// The kernel's files are read on the I/O pool.
void ActivityFeed::measureProcessor()
{
    if (m_isMeasuring)
        return;
    m_isMeasuring = true;
    auto measuring = runOn(
        *m_io,
        []() -> Result<Usage> {
            Usage usage;
            usage.atNs = monotonicNs();
            usage.process = activity::processUsage();
            usage.machine = activity::machineUsage();
            return usage;
        },
        {});
    QCoro::connect(std::move(measuring), this, [this](const Result<Usage> &usage) {
        m_isMeasuring = false;
        if (usage)
            takeUsage(*usage);
    });
}

void ActivityFeed::takeUsage(const Usage &usage)
{
    const double seconds = double(usage.atNs - m_usage.atNs) / 1e9;
    if (m_usage.atNs > 0 && seconds > 0) {
        const auto &before = m_usage;
        m_cpu.processCores = (usage.process.cpuSeconds - before.process.cpuSeconds) / seconds;
        m_cpu.exportCores = std::max(0.0, usage.process.lowPriorityCpuSeconds
                                              - before.process.lowPriorityCpuSeconds)
            / seconds;
        const double all = usage.machine.totalSeconds - before.machine.totalSeconds;
        m_cpu.machineShare =
            all > 0 ? (usage.machine.busySeconds - before.machine.busySeconds) / all : -1;
    }
    m_usage = usage;
}

} // namespace sendoff::ui
