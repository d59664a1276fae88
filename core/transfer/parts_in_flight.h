// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PartsInFlight: the parts of one upload that are on their way at this moment: starts each, shows
// how much of them has been acknowledged, and tells what became of them. Not for: which to send, or
// what a failure means (uploader.cpp).

#include "core/base/byte_ranges.h"
#include "core/base/task_scope.h"
#include "core/transfer/part_pace.h"
#include "core/transfer/uploader.h"

#include <QTimer>

#include <chrono>
#include <list>
#include <memory>
#include <stop_token>
#include <vector>

namespace sendoff::transfer {

// Lives on the network thread. Whoever started a part awaits stop() before this and the session
// die.
class PartsInFlight {
public:
    explicit PartsInFlight(std::shared_ptr<UploadProgress> shown);
    PartsInFlight(const PartsInFlight &) = delete;
    PartsInFlight &operator=(const PartsInFlight &) = delete;

    // Nothing is done with `part.progress` but to read it. `stop` ends the part.
    void start(UploadSession *session, PartPlan part, std::stop_token stop);

    int count() const { return int(m_flights.size()); }
    ByteRanges ranges() const;

    struct Landed {
        ByteRange range;
        qint64 handedOver = 0; // bytes given to the network
        PartPace::Seconds busy{0}; // from its start to its end
        Result<void> outcome;
    };
    // All that ended since the last call.
    std::vector<Landed> takeLanded();
    // The time with parts on their way since the last call.
    PartPace::Seconds takeBusyTime();
    // Of the next landing: requested as soon as takeLanded() has something.
    std::stop_token landing() const { return m_landing.get_token(); }
    // Nothing is on its way afterwards; what was lands as Cancelled, or as it ended.
    QCoro::Task<void> stop();

private:
    using Clock = std::chrono::steady_clock;
    struct Flight {
        ByteRange range;
        std::shared_ptr<net::TransferProgress> counters;
    };
    QCoro::Task<void> fly(UploadSession *session, PartPlan part, std::stop_token stop);
    void show();

    std::shared_ptr<UploadProgress> m_shown;
    std::list<Flight> m_flights;
    std::vector<Landed> m_landed;
    std::stop_source m_landing;
    std::stop_source m_stop;
    Clock::time_point m_busySince;
    PartPace::Seconds m_busy{0};
    QTimer m_timer;
    TaskScope m_tasks;
};

} // namespace sendoff::transfer
