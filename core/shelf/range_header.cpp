// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/range_header.h"

#include "core/tus/tus.h"

#include <algorithm>

namespace sendoff::shelf {

RangeAnswer answerRange(QByteArrayView value, qint64 size)
{
    using Kind = RangeAnswer::Kind;
    constexpr QByteArrayView unit = "bytes=";
    const RangeAnswer whole;
    if (value.size() <= unit.size()
        || value.first(unit.size()).compare(unit, Qt::CaseInsensitive) != 0)
        return whole;
    const QByteArrayView range = value.sliced(unit.size()).trimmed();
    const qsizetype dash = range.indexOf('-');
    if (dash < 0)
        return whole;
    // Their grammar is that of a byte count: digits only. A comma is none.
    const QByteArrayView firstText = range.first(dash);
    const QByteArrayView lastText = range.sliced(dash + 1);
    const std::optional<qint64> first = tus::parseByteCount(firstText);
    const std::optional<qint64> last = tus::parseByteCount(lastText);
    if ((!first && !firstText.isEmpty()) || (!last && !lastText.isEmpty()) || (!first && !last))
        return whole;
    if (!first) { // the last so many bytes
        if (*last == 0 || size == 0)
            return {Kind::Unsatisfiable, {}};
        return {Kind::Part, {std::max<qint64>(0, size - *last), size}};
    }
    if (last && *last < *first)
        return whole; // §14.1.1: invalid, so ignored
    if (*first >= size)
        return {Kind::Unsatisfiable, {}};
    return {Kind::Part, {*first, last ? std::min(*last, size - 1) + 1 : size}};
}

} // namespace sendoff::shelf
