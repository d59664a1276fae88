// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The Range header of a request (RFC 9110 §14) as a question to a file of known size. Pure.

#include "core/base/byte_ranges.h"

#include <QByteArray>

namespace sendoff::shelf {

struct RangeAnswer {
    enum class Kind {
        Whole, // no range, or one to be ignored: 200
        Part, // 206
        Unsatisfiable, // 416
    };
    Kind kind = Kind::Whole;
    ByteRange range; // of Part: not empty, inside of the file
    bool operator==(const RangeAnswer &) const = default;
};

// `value` is the header's, `size` the file's in bytes. A malformed header, another unit or more
// than one range is answered with the whole, as §14.2 allows.
RangeAnswer answerRange(QByteArrayView value, qint64 size);

} // namespace sendoff::shelf
