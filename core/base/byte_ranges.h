// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ByteRanges: a set of byte positions, kept as sorted, disjoint, non-adjacent half-open ranges.
// The arithmetic of "what to send next": sealed − confirmed − in flight. A plain value.

#include <QJsonArray>

#include <optional>
#include <vector>

namespace sendoff {

// [begin, end); empty where end <= begin.
struct ByteRange {
    qint64 begin = 0;
    qint64 end = 0;

    constexpr qint64 size() const { return end > begin ? end - begin : 0; }
    constexpr bool isEmpty() const { return end <= begin; }
    bool operator==(const ByteRange &) const = default;
};

class ByteRanges {
public:
    ByteRanges() = default;
    explicit ByteRanges(ByteRange range) { add(range); }
    static ByteRanges upTo(qint64 size) { return ByteRanges({0, size}); }

    void add(ByteRange range);
    void subtract(ByteRange range);
    void add(const ByteRanges &other);
    void subtract(const ByteRanges &other);
    ByteRanges intersected(ByteRange window) const;

    bool isEmpty() const { return m_ranges.empty(); }
    bool covers(ByteRange range) const; // an empty range is covered by anything
    qint64 totalBytes() const;
    // The end of the range that starts at 0; 0 where the set does not contain position 0.
    qint64 prefix() const;
    // The first range, or nothing for an empty set.
    std::optional<ByteRange> first() const;
    const std::vector<ByteRange> &ranges() const { return m_ranges; }
    bool operator==(const ByteRanges &) const = default;

    // [[begin, end], …]; reading returns nothing for anything else than ascending whole numbers.
    QJsonArray toJson() const;
    static std::optional<ByteRanges> fromJson(const QJsonArray &json);

private:
    std::vector<ByteRange> m_ranges;
};

} // namespace sendoff
