// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/limits/timed_limits.h"

#include <algorithm>
#include <utility>

namespace sendoff::transfer {

TimedLimits::TimedLimits(Apply apply, Clock clock, std::chrono::milliseconds interval)
    : m_apply(std::move(apply))
    , m_clock(std::move(clock))
{
    m_timer.setInterval(interval);
    m_timer.callOnTimeout([this] { applyAll(); });
}

void TimedLimits::set(const QByteArray &group, LimitTimetable timetable)
{
    m_limits[group].timetable = std::move(timetable);
    applyAll();
    const bool isTimed = std::any_of(m_limits.cbegin(), m_limits.cend(), [](const auto &limit) {
        return !limit.second.timetable.isAlwaysSame();
    });
    if (isTimed && !m_timer.isActive())
        m_timer.start();
    else if (!isTimed)
        m_timer.stop();
}

void TimedLimits::applyAll()
{
    const QDateTime now = m_clock();
    for (auto &[group, limit] : m_limits) {
        const qint64 rate = limit.timetable.rateAt(now);
        if (std::exchange(limit.applied, rate) != rate)
            m_apply(group, rate);
    }
}

} // namespace sendoff::transfer
