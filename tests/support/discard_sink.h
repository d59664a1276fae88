// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// DiscardSink: an HTTP server on loopback that takes bodies as fast as the kernel can throw them
// away, and answers 200. For measurements; FaultServer is for everything else.

#include <QUrl>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace sendoff::test {

// Blocking, with one thread per connection.
class DiscardSink {
public:
    DiscardSink();
    ~DiscardSink(); // closes every connection
    DiscardSink(const DiscardSink &) = delete;
    DiscardSink &operator=(const DiscardSink &) = delete;

    QUrl url() const;
    qint64 bytesDiscarded() const { return m_bytes; } // of bodies

private:
    void accept();
    void serve(int connection);

    int m_listener = -1;
    quint16 m_port = 0;
    std::atomic<qint64> m_bytes{0};
    std::mutex m_mutex;
    bool m_isClosing = false;
    std::vector<int> m_connections;
    std::vector<std::thread> m_workers;
    std::thread m_acceptor;
};

} // namespace sendoff::test
