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

// Made, started and destroyed on the measured thread; summary() on any.
class LoopLag : public QObject {
    Q_OBJECT

public:
    LoopLag();
    // The first 2 s after this are not counted.
    void start();
    LagSummary summary() const;

private:
    void tick();
    void addSample(qint64 latenessNs);

    QTimer m_timer;
    qint64 m_startNs = 0;
    qint64 m_nextTick = 1; // number of the next tick of the schedule
    mutable std::mutex m_mutex;
    std::vector<qint64> m_histogram; // by 10 µs up to 1 s, then by power of two
    qint64 m_maxNs = 0;
    qint64 m_samples = 0;
};

} // namespace sendoff::activity
