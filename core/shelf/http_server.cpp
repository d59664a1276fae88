// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/http_server.h"

#include <QTcpSocket>

#include <algorithm>

namespace sendoff::shelf {

namespace {

constexpr qsizetype scratchBytes = 256 << 10;
constexpr std::chrono::milliseconds slowestClock{1'000};
constexpr std::chrono::milliseconds fastestClock{20};

} // namespace

HttpServer::HttpServer(Application &application, HttpLimits limits)
    : m_application(application)
    , m_limits(limits)
    , m_scratch(scratchBytes, Qt::Uninitialized)
{
    m_server.setListenBacklogSize(limits.maxConnections);
    connect(&m_server, &QTcpServer::newConnection, this, &HttpServer::acceptConnections);
    // One clock for all connections: a timer for each piece of a body would cost more than it.
    connect(&m_clock, &QTimer::timeout, this, &HttpServer::checkDeadlines);
    m_clock.setInterval(std::clamp(
        std::min({limits.head, limits.idle, limits.body, limits.sending, limits.linger}) / 4,
        fastestClock, slowestClock));
}

HttpServer::~HttpServer()
{
    m_server.close();
    for (HttpConnection *connection : std::exchange(m_connections, {})) {
        connection->disconnect(this);
        delete connection;
    }
}

Result<void> HttpServer::listen(quint16 port)
{
    if (m_server.listen(QHostAddress::LocalHost, port))
        return {};
    const bool isTaken = m_server.serverError() == QAbstractSocket::AddressInUseError;
    const QString reason = isTaken
        ? QStringLiteral("another program on this computer uses port %1").arg(port)
        : QStringLiteral("port %1 of this computer cannot be opened").arg(port);
    const QString detail = QStringLiteral("listen on 127.0.0.1:%1: %2")
                               .arg(QString::number(port), m_server.errorString());
    return failure(Error(ErrorKind::DestinationUnreachable, detail)
                       .with(argument::destination, QStringLiteral("the Shelf"))
                       .with(argument::reason, reason));
}

void HttpServer::acceptConnections()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        auto *connection = new HttpConnection(socket, m_application, m_limits, m_scratch, this);
        connect(connection, &HttpConnection::closed, this, [this, connection] {
            m_connections.removeOne(connection);
            connection->deleteLater();
            if (m_connections.isEmpty())
                m_clock.stop();
        });
        m_connections.append(connection);
        if (!m_clock.isActive())
            m_clock.start();
        if (m_connections.size() <= m_limits.maxConnections)
            continue;
        // A connection kept open between requests makes room; its client opens another.
        const auto idle = std::find_if(m_connections.begin(), std::prev(m_connections.end()),
                                       [](const HttpConnection *other) { return other->isIdle(); });
        if (idle != std::prev(m_connections.end()))
            (*idle)->dismiss();
        else
            connection->refuse(textReply(503, QStringLiteral("Too many connections at once."))
                                   .with("Retry-After", "1"));
    }
}

void HttpServer::checkDeadlines()
{
    // A copy: connections leave the list as they close.
    const QList<HttpConnection *> connections = m_connections;
    for (HttpConnection *connection : connections)
        connection->checkDeadline();
}

} // namespace sendoff::shelf
