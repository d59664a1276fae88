// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/eta_estimate.h"

#include "core/queue/quantity_text.h"

#include <cmath>

namespace sendoff::queue {

namespace {

constexpr double memorySeconds = 5;
constexpr double longestBelievable = 99 * 3600.0; // seconds

} // namespace

void EtaEstimate::begin(Time now, double done)
{
    *this = EtaEstimate();
    m_before = now;
    m_done = done;
}

void EtaEstimate::add(Time now, double done, double total)
{
    if (!std::isfinite(done) || !std::isfinite(total))
        return;
    const bool isFirst = !m_before && m_worked == Time(0);
    if (isFirst || done < m_done) {
        begin(now, done);
        return;
    }
    if (!m_before) { // goes on after a pause
        m_before = now;
        m_done = done;
        return;
    }
    const Time step = now - *m_before;
    if (step <= Time(0))
        return;
    const double seconds = std::chrono::duration<double>(step).count();
    const double fading = std::exp(-seconds / memorySeconds);
    m_sum = m_sum * fading + (done - m_done) / seconds * (1 - fading);
    m_weight = m_weight * fading + (1 - fading);
    m_worked += step;
    m_before = now;
    m_done = done;
    estimate(done, total);
}

void EtaEstimate::estimate(double done, double total)
{
    m_left.reset();
    const bool isEarly = m_worked < shortestTime || total <= 0 || done < smallestPart * total;
    if (isEarly || rate() <= 0)
        return;
    const double seconds = (total - done) / rate();
    if (seconds >= 0 && seconds < longestBelievable)
        m_left = roundedLeft(seconds);
}

void EtaEstimate::freeze()
{
    m_before.reset();
}

double EtaEstimate::rate() const
{
    return m_weight > 0 ? m_sum / m_weight : 0.0;
}

} // namespace sendoff::queue
