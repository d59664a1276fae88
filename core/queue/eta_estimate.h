// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// EtaEstimate: how fast one leg goes and how long it will take, from what it has done so far. Pure:
// whoever asks brings the time. Says nothing rather than something that cannot be known.

#include <chrono>
#include <optional>

namespace sendoff::queue {

class EtaEstimate {
public:
    using Time = std::chrono::milliseconds; // of a steady clock

    static constexpr Time shortestTime{5'000}; // before that nothing is said
    static constexpr double smallestPart = 0.03; // of the work

    // `done` and `total` in any unit: bytes, or a fraction of 1. Less than before = it began anew.
    void add(Time now, double done, double total);
    // Of a pause: left() stays what it was, and the time until the next add() does not count.
    void freeze();
    // Units per second, averaged over about 5 s; 0 while not known.
    double rate() const;
    // Rounded (roundedLeft); nothing before shortestTime and smallestPart, and where nothing moves.
    std::optional<std::chrono::seconds> left() const { return m_left; }

private:
    void begin(Time now, double done);
    void estimate(double done, double total);

    std::optional<Time> m_before; // the last add(); nothing at first and after freeze()
    Time m_worked{0};
    double m_done = 0;
    double m_sum = 0; // of rates, weighted by exp(-age / 5 s)
    double m_weight = 0;
    std::optional<std::chrono::seconds> m_left;
};

} // namespace sendoff::queue
