// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/slow_proxy.h"

#include "core/base/posted_call.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

namespace sendoff::test {

namespace {

constexpr auto tick = std::chrono::milliseconds(10);

// One connection: what the client sends waits in a buffer of one second's bytes at most.
class ProxiedConnection : public QObject {
public:
    ProxiedConnection(QTcpSocket *client, quint16 upstreamPort, qint64 bytesPerSecond,
                      std::chrono::milliseconds latency, std::atomic<qint64> &bytesUp,
                      QObject *parent)
        : QObject(parent)
        , m_client(client)
        , m_latency(latency)
        , m_perTick(std::max<qint64>(1, bytesPerSecond * tick.count() / 1000))
        , m_bytesUp(bytesUp)
    {
        m_client->setParent(this);
        m_client->setReadBufferSize(64 << 10);
        connect(&m_server, &QTcpSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
            if (error != QAbstractSocket::RemoteHostClosedError) // refused: nobody would ever answer
                m_client->abort();
        });
        m_server.connectToHost(QStringLiteral("127.0.0.1"), upstreamPort);
        connect(&m_server, &QTcpSocket::readyRead, this,
                [this] { later([this, bytes = m_server.readAll()] { m_client->write(bytes); }); });
        connect(&m_server, &QTcpSocket::disconnected, this,
                [this] { later([this] { m_client->disconnectFromHost(); }); });
        connect(m_client, &QTcpSocket::disconnected, this, [this] {
            m_clientGone = true;
            pass();
        });
        connect(&m_timer, &QTimer::timeout, this, &ProxiedConnection::pass);
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.start(tick);
    }

private:
    // Towards the client; in order, because all are equally late.
    template <typename Work> void later(Work work)
    {
        if (m_latency.count() == 0)
            work();
        else
            QTimer::singleShot(m_latency, Qt::PreciseTimer, this, std::move(work));
    }

    void pass()
    {
        if (m_server.state() == QAbstractSocket::ConnectedState) {
            const QByteArray bytes = m_client->read(m_perTick);
            m_bytesUp += bytes.size();
            m_server.write(bytes);
        }
        if (m_clientGone && m_client->bytesAvailable() == 0) {
            m_server.disconnectFromHost();
            deleteLater();
        }
    }

    QTcpSocket *m_client;
    std::chrono::milliseconds m_latency;
    QTcpSocket m_server;
    QTimer m_timer;
    qint64 m_perTick;
    bool m_clientGone = false;
    std::atomic<qint64> &m_bytesUp;
};

} // namespace

SlowProxy::SlowProxy(quint16 upstreamPort, qint64 bytesPerSecond,
                     std::chrono::milliseconds latency)
{
    auto *server = new QTcpServer;
    m_listener = server;
    server->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, server, &QObject::deleteLater);
    QObject::connect(server, &QTcpServer::newConnection, server, [=, this] {
        while (QTcpSocket *client = server->nextPendingConnection())
            new ProxiedConnection(client, upstreamPort, bytesPerSecond, latency, m_bytesUp, server);
    });
    m_thread.start();
    callAndWait(&m_thread, [this, server] {
        server->listen(QHostAddress::LocalHost);
        m_port = server->serverPort();
    });
}

SlowProxy::~SlowProxy()
{
    m_thread.quit();
    m_thread.wait();
}

} // namespace sendoff::test
