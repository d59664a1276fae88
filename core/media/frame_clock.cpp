// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/frame_clock.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

constexpr int finestDenominator = 90'000; // about; every usual frame rate divides a near number
constexpr double unlikelyFrameRate = 1000;

bool isLikely(AVRational frameRate)
{
    return frameRate.num > 0 && frameRate.den > 0 && av_q2d(frameRate) <= unlikelyFrameRate;
}

// Whether every tick of `timeBase` is a frame of the grid.
bool isOnGrid(AVRational timeBase, AVRational frameRate)
{
    const AVRational framesPerTick = av_mul_q(timeBase, frameRate);
    return framesPerTick.num > 0 && framesPerTick.den == 1;
}

AVRational chooseTimeBase(AVRational source, AVRational frameRate, bool isRateBased)
{
    if (!isLikely(frameRate))
        return isRateBased || source.num != 1 ? AVRational{1, finestDenominator} : source;
    if (isRateBased || isOnGrid(source, frameRate))
        return av_inv_q(frameRate);
    const bool holdsGrid = source.num == 1 && source.den % frameRate.num == 0;
    if (holdsGrid && source.den >= 10'000)
        return source;
    const int steps = (finestDenominator + frameRate.num - 1) / frameRate.num;
    return {1, frameRate.num * steps};
}

} // namespace

FrameClock::FrameClock(AVRational sourceTimeBase, AVRational frameRate, bool isRateBased)
    : m_timeBase(chooseTimeBase(sourceTimeBase, frameRate, isRateBased))
    , m_tolerance(sourceTimeBase)
    , m_isRateBased(isRateBased)
{
    if (isLikely(frameRate))
        m_frameLength = av_inv_q(frameRate);
}

std::optional<qint64> FrameClock::place(qint64 pts, AVRational timeBase)
{
    qint64 ticks = av_rescale_q(pts, timeBase, m_timeBase);
    if (!m_first)
        m_first = ticks;
    const qint64 frameTicks =
        m_frameLength.num > 0 ? av_rescale_q(1, m_frameLength, m_timeBase) : 0;
    if (frameTicks > 1 && !m_isRateBased) {
        const qint64 frame = av_rescale_q(ticks - *m_first, m_timeBase, m_frameLength);
        const qint64 onGrid = *m_first + av_rescale_q(frame, m_frameLength, m_timeBase);
        const double distance = std::abs(double(onGrid - ticks)) * av_q2d(m_timeBase);
        if (distance <= av_q2d(m_tolerance) * 1.01 && distance * 4 <= av_q2d(m_frameLength))
            ticks = onGrid;
    }
    if (m_last && ticks <= *m_last)
        return std::nullopt;
    m_last = ticks;
    return ticks;
}

RateLimit::RateLimit(double rate)
    : m_interval(rate > 0 ? 1 / rate : 0)
{
}

bool RateLimit::lets(double seconds)
{
    if (m_interval <= 0)
        return true;
    // A quarter of a frame early is in time: clocks round.
    if (m_due && seconds + m_interval / 4 < *m_due)
        return false;
    const double next = m_due ? *m_due + m_interval : seconds + m_interval;
    m_due = std::max(next, seconds + m_interval / 2);
    return true;
}

} // namespace sendoff::media
