// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FrameClock: the time base of a video encoder and the place of each frame in it. Private to
// core/media.
//
// Containers round: a millisecond cannot hold 1/29.97 s. Whether all frames of a source stand on
// the grid of its frame rate is known only at its end, so the time base holds both the grid,
// exactly, and any other time, at least as finely as the source. A frame within one source tick of
// the grid is put on it; any other keeps its time.

#include "core/media/av.h"

#include <optional>

namespace sendoff::media {

class FrameClock {
public:
    // `frameRate` 0/1 = unknown. `isRateBased`: for encoders whose rate control takes the time
    // base for the frame rate (mpeg4); their frames are all put on the grid.
    FrameClock(AVRational sourceTimeBase, AVRational frameRate, bool isRateBased);

    AVRational timeBase() const { return m_timeBase; }
    // Goes on with the grid of an earlier run, which began at `first`.
    void beginAt(qint64 first) { m_first = first; }
    // Where a frame stands; nothing for one that does not come after the last (two frames may
    // meet on the grid).
    std::optional<qint64> place(qint64 pts, AVRational timeBase);

private:
    AVRational m_timeBase;
    AVRational m_frameLength{0, 1}; // seconds; 0/1 = unknown
    AVRational m_tolerance; // seconds
    bool m_isRateBased;
    std::optional<qint64> m_first;
    std::optional<qint64> m_last;
};

// Drops frames so that no more than `rate` per second remain on average; 0 keeps all. Those that
// remain keep their own times.
class RateLimit {
public:
    explicit RateLimit(double rate);
    bool lets(double seconds);

private:
    double m_interval; // seconds
    std::optional<double> m_due;
};

} // namespace sendoff::media
