// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ConnectionSlots: how many requests may run at once, per host and over all. Requests without a
// body have a few slots more, so that asking for an offset or cleaning up never waits for an hour
// of upload. Pure counting.

#include <QByteArray>
#include <QHash>

namespace sendoff::net {

class ConnectionSlots {
public:
    enum class Use { Body, Control };
    static constexpr long reservePerHost = 2;
    static constexpr long reserve = 4;

    ConnectionSlots(long perHost, long total)
        : m_perHost(perHost)
        , m_total(total)
    {
    }

    // False where the host or the program has none left.
    bool acquire(Use use, const QByteArray &host);
    void release(Use use, const QByteArray &host);

private:
    struct Count {
        long bodies = 0;
        long all = 0;
    };

    long m_perHost;
    long m_total;
    Count m_used;
    QHash<QByteArray, Count> m_hosts;
};

} // namespace sendoff::net
