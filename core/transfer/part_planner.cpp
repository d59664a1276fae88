// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/part_planner.h"

#include <algorithm>

namespace sendoff::transfer {

namespace {

// Parts that the destination numbers by their place.
bool partsLieOnGrid(const Capabilities &rules)
{
    return rules.takesAnyOrder && rules.minimumPart > 0 && rules.maximumPart > 0;
}

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

// The first cell of the grid that is sealed whole and not confirmed whole.
ByteRange firstFullCell(const OutputFeed::State &source, const ByteRanges &confirmed,
                        const Capabilities &rules)
{
    const qint64 size = rules.maximumPart;
    for (const ByteRange &range : source.sealed.ranges()) {
        for (qint64 begin = (range.begin + size - 1) / size * size; begin < range.end;
             begin += size) {
            const ByteRange cell{begin,
                                 std::min(begin + size, source.total.value_or(begin + size))};
            if (cell.end <= range.end && !confirmed.covers(cell))
                return cell;
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

std::optional<PartPlan> nextPart(const OutputFeed::State &source, const ByteRanges &confirmed,
                                 const Capabilities &rules, qint64 atLeast)
{
    ByteRange range;
    if (partsLieOnGrid(rules)) {
        range = firstFullCell(source, confirmed, rules);
    } else {
        const ByteRange stretch = firstStretch(source, confirmed, rules);
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
