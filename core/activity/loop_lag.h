// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LoopLag: how late the event loop of its thread is, against an absolute 10 ms schedule; every
// missed tick counts as a sample (CLI.md, summary).

#include <QObject>
#include <QTimer>

#include <mutex>
#include <vector>

namespace sendoff::activity {

struct LagSummary {
    double p50 = 0; // milliseconds
    double p99 = 0;
    double max = 0;
    qint64 samples = 0;
};

// Made, started and destroyed on the measured thread; summary() on any. A tick that is missed also
// becomes a Loop span of the thread's recorder.
class LoopLag : public QObject {
    Q_OBJECT

public:
    LoopLag();
    // The first 2 s after this are not counted.
    void start();
    LagSummary summary() const;

private:
    void arm();
    void tick();
    void addSample(qint64 latenessNs);
    double percentileMs(double share) const;

    QTimer m_timer;
    qint64 m_startNs = 0;
    qint64 m_nextTick = 1; // number of the next tick of the schedule
    qint64 m_armedForNs = 0; // when the timer is due: at most 1 ms before the tick
    mutable std::mutex m_mutex;
    std::vector<qint64> m_histogram; // samples by lateness
    qint64 m_maxNs = 0;
    qint64 m_samples = 0;
};

} // namespace sendoff::activity
