// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/send_order.h"

#include <algorithm>

namespace sendoff::queue {

media::SendOrder sendOrderFor(media::Layout layout,
                              const QList<transfer::Capabilities> &destinations)
{
    using media::Layout;
    using media::SendOrder;
    const auto waits = [](const transfer::Capabilities &can) {
        return can.needsLengthFirst || can.publishesAtOnce;
    };
    const auto isFree = [](const transfer::Capabilities &can) { return can.takesAnyOrder; };
    if (destinations.isEmpty()
        || std::any_of(destinations.cbegin(), destinations.cend(), waits))
        return SendOrder::NotYet;
    const bool allAreFree = std::all_of(destinations.cbegin(), destinations.cend(), isFree);
    if (layout == Layout::Fragmented)
        return SendOrder::InOrder;
    if (layout == Layout::Progressive && !allAreFree)
        return SendOrder::NotYet;
    return allAreFree ? SendOrder::AnyOrder : SendOrder::InOrder;
}

} // namespace sendoff::queue
