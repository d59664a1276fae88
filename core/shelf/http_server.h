// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HttpServer: accepts connections on the loopback interface and keeps them within their limits.

#include "core/base/result.h"
#include "core/shelf/http_connection.h"

#include <QTcpServer>
#include <QTimer>

namespace sendoff::shelf {

// Lives on the thread that makes it; so do its connections.
class HttpServer final : public QObject {
    Q_OBJECT

public:
    // `application` outlives the server.
    HttpServer(Application &application, HttpLimits limits);
    ~HttpServer() override;

    // On 127.0.0.1; 0 takes any free port. DestinationUnreachable where the port is taken.
    Result<void> listen(quint16 port);
    quint16 port() const { return m_server.serverPort(); }

private:
    void acceptConnections();
    void checkDeadlines();

    Application &m_application;
    const HttpLimits m_limits;
    QByteArray m_scratch;
    QTcpServer m_server;
    QTimer m_clock;
    QList<HttpConnection *> m_connections; // oldest first
};

} // namespace sendoff::shelf
