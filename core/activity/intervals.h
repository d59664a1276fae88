// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Intervals: sets of stretches of time, for sums over spans. Pure.

#include <QtGlobal>

#include <vector>

namespace sendoff::activity {

// [beginNs, endNs)
struct Interval {
    qint64 beginNs = 0;
    qint64 endNs = 0;
    bool operator==(const Interval &) const = default;
};

// Sorted, disjoint and not adjacent; empty intervals vanish.
std::vector<Interval> united(std::vector<Interval> intervals);
// Of two united sets; united again.
std::vector<Interval> intersection(const std::vector<Interval> &a, const std::vector<Interval> &b);
std::vector<Interval> difference(const std::vector<Interval> &a, const std::vector<Interval> &b);
qint64 lengthNs(const std::vector<Interval> &unitedIntervals);

} // namespace sendoff::activity
