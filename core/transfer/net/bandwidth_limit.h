// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// BandwidthLimit: one token bucket that all uploads draw from, fairly: whoever has had least is
// next, and among equals who has waited longest. Pure arithmetic on an injected clock; pausing and
// resuming transfers is Net's affair.

#include <QtGlobal>

#include <chrono>
#include <functional>
#include <vector>

namespace sendoff::net {

// Lives on one thread.
class BandwidthLimit {
public:
    // One upload's place in the line. Forgotten (forget()) before it dies.
    class Client {
    public:
        bool isWaiting() const { return m_isWaiting; }

    private:
        friend class BandwidthLimit;
        bool m_isWaiting = false;
        bool m_isKnown = false; // has stood in the line before
        qint64 m_reserved = 0; // bytes set aside by admitNext()
        qint64 m_served = 0; // bytes so far, on the scale of m_servedLast
    };

    using Clock = std::function<std::chrono::nanoseconds()>; // monotonic
    explicit BandwidthLimit(Clock clock);

    // Bytes per second; 0 = no limit. Takes effect with the next call.
    void setRate(qint64 bytesPerSecond);
    qint64 rate() const { return m_rate; }

    // How many of `wanted` (> 0) bytes may be sent now. 0: none, and the client stands at the end
    // of the line until admitNext() returns it. Only a client alone is served past the line.
    qint64 take(Client &client, qint64 wanted);
    // The next in the line, with an even share of what there is set aside for its next takes;
    // null where the line is empty or the bucket is not yet full enough. To be called each 10 ms.
    Client *admitNext();
    // Bytes of the last take() that could not be sent after all; kept for the client's next one.
    void giveBack(Client &client, qint64 bytes);
    void forget(Client &client);
    bool hasWaiting() const { return !m_line.empty(); }

private:
    void refill();
    void reserve(Client &client, qint64 bytes);
    qint64 share() const;

    Clock m_clock;
    qint64 m_rate = 0;
    double m_tokens = 0; // bytes
    std::chrono::nanoseconds m_filledAt{0};
    std::vector<Client *> m_line;
    int m_reserving = 0; // clients with something set aside
    qint64 m_servedLast = 0; // what the last one admitted had had before: start-time fair queueing
};

} // namespace sendoff::net
