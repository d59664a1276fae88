// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/connection_slots.h"

namespace sendoff::net {

bool ConnectionSlots::acquire(Use use, const QByteArray &host)
{
    const Count there = m_hosts.value(host);
    if (there.all >= m_perHost + reservePerHost || m_used.all >= m_total + reserve)
        return false;
    if (use == Use::Body && (there.bodies >= m_perHost || m_used.bodies >= m_total))
        return false;
    const long body = use == Use::Body ? 1 : 0;
    for (Count *count : {&m_used, &m_hosts[host]}) {
        count->all += 1;
        count->bodies += body;
    }
    return true;
}

void ConnectionSlots::release(Use use, const QByteArray &host)
{
    const long body = use == Use::Body ? 1 : 0;
    Count &there = m_hosts[host];
    for (Count *count : {&m_used, &there}) {
        count->all -= 1;
        count->bodies -= body;
    }
    Q_ASSERT(m_used.all >= 0 && there.all >= 0);
    if (there.all == 0)
        m_hosts.remove(host);
}

} // namespace sendoff::net
