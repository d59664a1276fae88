// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StallWatch: notices that a transfer stands still. Fed with bytes that the other side has
// acknowledged or sent, never with bytes that only went into a buffer. A plain value.

#include <QtGlobal>

#include <chrono>

namespace sendoff::net {

class StallWatch {
public:
    using Moment = std::chrono::steady_clock::time_point;
    explicit StallWatch(std::chrono::milliseconds timeout)
        : m_timeout(timeout)
    {
    } // 0 = never

    // True where `movedBytes` (never less than before) has not grown for the timeout.
    bool hasStalled(qint64 movedBytes, Moment now);
    // Standing still is intended (speed limit, disk, waiting for a connection): counts anew.
    void excuse() { m_isRunning = false; }

private:
    std::chrono::milliseconds m_timeout;
    bool m_isRunning = false;
    qint64 m_moved = 0;
    Moment m_since;
};

} // namespace sendoff::net
