// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/stall_watch.h"

namespace sendoff::net {

bool StallWatch::hasStalled(qint64 movedBytes, Moment now)
{
    if (!m_isRunning || movedBytes != m_moved) {
        m_isRunning = true;
        m_moved = movedBytes;
        m_since = now;
        return false;
    }
    return m_timeout.count() > 0 && now - m_since >= m_timeout;
}

} // namespace sendoff::net
