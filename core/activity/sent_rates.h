// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SentRates: how fast each upload's bytes left this computer over the last minute. Pure.

#include "core/base/activity_hook.h"

#include <map>

namespace sendoff::activity {

class SentRates {
public:
    static constexpr qint64 slotNs = 500'000'000;
    static constexpr int slotCount = 120; // a minute

    // What an upload has sent so far, as read at `nowNs`; readings come in order.
    void take(ActivityId id, qint64 sentBytes, qint64 nowNs);
    // Forgets uploads that sent nothing for a minute.
    void forgetIdle(qint64 nowNs);

    // Bytes per second of each upload in the slot `ago` slots back; 0 = the last whole one.
    std::map<ActivityId, double> slot(int ago, qint64 nowNs) const;
    // Mean over the last three seconds, of all uploads together.
    double total(qint64 nowNs) const;

private:
    struct Series {
        qint64 lastBytes = -1;
        qint64 changedNs = 0; // when that was first read
        std::map<qint64, qint64> bytes; // by number of the slot
    };
    std::map<ActivityId, Series> m_uploads;
};

} // namespace sendoff::activity
