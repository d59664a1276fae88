// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/discard_sink.h"

#include <QByteArray>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace sendoff::test {

namespace {

constexpr size_t discardAtOnce = 4 << 20;

// The head with what came behind it; empty where the peer has gone.
QByteArray receiveHead(int connection)
{
    QByteArray received;
    char piece[16 << 10];
    while (!received.contains("\r\n\r\n")) {
        const ssize_t count = ::recv(connection, piece, sizeof piece, 0);
        if (count <= 0)
            return {};
        received.append(piece, count);
    }
    return received;
}

qint64 contentLength(const QByteArray &head)
{
    const qsizetype at = head.toLower().indexOf("\r\ncontent-length:");
    if (at < 0)
        return 0;
    const qsizetype begin = at + 17;
    return head.mid(begin, head.indexOf('\r', begin) - begin).trimmed().toLongLong();
}

} // namespace

DiscardSink::DiscardSink()
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *raw = reinterpret_cast<sockaddr *>(&address);
    if (::bind(m_listener, raw, size) != 0 || ::listen(m_listener, 128) != 0
        || ::getsockname(m_listener, raw, &size) != 0)
        qFatal("DiscardSink cannot listen");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

DiscardSink::~DiscardSink()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isClosing = true;
        ::shutdown(m_listener, SHUT_RDWR);
        for (const int connection : m_connections)
            ::shutdown(connection, SHUT_RDWR);
    }
    m_acceptor.join();
    for (std::thread &worker : m_workers)
        worker.join();
    for (const int connection : m_connections)
        ::close(connection);
    ::close(m_listener);
}

QUrl DiscardSink::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1/sink").arg(m_port));
}

void DiscardSink::accept()
{
    for (;;) {
        const int connection = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(m_mutex);
        if (connection >= 0)
            m_connections.push_back(connection);
        if (m_isClosing || connection < 0)
            return;
        m_workers.emplace_back([this, connection] { serve(connection); });
    }
}

void DiscardSink::serve(int connection)
{
    for (;;) {
        const QByteArray head = receiveHead(connection);
        if (head.isEmpty())
            return;
        const qint64 length = contentLength(head);
        if (head.toLower().contains("100-continue")
            && ::send(connection, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL) < 0)
            return;
        qint64 taken = head.size() - head.indexOf("\r\n\r\n") - 4;
        m_bytes += taken;
        while (taken < length) {
            const size_t wanted = std::min(discardAtOnce, size_t(length - taken));
            // TCP throws the bytes away without copying them (tcp(7)).
            const ssize_t count = ::recv(connection, nullptr, wanted, MSG_TRUNC);
            if (count <= 0)
                return;
            taken += count;
            m_bytes += count;
        }
        constexpr QByteArrayView reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        if (::send(connection, reply.data(), size_t(reply.size()), MSG_NOSIGNAL) < 0)
            return;
    }
}

} // namespace sendoff::test
