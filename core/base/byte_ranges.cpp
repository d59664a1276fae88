// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/byte_ranges.h"

#include <algorithm>

namespace sendoff {

void ByteRanges::add(ByteRange range)
{
    if (range.isEmpty())
        return;
    // [firstTouched, pastTouched) overlap the new range or are adjacent to it.
    const auto firstTouched = std::lower_bound(
        m_ranges.begin(), m_ranges.end(), range.begin,
        [](const ByteRange &existing, qint64 begin) { return existing.end < begin; });
    auto pastTouched = firstTouched;
    while (pastTouched != m_ranges.end() && pastTouched->begin <= range.end) {
        range.begin = std::min(range.begin, pastTouched->begin);
        range.end = std::max(range.end, pastTouched->end);
        ++pastTouched;
    }
    m_ranges.insert(m_ranges.erase(firstTouched, pastTouched), range);
}

void ByteRanges::subtract(ByteRange range)
{
    if (range.isEmpty())
        return;
    std::vector<ByteRange> left;
    left.reserve(m_ranges.size() + 1);
    for (const ByteRange &existing : m_ranges) {
        const ByteRange before{existing.begin, std::min(existing.end, range.begin)};
        const ByteRange after{std::max(existing.begin, range.end), existing.end};
        if (!before.isEmpty())
            left.push_back(before);
        if (!after.isEmpty())
            left.push_back(after);
    }
    m_ranges = std::move(left);
}

void ByteRanges::add(const ByteRanges &other)
{
    for (const ByteRange &range : other.m_ranges)
        add(range);
}

void ByteRanges::subtract(const ByteRanges &other)
{
    for (const ByteRange &range : other.m_ranges)
        subtract(range);
}

ByteRanges ByteRanges::intersected(ByteRange window) const
{
    ByteRanges result;
    for (const ByteRange &range : m_ranges) {
        const ByteRange common{std::max(range.begin, window.begin), std::min(range.end, window.end)};
        if (!common.isEmpty())
            result.m_ranges.push_back(common);
    }
    return result;
}

bool ByteRanges::covers(ByteRange range) const
{
    return range.isEmpty() || std::any_of(m_ranges.begin(), m_ranges.end(), [&](const auto &own) {
        return own.begin <= range.begin && range.end <= own.end;
    });
}

qint64 ByteRanges::totalBytes() const
{
    qint64 total = 0;
    for (const ByteRange &range : m_ranges)
        total += range.size();
    return total;
}

qint64 ByteRanges::prefix() const
{
    return !m_ranges.empty() && m_ranges.front().begin == 0 ? m_ranges.front().end : 0;
}

std::optional<ByteRange> ByteRanges::first() const
{
    if (m_ranges.empty())
        return std::nullopt;
    return m_ranges.front();
}

QJsonArray ByteRanges::toJson() const
{
    QJsonArray json;
    for (const ByteRange &range : m_ranges)
        json.append(QJsonArray{range.begin, range.end});
    return json;
}

std::optional<ByteRanges> ByteRanges::fromJson(const QJsonArray &json)
{
    ByteRanges ranges;
    for (const QJsonValue &value : json) {
        const QJsonArray pair = value.toArray();
        if (pair.size() != 2 || !pair[0].isDouble() || !pair[1].isDouble())
            return std::nullopt;
        const ByteRange range{pair[0].toInteger(-1), pair[1].toInteger(-1)};
        if (range.begin < 0 || range.isEmpty())
            return std::nullopt;
        if (!ranges.m_ranges.empty() && range.begin <= ranges.m_ranges.back().end)
            return std::nullopt;
        ranges.m_ranges.push_back(range);
    }
    return ranges;
}

} // namespace sendoff
