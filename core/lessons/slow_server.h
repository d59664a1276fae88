// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SlowServer: takes uploads on 127.0.0.1 as a server far away would: each connection at its own
// modest rate, with a pause before the answer. What it gets it throws away. For the lessons.

#include <QByteArray>
#include <QThread>
#include <QUrl>

#include <chrono>

class QTcpServer;

namespace sendoff::lessons {

struct SlowServerOptions {
    qint64 bytesPerSecond = 1'000'000; // of each connection
    std::chrono::milliseconds answerAfter{60};
};

// Runs on a thread of its own, from here to its destruction.
class SlowServer {
public:
    explicit SlowServer(SlowServerOptions options);
    ~SlowServer();
    SlowServer(const SlowServer &) = delete;
    SlowServer &operator=(const SlowServer &) = delete;

    // A place that takes a PUT; an empty one where no port was to be had.
    QUrl url() const { return m_url; }

private:
    QThread m_thread;
    QTcpServer *m_server; // on m_thread
    QUrl m_url;
};

} // namespace sendoff::lessons
