// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PartGrid: where the numbered parts of an upload begin and end. Fixed when the upload is made and
// stored with it, because a part that is sent again must be the same bytes. A plain value.

#include "core/base/byte_ranges.h"

#include <QJsonArray>

#include <optional>
#include <vector>

namespace sendoff::transfer {

class PartGrid {
public:
    // So many parts of this size; the last run goes on for ever.
    struct Run {
        int parts = 0;
        qint64 size = 0;
        bool operator==(const Run &) const = default;
    };

    static PartGrid equal(qint64 size);
    // At least one run; sizes and counts above 0.
    explicit PartGrid(std::vector<Run> runs);

    // Part `index`, counted from 0, cut at `total` where that is known.
    ByteRange part(int index, std::optional<qint64> total) const;
    // The part that holds position `offset`.
    int indexAt(qint64 offset) const;
    // How many parts a file of `total` bytes has.
    int count(qint64 total) const;

    // Of uploads whose parts go on where they stopped, each at its own offset; else a part that
    // broke is sent again as a whole. Not stored: it is the protocol's.
    bool goesOnInside() const { return m_goesOnInside; }
    PartGrid goingOnInside() const;

    bool operator==(const PartGrid &) const = default;
    // [[parts, size], …]; reading returns nothing for anything else.
    QJsonArray toJson() const;
    static std::optional<PartGrid> fromJson(const QJsonArray &json);

private:
    std::vector<Run> m_runs;
    bool m_goesOnInside = false;
};

} // namespace sendoff::transfer
