// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RetryBudget: how long to wait before the same step is tried again, and when to stop. Which
// failures are worth it was decided where they were understood (Error::retry). Pure but for the
// random numbers, which can be given.

#include "core/transfer/uploader.h"

#include <functional>
#include <optional>

namespace sendoff::transfer {

class RetryBudget {
public:
    // `random` returns a number in [0, 1); empty = the system's generator.
    explicit RetryBudget(const UploadPolicy &policy, std::function<double()> random = {});

    // The wait before the next attempt, or nothing where `error` is the caller's affair: not worth
    // a retry by itself, or the attempts without progress are used up. Backoff waits a random time
    // up to first · 2ⁿ (full jitter), At until its time, and a little longer so that many uploads
    // do not come back at the same instant.
    std::optional<std::chrono::milliseconds> nextDelay(const Error &error,
                                                       std::chrono::system_clock::time_point now);
    // Bytes moved: all attempts are available again.
    void renew() { m_used = 0; }
    int used() const { return m_used; }

private:
    std::chrono::milliseconds backoff() const;

    int m_attempts;
    int m_attemptsUnanswered;
    std::chrono::milliseconds m_first;
    std::chrono::milliseconds m_longest;
    std::function<double()> m_random;
    int m_used = 0;
};

} // namespace sendoff::transfer
