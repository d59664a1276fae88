// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/loop_lag.h"

#include "core/activity/recorder.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace sendoff::activity {

namespace {

constexpr qint64 millisecondNs = 1'000'000;
constexpr qint64 periodNs = 10 * millisecondNs;
constexpr qint64 warmUpNs = 2'000 * millisecondNs;

// Bins of 10 µs up to 100 ms, then of 1 ms up to 10 s, then one for the rest.
constexpr qint64 fineNs = 10'000;
constexpr qint64 fineEndNs = 100 * millisecondNs;
constexpr qint64 coarseNs = millisecondNs;
constexpr qint64 coarseEndNs = 10'000 * millisecondNs;
constexpr qint64 fineBins = fineEndNs / fineNs;
constexpr qint64 coarseBins = (coarseEndNs - fineEndNs) / coarseNs;

std::size_t binOf(qint64 latenessNs)
{
    if (latenessNs < fineEndNs)
        return std::size_t(latenessNs / fineNs);
    const qint64 coarse = std::min((latenessNs - fineEndNs) / coarseNs, coarseBins);
    return std::size_t(fineBins + coarse);
}

// The highest lateness that falls into the bin.
qint64 upperEdgeNs(std::size_t bin)
{
    const auto number = qint64(bin);
    return number < fineBins ? (number + 1) * fineNs
                             : fineEndNs + (number - fineBins + 1) * coarseNs;
}

double milliseconds(qint64 nanoseconds)
{
    return double(nanoseconds) / double(millisecondNs);
}

} // namespace

LoopLag::LoopLag()
    : m_histogram(std::size_t(fineBins + coarseBins + 1), 0)
{
    m_timer.setParent(this);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &LoopLag::tick);
}

void LoopLag::start()
{
    m_startNs = monotonicNs();
    m_nextTick = 1;
    arm();
}

// Timers take whole milliseconds: it is set for the last one before the tick, and the lateness
// counts from there. The schedule itself stays absolute.
void LoopLag::arm()
{
    const qint64 now = monotonicNs();
    const qint64 due = m_startNs + m_nextTick * periodNs;
    const qint64 waitMs = std::max<qint64>(0, (due - now) / millisecondNs);
    m_armedForNs = std::min(now + waitMs * millisecondNs, due);
    m_timer.start(std::chrono::milliseconds(waitMs));
}

void LoopLag::tick()
{
    Recorder::eventWasProbe();
    const qint64 now = monotonicNs();
    const qint64 firstDue = m_startNs + m_nextTick * periodNs;
    addSample(now - m_armedForNs);
    ++m_nextTick;
    for (qint64 due = firstDue + periodNs; due <= now; due += periodNs) {
        addSample(now - due);
        ++m_nextTick;
    }
    if (now - firstDue >= periodNs)
        Recorder::recordLateLoop(firstDue, now);
    arm();
}

void LoopLag::addSample(qint64 latenessNs)
{
    if (m_nextTick * periodNs <= warmUpNs)
        return;
    const qint64 lateness = std::max<qint64>(0, latenessNs);
    const std::lock_guard lock(m_mutex);
    ++m_histogram[binOf(lateness)];
    ++m_samples;
    m_maxNs = std::max(m_maxNs, lateness);
}

LagSummary LoopLag::summary() const
{
    const std::lock_guard lock(m_mutex);
    return {percentileMs(0.50), percentileMs(0.99), milliseconds(m_maxNs), m_samples};
}

// The lateness that `share` of the samples do not exceed, to the width of a bin.
double LoopLag::percentileMs(double share) const
{
    const auto wanted = qint64(std::ceil(share * double(m_samples)));
    qint64 seen = 0;
    for (std::size_t bin = 0; bin < m_histogram.size() && m_samples > 0; ++bin) {
        seen += m_histogram[bin];
        if (seen >= wanted)
            return milliseconds(std::min(upperEdgeNs(bin), m_maxNs));
    }
    return 0;
}

} // namespace sendoff::activity
