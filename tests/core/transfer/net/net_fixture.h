// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of core/transfer/net share: bodies from files, awaiting in one line, and a count
// of how long the event loop was ever held up.

#include "core/base/source_file.h"
#include "core/transfer/net/net.h"

#include <QCoroTask>
#include <QElapsedTimer>
#include <QTemporaryFile>
#include <QTest>
#include <QTimer>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace sendoff::test {

// A file of `size` zeros that takes no space.
inline std::shared_ptr<FileDescriptor> sparseFile(qint64 size)
{
    QTemporaryFile file;
    if (!file.open() || !file.resize(size))
        qFatal("cannot make a sparse file: %s", qPrintable(file.errorString()));
    return std::make_shared<FileDescriptor>(
        ::open(QFile::encodeName(file.fileName()).constData(), O_RDWR | O_CLOEXEC));
}

inline net::RequestBody fileBody(const std::shared_ptr<FileDescriptor> &file, qint64 size,
                                 qint64 offset = 0)
{
    return net::RequestBody(file, file->get(), offset, size);
}

inline net::RequestBody sparseBody(qint64 size)
{
    return fileBody(sparseFile(size), size);
}

// An upload: without a deadline.
inline net::HttpRequest putOf(const QUrl &url, const net::RequestBody &body)
{
    net::HttpRequest request("PUT", url);
    request.body = body;
    request.totalTimeout = std::chrono::milliseconds(0);
    return request;
}

inline Result<net::HttpReply> sendNow(net::Net &net, net::HttpRequest request,
                                      std::stop_token stop = {})
{
    auto task = net.send(std::move(request), std::move(stop));
    return QCoro::waitFor(std::move(task));
}

// The longest time between two turns of a 1 ms timer on this thread.
class LoopGap {
public:
    LoopGap()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(1);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_longest = std::max(m_longest, m_since.restart());
            ++m_ticks;
        });
        m_since.start();
        m_timer.start();
    }
    qint64 longestMs() const { return m_longest; }
    int ticks() const { return m_ticks; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
    int m_ticks = 0;
};

} // namespace sendoff::test

// Fails the test with the error's detail.
#define SO_REQUIRE(result)                                                                         \
    QVERIFY2((result).has_value(), (result).has_value() ? "" : qPrintable((result).error().detail))
