// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/part_planner.h"

#include <algorithm>

namespace sendoff::transfer {

namespace {

// The stretch from `begin` to the end of the sealed range that holds it.
ByteRange sealedFrom(const ByteRanges &sealed, qint64 begin)
{
    for (const ByteRange &range : sealed.ranges()) {
        if (range.begin <= begin && begin < range.end)
            return {begin, range.end};
    }
    return {};
}

// `stretch` cut to the rules, or an empty range where it has to grow first.
ByteRange cutToRules(ByteRange stretch, const Capabilities &rules, std::optional<qint64> total,
                     qint64 atLeast)
{
    ByteRange part = stretch;
    if (rules.maximumPart > 0)
        part.end = std::min(part.end, part.begin + rules.maximumPart);
    if (total && part.end == *total)
        return part; // the last one may have any size
    const qint64 multiple = std::max<qint64>(1, rules.partMultiple);
    part.end = part.begin + part.size() / multiple * multiple;
    const bool isCut = part.end < stretch.end;
    const qint64 least = total || isCut ? rules.minimumPart : std::max(rules.minimumPart, atLeast);
    return part.size() >= least ? part : ByteRange{};
}

// What is not taken of `part`, from where it stopped.
ByteRange firstLeftOf(ByteRange part, const ByteRanges &taken)
{
    ByteRanges left;
    left.add(part);
    left.subtract(taken);
    return left.first().value_or(ByteRange{});
}

// The first part of the grid that is sealed whole and not taken, or what is left of it.
ByteRange firstWholePart(const OutputFeed::State &source, const ByteRanges &taken,
                         const PartGrid &grid)
{
    ByteRanges wanted = source.sealed;
    wanted.subtract(taken);
    for (const ByteRange &range : wanted.ranges()) {
        for (int index = grid.indexAt(range.begin);; ++index) {
            const ByteRange part = grid.part(index, source.total);
            if (part.isEmpty() || part.begin >= range.end)
                break;
            if (source.sealed.covers(part) && !taken.covers(part))
                return grid.goesOnInside() ? firstLeftOf(part, taken) : part;
        }
    }
    return {};
}

ByteRange firstStretch(const OutputFeed::State &source, const ByteRanges &confirmed,
                       const Capabilities &rules)
{
    if (!rules.takesAnyOrder)
        return sealedFrom(source.sealed, confirmed.prefix());
    ByteRanges wanted = source.sealed;
    wanted.subtract(confirmed);
    if (!source.total)
        wanted.subtract(ByteRange{0, source.headReserve});
    return wanted.first().value_or(ByteRange{});
}

} // namespace

std::optional<PartPlan> nextPart(const OutputFeed::State &source, const ByteRanges &taken,
                                 const Capabilities &rules, const PartGrid *grid, qint64 atLeast)
{
    ByteRange range;
    if (grid) {
        range = firstWholePart(source, taken, *grid);
        if (grid->goesOnInside() && rules.maximumPart > 0)
            range.end = std::min(range.end, range.begin + rules.maximumPart);
    } else {
        const ByteRange stretch = firstStretch(source, taken, rules);
        if (!stretch.isEmpty())
            range = cutToRules(stretch, rules, source.total, atLeast);
    }
    if (range.isEmpty())
        return std::nullopt;
    PartPlan part;
    part.range = range;
    part.total = source.total;
    part.isLast = source.total && range.end == *source.total;
    return part;
}

} // namespace sendoff::transfer
