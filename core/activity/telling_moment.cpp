// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/telling_moment.h"

#include <algorithm>

namespace sendoff::activity {

namespace {

// Turns that begin within this time of each other look as if they were at once.
constexpr qint64 seenApartNs = 1'500'000;
constexpr int mostPasses = 12; // more do not show more

struct Begin {
    qint64 timeNs;
    ActivityId upload;
};

std::vector<Begin> turnsOf(const Timeline &timeline, qint64 fromNs, qint64 toNs)
{
    std::vector<Begin> turns;
    for (const Lane &lane : timeline.lanes()) {
        if (lane.kind() != LaneKind::Upload)
            continue;
        for (const LaneSpan &span : lane.spans(fromNs, toNs)) {
            if (span.kind == SpanKind::Turn && span.beginNs >= fromNs)
                turns.push_back({span.beginNs, lane.activity()});
        }
    }
    std::sort(turns.begin(), turns.end(),
              [](const Begin &a, const Begin &b) { return a.timeNs < b.timeNs; });
    return turns;
}

// How much is to be seen in [first, last), which are sorted.
int worthOf(std::vector<Begin>::const_iterator first, std::vector<Begin>::const_iterator last)
{
    int passes = 0;
    std::vector<ActivityId> uploads;
    for (auto turn = first; turn != last; ++turn) {
        if (std::find(uploads.begin(), uploads.end(), turn->upload) == uploads.end())
            uploads.push_back(turn->upload);
        const bool isPass = turn != first && std::prev(turn)->upload != turn->upload
            && turn->timeNs - std::prev(turn)->timeNs >= seenApartNs;
        passes += isPass ? 1 : 0;
    }
    return std::min(passes, mostPasses) * 100 + int(std::min<std::size_t>(uploads.size(), 99));
}

} // namespace

qint64 tellingMoment(const Timeline &timeline, qint64 fromNs, qint64 toNs, qint64 lengthNs)
{
    const std::vector<Begin> turns = turnsOf(timeline, fromNs, toNs);
    const auto isBefore = [](const Begin &turn, qint64 timeNs) { return turn.timeNs < timeNs; };
    qint64 best = fromNs;
    int most = -1;
    for (qint64 begin = fromNs; begin + lengthNs <= toNs; begin += lengthNs) {
        const auto first = std::lower_bound(turns.begin(), turns.end(), begin, isBefore);
        const auto last = std::lower_bound(first, turns.end(), begin + lengthNs, isBefore);
        if (const int worth = worthOf(first, last); worth >= most) {
            most = worth;
            best = begin;
        }
    }
    return best;
}

} // namespace sendoff::activity
