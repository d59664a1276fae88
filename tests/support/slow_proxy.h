// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SlowProxy: a TCP proxy on loopback that lets only so many bytes a second through towards the
// server, counts them, and brings the answers later: a home's uplink for tests.

#include <QThread>

#include <atomic>
#include <chrono>

namespace sendoff::test {

// Runs on a thread of its own.
class SlowProxy {
public:
    SlowProxy(quint16 upstreamPort, qint64 bytesPerSecond,
              std::chrono::milliseconds latency = {});
    ~SlowProxy();
    SlowProxy(const SlowProxy &) = delete;
    SlowProxy &operator=(const SlowProxy &) = delete;

    quint16 port() const { return m_port; }
    // Towards the server, since the start; heads and bodies.
    qint64 bytesUp() const { return m_bytesUp; }

private:
    QThread m_thread;
    QObject *m_listener = nullptr; // on m_thread
    std::atomic<qint64> m_bytesUp{0};
    quint16 m_port = 0;
};

} // namespace sendoff::test
