// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/intervals.h"

#include <algorithm>

namespace sendoff::activity {

std::vector<Interval> united(std::vector<Interval> intervals)
{
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval &a, const Interval &b) { return a.beginNs < b.beginNs; });
    std::vector<Interval> result;
    for (const Interval &interval : intervals) {
        if (interval.endNs <= interval.beginNs)
            continue;
        if (!result.empty() && interval.beginNs <= result.back().endNs)
            result.back().endNs = std::max(result.back().endNs, interval.endNs);
        else
            result.push_back(interval);
    }
    return result;
}

std::vector<Interval> intersection(const std::vector<Interval> &a, const std::vector<Interval> &b)
{
    std::vector<Interval> result;
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() && right != b.end()) {
        const Interval common{std::max(left->beginNs, right->beginNs),
                              std::min(left->endNs, right->endNs)};
        if (common.beginNs < common.endNs)
            result.push_back(common);
        if (left->endNs < right->endNs)
            ++left;
        else
            ++right;
    }
    return result;
}

std::vector<Interval> difference(const std::vector<Interval> &a, const std::vector<Interval> &b)
{
    std::vector<Interval> result;
    auto hole = b.begin();
    for (Interval left : a) {
        while (hole != b.end() && hole->endNs <= left.beginNs)
            ++hole;
        // A hole may reach into the next interval of `a`: it is looked at again there.
        for (auto cut = hole; cut != b.end() && cut->beginNs < left.endNs; ++cut) {
            if (cut->beginNs > left.beginNs)
                result.push_back({left.beginNs, cut->beginNs});
            left.beginNs = std::max(left.beginNs, cut->endNs);
        }
        if (left.beginNs < left.endNs)
            result.push_back(left);
    }
    return result;
}

qint64 lengthNs(const std::vector<Interval> &unitedIntervals)
{
    qint64 total = 0;
    for (const Interval &interval : unitedIntervals)
        total += interval.endNs - interval.beginNs;
    return total;
}

} // namespace sendoff::activity
