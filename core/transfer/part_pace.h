// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PartPace: how large the next part should be and how many may be on their way at once, by the
// speed measured so far: large enough that a request costs little, small enough that a break loses
// less than a minute. Pure. Not for: which bytes (part_planner.h).

#include "core/transfer/destination.h"

#include <chrono>

namespace sendoff::transfer {

class PartPace {
public:
    using Seconds = std::chrono::duration<double>;

    // `bytes` were confirmed; `busy` is the time with parts on their way since the last call.
    void note(qint64 bytes, Seconds busy);
    // Nothing larger is asked for from now on: something on the way refused `size` bytes (413).
    // False where it cannot be made smaller.
    bool refuse(qint64 size);

    // Of a destination whose parts may be cut in any way: 8 MiB first, then what takes 30 s, within
    // the destination's rules.
    qint64 nextSize(const Capabilities &rules) const;
    // Of parts of `size`: one until the speed is known, then as many as the destination takes, but
    // none that would need more than a minute for its turn.
    int partsAtOnce(const Capabilities &rules, qint64 size) const;

    double bytesPerSecond() const { return m_seconds > 0 ? m_bytes / m_seconds : 0; }

private:
    double m_bytes = 0;
    double m_seconds = 0;
    qint64 m_refused = 0; // the smallest size that was refused; 0 = none
};

} // namespace sendoff::transfer
