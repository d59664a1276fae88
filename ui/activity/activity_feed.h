// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityFeed: reads what the program's threads recorded, for everything that shows it. The one
// reader of the window; not for: showing it.

#include "core/activity/overlap.h"
#include "core/activity/process_usage.h"
#include "core/activity/recorder.h"
#include "core/activity/sent_rates.h"
#include "core/activity/timeline.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <utility>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::ui {

// Processor use over the last second. Negative = not measured yet.
struct CpuRates {
    double processCores = -1; // how many cores' worth this program used
    double exportCores = -1; // of these, its exports
    double machineShare = -1; // of all cores, by all programs; 0…1
};

// Main thread.
class ActivityFeed : public QObject {
    Q_OBJECT

public:
    // `recorder` outlives this.
    explicit ActivityFeed(activity::Recorder *recorder, QObject *parent = nullptr);
    // From now on, once a second; `io` outlives this.
    void measureProcessorOn(WorkerPool *io);

    const activity::Timeline &timeline() const { return m_timeline; }
    const activity::Recorder &recorder() const { return *m_recorder; }
    const activity::Overlap &overlap() const { return m_overlap; }
    const activity::SentRates &rates() const { return m_rates; }
    const CpuRates &cpu() const { return m_cpu; }
    int cores() const { return m_cores; }

    // Export processor seconds ÷ seconds in which exports ran (CLI.md); negative before any ran.
    double coresUsedSoFar() const;
    // Of the processor time that the running exports could have had in the last second, with their
    // codec threads on the cores that others leave, what they used (activity::Load); negative =
    // unknown.
    double exportCpuShare() const;
    // The fewest and the most threads that a running export's codecs use; 0 where none runs.
    std::pair<int, int> codecThreads() const;

    // While somebody watches it reads ten times a second, else once, so that nothing is missed.
    void setWatched(QObject *watcher, bool isWatched);
    void read();

Q_SIGNALS:
    void updated();
    // An event kept the window's loop (or the network's) for 100 ms or more.
    void wasHeldUp(sendoff::activity::ThreadRole loop, const sendoff::activity::LongEvent &event);

private:
    struct Usage {
        qint64 atNs = 0;
        activity::ProcessUsage process;
        activity::MachineUsage machine;
    };
    void measureProcessor();
    void takeUsage(const Usage &usage);
    void lookForLongEvents();

    activity::Recorder *m_recorder;
    WorkerPool *m_io = nullptr; // null: the processor is not measured
    activity::Recorder::Cursor m_cursor;
    activity::Recorder::Update m_update;
    activity::Timeline m_timeline;
    activity::Overlap m_overlap;
    activity::SentRates m_rates;
    Usage m_usage; // the last one measured
    CpuRates m_cpu;
    int m_cores;
    bool m_isMeasuring = false;
    qint64 m_longEventsUntilNs = 0;
    QSet<QObject *> m_watchers;
    QTimer m_timer;
    QTimer m_cpuTimer;
};

} // namespace sendoff::ui
