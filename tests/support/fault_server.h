// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FaultServer: an HTTP/1.1 server on loopback that does what a script says, byte by byte: answers
// early, stalls, cuts, resets, floods. It runs on a thread of its own and keeps a ledger of what
// arrived. Not for: a model of a real upload server.

#include <QByteArray>
#include <QList>
#include <QThread>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace sendoff::test {

// One request as it arrived so far.
struct ReceivedRequest {
    int connection = 0; // counted from 0 in the order of accept
    QByteArray method;
    QByteArray target;
    QList<std::pair<QByteArray, QByteArray>> headers;
    qint64 bodyBytes = 0;
    QByteArray body; // its first 64 KiB, or as keepBodies() says

    QByteArray header(const QByteArray &name) const; // case-insensitive; empty where absent
    qint64 contentLength() const { return header("Content-Length").toLongLong(); }
};

// What happens on one connection, step by step. After the last step it starts again, for the next
// request on the same connection.
class Script {
public:
    using Headers = QList<std::pair<QByteArray, QByteArray>>;

    Script &readHead(); // until a request's head is there
    Script &readBody(); // all of the Content-Length
    Script &readBodyBytes(qint64 bytes); // at least so many of them
    Script &send(const QByteArray &bytes);
    // Asked when what stands before it is done, with the request as far as it has arrived; what it
    // returns is done next. On the server's thread.
    Script &respond(std::function<Script(const ReceivedRequest &)> responder);
    // A whole reply; Content-Length is added.
    Script &reply(int status, const QByteArray &body = {}, const Headers &headers = {});
    // Until the peer goes away, one piece each `pause` (0: as fast as it is taken).
    Script &sendForever(const QByteArray &bytes, std::chrono::milliseconds pause = {});
    Script &wait(std::chrono::milliseconds time);
    Script &hold(); // until FaultServer::release()
    Script &stall(); // for ever: reads nothing, says nothing
    Script &close(); // flushed, then closed; a reset by TCP's rules where unread bytes are left
    Script &reset(); // RST

private:
    friend class FaultServer;
    friend class FaultConnection;
    enum class Kind {
        ReadHead,
        ReadBody,
        Send,
        SendForever,
        Wait,
        Hold,
        Stall,
        Close,
        Reset,
        Respond // ask the responder and do what it says
    };
    struct Step {
        Kind kind;
        QByteArray bytes;
        qint64 amount = 0;
        std::function<Script(const ReceivedRequest &)> responder; // empty: the server's
    };
    Script &add(Kind kind, const QByteArray &bytes = {}, qint64 amount = 0);
    QList<Step> m_steps;
};

class FaultServer {
public:
    FaultServer(); // listens on 127.0.0.1 at a free port; every request is read and answered 200
    ~FaultServer(); // drops every connection
    FaultServer(const FaultServer &) = delete;
    FaultServer &operator=(const FaultServer &) = delete;

    quint16 port() const { return m_port; }
    QUrl url(const QString &path = QStringLiteral("/"), const QString &host = {}) const;

    // The calls below may be made at any time, by any thread; they count for later connections.

    // For the next connection that has no script yet, in the order of the calls.
    void enqueue(Script script);
    // For each connection without one of its own.
    void setDefault(Script script);
    // Instead of a default: called on the server's thread with each request's head, says what
    // follows it (readBody() included).
    void setResponder(std::function<Script(const ReceivedRequest &)> responder);
    // From now on TLS, with a PEM certificate (chain) and its EC key; url() becomes https.
    void useTls(const QByteArray &certificate, const QByteArray &key);

    void keepBodies(qint64 bytes); // how much of each body the ledger keeps

    void release(); // scripts that stand at hold() go on, and later ones do not stop there
    void dropConnections(); // closes all that are open

    QList<ReceivedRequest> requests() const;
    int connectionCount() const; // accepted so far
    int openConnectionCount() const;
    qint64 bytesReceived() const; // after TLS; heads and bodies

private:
    friend class FaultConnection;
    friend class FaultAcceptor;
    struct State;

    mutable QThread m_thread;
    std::shared_ptr<State> m_state;
    class FaultAcceptor *m_acceptor = nullptr; // lives on m_thread
    quint16 m_port = 0;
};

} // namespace sendoff::test
