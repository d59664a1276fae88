// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/slow_server.h"

#include "core/base/posted_call.h"

#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

namespace sendoff::lessons {

namespace {

constexpr auto tickLength = std::chrono::milliseconds(10);
constexpr qint64 largestHead = 16 << 10;

// The length that a request's head announces; 0 without one.
qint64 contentLength(const QByteArray &head)
{
    static const QRegularExpression field(QStringLiteral("\r\ncontent-length: *([0-9]+)"),
                                          QRegularExpression::CaseInsensitiveOption);
    return field.match(QString::fromLatin1(head)).captured(1).toLongLong();
}

// One connection, one request after another.
class SlowConnection : public QObject {
public:
    SlowConnection(QTcpSocket *socket, SlowServerOptions options, QObject *parent)
        : QObject(parent), m_socket(socket), m_options(options)
    {
        m_socket->setParent(this);
        m_socket->setReadBufferSize(64 << 10); // the rest waits with the sender
        connect(m_socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
        connect(&m_tick, &QTimer::timeout, this, &SlowConnection::take);
        m_tick.setTimerType(Qt::PreciseTimer);
        m_tick.start(tickLength);
    }

private:
    void take()
    {
        if (m_left < 0 && !takeHead())
            return;
        const qint64 share = m_options.bytesPerSecond * tickLength.count() / 1000;
        m_left -= m_socket->read(std::min(m_left, std::max<qint64>(1, share))).size();
        if (m_left > 0 || m_isAnswering)
            return;
        m_isAnswering = true;
        QTimer::singleShot(m_options.answerAfter, this, &SlowConnection::answer);
    }

    bool takeHead()
    {
        m_head += m_socket->read(largestHead - m_head.size());
        const qsizetype end = m_head.indexOf("\r\n\r\n");
        if (end < 0) {
            if (m_head.size() >= largestHead)
                m_socket->abort();
            return false;
        }
        m_left = contentLength(m_head.first(end)) - (m_head.size() - end - 4);
        m_head.clear();
        return true;
    }

    void answer()
    {
        m_socket->write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        m_left = -1;
        m_isAnswering = false;
    }

    QTcpSocket *m_socket;
    SlowServerOptions m_options;
    QTimer m_tick;
    QByteArray m_head;
    qint64 m_left = -1; // of the body; -1 = the head comes first
    bool m_isAnswering = false;
};

} // namespace

SlowServer::SlowServer(SlowServerOptions options) : m_server(new QTcpServer)
{
    m_thread.setObjectName(QStringLiteral("slow server"));
    QTcpServer *const server = m_server;
    server->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, server, &QObject::deleteLater);
    QObject::connect(server, &QTcpServer::newConnection, server, [server, options] {
        while (QTcpSocket *socket = server->nextPendingConnection())
            new SlowConnection(socket, options, server);
    });
    m_thread.start();
    callAndWait(&m_thread, [this, server] {
        if (server->listen(QHostAddress::LocalHost))
            m_url = QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(server->serverPort()));
    });
}

SlowServer::~SlowServer()
{
    m_thread.quit();
    m_thread.wait();
}

} // namespace sendoff::lessons
