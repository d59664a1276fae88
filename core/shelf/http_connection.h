// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HttpConnection: one client's HTTP/1.1 connection: requests one after another, bodies handed on
// in pieces, replies streamed as the socket drains. Memory is bounded by its buffers. Not for:
// knowing what the requests are about (exchange.h).

#include "core/shelf/exchange.h"

#include <QDeadlineTimer>
#include <QObject>

class QTcpSocket;

namespace sendoff::shelf {

struct HttpLimits {
    int maxConnections = 256;
    std::chrono::milliseconds head{30'000}; // from the first byte, or connecting, to a whole head
    std::chrono::milliseconds idle{120'000}; // between requests
    std::chrono::milliseconds body{120'000}; // without a byte of the body
    std::chrono::milliseconds sending{300'000}; // without a byte taken; a paused player asks again
    std::chrono::milliseconds linger{5'000}; // for the client to read a refusal
};

class HttpConnection final : public QObject, private ConnectionControl {
    Q_OBJECT

public:
    // Takes the socket. `application`, `limits` and `scratch` outlive the connection; `scratch` is
    // shared by all connections of the thread and used only within one call.
    HttpConnection(QTcpSocket *socket, Application &application, const HttpLimits &limits,
                   QByteArray &scratch, QObject *parent);
    ~HttpConnection() override;

    // Closes the connection if its time is up.
    void checkDeadline();
    // Open, and no request has begun.
    bool isIdle() const;
    // Makes room: closes the connection.
    void dismiss() { close(); }
    // One reply, then the end: for a connection that there is no room for.
    void refuse(HttpReply reply);

Q_SIGNALS:
    void closed();

private:
    enum class Phase {
        Idle, // between requests
        Head,
        Body,
        Sending, // a reply is on its way; nothing is read
        Lingering, // the last reply is out; what still comes is dropped
        Closed,
    };

    void close() override;
    void readInput();
    void consume(QByteArrayView input);
    void headReceived(bool isBodyHere);
    void bodyReceived();
    void requestEnded();
    void requestBroken();
    void send(HttpReply reply, bool keepsAlive);
    void sendMore();
    void socketDisconnected();
    void enter(Phase phase);
    void endExchange();

    QTcpSocket *m_socket;
    Application &m_application;
    const HttpLimits &m_limits;
    QByteArray &m_scratch;
    HttpRequestParser m_parser;
    std::unique_ptr<Exchange> m_exchange;
    QByteArray m_pipelined; // arrived while a reply was being sent
    std::optional<FileSlice> m_file; // what remains to be sent
    bool m_keepsAlive = true; // after the reply that is being sent
    bool m_isHalfClosed = false;
    Phase m_phase = Phase::Idle;
    QDeadlineTimer m_deadline;
};

} // namespace sendoff::shelf
