// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FaultConnection: one connection of a FaultServer, working through its script. Internal to
// fault_server.cpp.

#include "tests/support/fault_server.h"

#include <QObject>
#include <QTcpSocket>
#include <QTimer>

#include <mutex>

namespace sendoff::test {

// Shared with the thread of the test.
struct FaultServer::State {
    mutable std::mutex mutex;
    Script fallback;
    QList<Script> queued;
    std::function<Script(const ReceivedRequest &)> responder;
    QByteArray certificate;
    QByteArray key;
    qint64 keptBody = 64 << 10;
    bool isReleased = false;
    QList<ReceivedRequest> requests;
    int accepted = 0;
    int open = 0;
    qint64 bytesReceived = 0;

    bool usesTls() const
    {
        const std::lock_guard lock(mutex);
        return !certificate.isEmpty();
    }
};

// Lives on the server's thread as long as its socket, whose child it is.
class FaultConnection : public QObject {
public:
    FaultConnection(std::shared_ptr<FaultServer::State> state, QTcpSocket *socket);
    ~FaultConnection() override;
    static QList<FaultConnection *> of(const QObject &acceptor);

    void advance(); // as many steps as can be done now
    void drop();

private:
    bool performStep(const Script::Step &step); // false: not yet
    bool readHead();
    bool readBody(qint64 bytes);
    bool pour(const Script::Step &step);
    bool elapse(qint64 milliseconds);
    void close();
    void reset();
    void respond(const Script::Step &step);
    void receive();
    bool startEncryption(); // false: it is a plain connection

    std::shared_ptr<FaultServer::State> m_state;
    QTcpSocket *m_socket;
    QTimer m_timer;
    int m_index = 0; // of the connection
    qsizetype m_request = -1; // in the ledger
    QList<Script::Step> m_script;
    QList<Script::Step> m_todo; // of this pass
    QByteArray m_unread; // received, not yet taken by a step
    qint64 m_bodyTaken = 0;
    bool m_isDone = false;
    bool m_isAdvancing = false;
    bool m_hasElapsed = false;
};

} // namespace sendoff::test
