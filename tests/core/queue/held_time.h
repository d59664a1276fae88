// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HeldTime: a Delay that passes when the test says so.

#include "core/base/async_event.h"
#include "core/base/sleep.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace sendoff::queue::test {

// Every wait stays until pass() is called for its length.
class HeldTime {
public:
    Delay delay()
    {
        return [this](std::chrono::milliseconds duration, std::stop_token stop) {
            return wait(duration, std::move(stop));
        };
    }
    int waiting(std::chrono::milliseconds from, std::chrono::milliseconds to) const
    {
        return int(std::count_if(m_waits.begin(), m_waits.end(), [&](const auto &wait) {
            return wait->duration >= from && wait->duration <= to;
        }));
    }
    // Ends the waits of such a length. True where there was one.
    bool pass(std::chrono::milliseconds from, std::chrono::milliseconds to)
    {
        const auto waits = m_waits;
        bool any = false;
        for (const auto &wait : waits) {
            if (wait->duration < from || wait->duration > to)
                continue;
            any = true;
            wait->event.set();
        }
        return any;
    }
    bool pass(std::chrono::milliseconds exactly) { return pass(exactly, exactly); }

private:
    struct Wait {
        std::chrono::milliseconds duration;
        AsyncEvent event;
    };
    QCoro::Task<bool> wait(std::chrono::milliseconds duration, std::stop_token stop)
    {
        const auto held = std::make_shared<Wait>();
        held->duration = duration;
        m_waits.push_back(held);
        const bool hasPassed = co_await held->event.wait(std::move(stop));
        std::erase(m_waits, held);
        co_return hasPassed;
    }
    std::vector<std::shared_ptr<Wait>> m_waits;
};

} // namespace sendoff::queue::test
