// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// AsyncEvent: a one-time event that coroutines of one thread can await. Not for: crossing threads
// (run_on.h).

#include <QCoroTask>

#include <memory>
#include <stop_token>
#include <vector>

namespace sendoff {

class Resumption;

// Used on one thread only.
class AsyncEvent {
public:
    void set(); // wakes everyone; later waits do not suspend
    bool isSet() const { return m_isSet; }
    // True once it is set, false when stopped before.
    QCoro::Task<bool> wait(std::stop_token stop);

private:
    bool m_isSet = false;
    std::vector<std::shared_ptr<Resumption>> m_waiters;
};

} // namespace sendoff
