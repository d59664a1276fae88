// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/part_grid.h"

#include <algorithm>
#include <limits>

namespace sendoff::transfer {

namespace {

constexpr int endless = std::numeric_limits<int>::max();

} // namespace

PartGrid PartGrid::equal(qint64 size)
{
    return PartGrid({Run{endless, size}});
}

PartGrid::PartGrid(std::vector<Run> runs)
    : m_runs(std::move(runs))
{
    Q_ASSERT(!m_runs.empty());
    m_runs.back().parts = endless;
}

ByteRange PartGrid::part(int index, std::optional<qint64> total) const
{
    qint64 begin = 0;
    ByteRange range;
    for (const Run &run : m_runs) {
        if (index < run.parts) {
            range = {begin + index * run.size, begin + (index + 1) * run.size};
            break;
        }
        index -= run.parts;
        begin += run.parts * run.size;
    }
    if (total)
        range.end = std::min(range.end, *total);
    return range;
}

int PartGrid::indexAt(qint64 offset) const
{
    int index = 0;
    for (const Run &run : m_runs) {
        const qint64 here = offset / run.size;
        if (here < run.parts)
            return index + int(here);
        index += run.parts;
        offset -= run.parts * run.size;
    }
    return index;
}

int PartGrid::count(qint64 total) const
{
    return total > 0 ? indexAt(total - 1) + 1 : 0;
}

PartGrid PartGrid::goingOnInside() const
{
    PartGrid grid = *this;
    grid.m_goesOnInside = true;
    return grid;
}

QJsonArray PartGrid::toJson() const
{
    QJsonArray json;
    for (const Run &run : m_runs)
        json.append(QJsonArray{run.parts, run.size});
    return json;
}

std::optional<PartGrid> PartGrid::fromJson(const QJsonArray &json)
{
    std::vector<Run> runs;
    for (const QJsonValue &value : json) {
        const QJsonArray pair = value.toArray();
        const Run run{pair.at(0).toInt(), pair.at(1).toInteger()};
        constexpr qint64 largest = qint64(1) << 40;
        if (pair.size() != 2 || run.parts <= 0 || run.size <= 0 || run.size > largest)
            return std::nullopt;
        runs.push_back(run);
    }
    if (runs.empty())
        return std::nullopt;
    return PartGrid(std::move(runs));
}

} // namespace sendoff::transfer
