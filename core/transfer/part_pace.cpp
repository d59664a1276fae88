// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/part_pace.h"

#include <algorithm>

namespace sendoff::transfer {

namespace {

constexpr qint64 firstPart = 8 << 20;
// However slow the line: at 5 kB/s still within half a minute, and large enough that a request and
// its answer cost a hundredth of it.
constexpr qint64 smallestPace = 128 << 10;
constexpr qint64 smallestRefused = 1 << 20; // who takes no more than this takes no videos
constexpr qint64 largestPace = qint64(64) << 30;
constexpr double secondsForPart = 30;
constexpr double secondsAtMost = 60;
constexpr double memory = 30; // seconds after which what was measured counts half

} // namespace

void PartPace::note(qint64 bytes, Seconds busy)
{
    m_bytes += double(bytes);
    m_seconds += busy.count();
    while (m_seconds > memory) {
        m_bytes /= 2;
        m_seconds /= 2;
    }
}

bool PartPace::refuse(qint64 size)
{
    if (size <= smallestRefused)
        return false;
    m_refused = m_refused > 0 ? std::min(m_refused, size) : size;
    return true;
}

qint64 PartPace::nextSize(const Capabilities &rules) const
{
    const double speed = bytesPerSecond();
    qint64 size = firstPart;
    if (speed > 0)
        size = qint64(std::clamp(speed * secondsForPart, double(smallestPace), double(largestPace)));
    if (m_refused > 0)
        size = std::min(size, std::max(smallestRefused, m_refused / 2));
    size = std::max(size, rules.minimumPart);
    const qint64 multiple = std::max<qint64>(1, rules.partMultiple);
    size = std::max(multiple, size / multiple * multiple);
    return rules.maximumPart > 0 ? std::min(size, rules.maximumPart) : size;
}

int PartPace::partsAtOnce(const Capabilities &rules, qint64 size) const
{
    const double speed = bytesPerSecond();
    if (rules.partsAtOnce <= 1 || speed <= 0)
        return 1;
    const double fitting = speed * secondsAtMost / double(std::max<qint64>(1, size));
    return std::clamp(int(std::min(fitting, double(rules.partsAtOnce))), 1, rules.partsAtOnce);
}

} // namespace sendoff::transfer
