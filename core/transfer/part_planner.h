// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What to send next: sealed − confirmed − in flight, cut to the destination's rules. Pure. Not for: when to
// send it, or what to do when that fails (uploader.h).

#include "core/transfer/destination.h"

#include <optional>

namespace sendoff::transfer {

// The next part, without its progress, or nothing where the source has to seal more first.
//
// - A destination that takes bytes in order gets the bytes after the confirmed prefix; another one
//   the first sealed stretch that it does not have. `headReserve` bytes at the start wait until
//   the total is known, as what is written there comes last.
// - As long as the total is unknown, parts are full: at least `minimumPart` and, as long as the
//   writer goes on, `atLeast` bytes; a multiple of `partMultiple`. The last part is of any size.
// - Where the upload numbers its parts (`grid` not null), only whole ones are sent, in any order;
//   where they go on inside, what is left of one that is sealed whole, up to `maximumPart`.
// `taken` is what is confirmed or on its way.
std::optional<PartPlan> nextPart(const OutputFeed::State &source, const ByteRanges &taken,
                                 const Capabilities &rules, const PartGrid *grid = nullptr,
                                 qint64 atLeast = 0);

} // namespace sendoff::transfer
