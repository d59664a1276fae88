// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fault_connection.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace sendoff::test {

namespace {

constexpr qint64 readAhead = 1 << 20;
constexpr qint64 writeAhead = 256 << 10;

ReceivedRequest parsedHead(const QByteArray &head)
{
    ReceivedRequest request;
    const QList<QByteArray> lines = head.split('\n');
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    request.method = words.value(0);
    request.target = words.value(1);
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0)
            request.headers.emplaceBack(line.left(colon), line.mid(colon + 1).trimmed());
    }
    return request;
}

} // namespace

FaultConnection::FaultConnection(std::shared_ptr<FaultServer::State> state, QTcpSocket *socket)
    : QObject(socket)
    , m_state(std::move(state))
    , m_socket(socket)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_hasElapsed = true;
        advance();
    });
    m_socket->setReadBufferSize(readAhead);
    connect(m_socket, &QIODevice::readyRead, this, [this] { advance(); });
    connect(m_socket, &QIODevice::bytesWritten, this, [this] { advance(); });
    connect(m_socket, &QAbstractSocket::disconnected, m_socket, &QObject::deleteLater);
    {
        const std::lock_guard lock(m_state->mutex);
        m_index = m_state->accepted++;
        ++m_state->open;
        m_script = m_state->queued.isEmpty() ? m_state->fallback.m_steps
                                             : m_state->queued.takeFirst().m_steps;
        m_todo = m_script;
    }
    if (!startEncryption())
        QMetaObject::invokeMethod(
            this, [this] { advance(); }, Qt::QueuedConnection);
}

bool FaultConnection::startEncryption()
{
    auto *socket = qobject_cast<QSslSocket *>(m_socket);
    if (!socket)
        return false;
    const std::lock_guard lock(m_state->mutex);
    socket->setLocalCertificateChain(QSslCertificate::fromData(m_state->certificate));
    socket->setPrivateKey(QSslKey(m_state->key, QSsl::Ec));
    connect(socket, &QSslSocket::encrypted, this, [this] { advance(); });
    socket->startServerEncryption();
    return true;
}

FaultConnection::~FaultConnection()
{
    const std::lock_guard lock(m_state->mutex);
    --m_state->open;
}

QList<FaultConnection *> FaultConnection::of(const QObject &acceptor)
{
    QList<FaultConnection *> connections;
    for (QObject *socket : acceptor.children()) {
        for (QObject *child : socket->children()) {
            if (auto *connection = dynamic_cast<FaultConnection *>(child))
                connections.append(connection);
        }
    }
    return connections;
}

void FaultConnection::receive()
{
    if (!m_socket->isOpen())
        return;
    const QByteArray bytes = m_socket->readAll();
    m_unread += bytes;
    const std::lock_guard lock(m_state->mutex);
    m_state->bytesReceived += bytes.size();
}

void FaultConnection::advance()
{
    if (std::exchange(m_isAdvancing, true))
        return; // called by the socket within one of the steps below
    while (!m_isDone && !m_todo.isEmpty()) {
        const Script::Step step = m_todo.first();
        if (!performStep(step))
            break;
        m_todo.removeFirst();
        if (step.kind == Script::Kind::Respond)
            respond(step);
        if (m_todo.isEmpty())
            m_todo = m_script;
    }
    m_isAdvancing = false;
}

bool FaultConnection::performStep(const Script::Step &step)
{
    switch (step.kind) {
    case Script::Kind::ReadHead:
        return readHead();
    case Script::Kind::ReadBody:
        return readBody(step.amount);
    case Script::Kind::Send:
        m_socket->write(step.bytes);
        m_socket->flush();
        return true;
    case Script::Kind::SendForever:
        return pour(step);
    case Script::Kind::Wait:
        return elapse(step.amount);
    case Script::Kind::Hold: {
        const std::lock_guard lock(m_state->mutex);
        return m_state->isReleased;
    }
    case Script::Kind::Stall:
        return false; // nothing is taken: the kernel's buffers fill up
    case Script::Kind::Close:
        close();
        return true;
    case Script::Kind::Reset:
        reset();
        return true;
    case Script::Kind::Respond:
        return true;
    }
    return true;
}

bool FaultConnection::readHead()
{
    receive();
    const qsizetype end = m_unread.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    ReceivedRequest request = parsedHead(m_unread.left(end));
    request.connection = m_index;
    m_unread.remove(0, end + 4);
    m_bodyTaken = 0;
    const std::lock_guard lock(m_state->mutex);
    m_request = m_state->requests.size();
    m_state->requests.append(request);
    return true;
}

bool FaultConnection::readBody(qint64 bytes)
{
    receive();
    const std::lock_guard lock(m_state->mutex);
    ReceivedRequest &request = m_state->requests[m_request];
    const qint64 length = request.contentLength();
    const qint64 wanted = bytes < 0 ? length : std::min(bytes, length);
    const qint64 taken = std::min<qint64>(m_unread.size(), length - m_bodyTaken);
    const qint64 room = std::max<qint64>(0, m_state->keptBody - request.body.size());
    request.body += m_unread.left(std::min(taken, room));
    m_unread.remove(0, taken);
    m_bodyTaken += taken;
    request.bodyBytes = m_bodyTaken;
    return m_bodyTaken >= wanted;
}

bool FaultConnection::pour(const Script::Step &step)
{
    if (step.amount > 0) {
        if (!m_timer.isActive()) {
            m_socket->write(step.bytes);
            m_timer.start(int(step.amount));
        }
        return false;
    }
    while (m_socket->bytesToWrite() < writeAhead
           && m_socket->state() == QAbstractSocket::ConnectedState) {
        if (m_socket->write(step.bytes) < 0)
            break;
    }
    return false;
}

bool FaultConnection::elapse(qint64 milliseconds)
{
    if (std::exchange(m_hasElapsed, false))
        return true;
    if (!m_timer.isActive())
        m_timer.start(int(milliseconds));
    return false;
}

void FaultConnection::respond(const Script::Step &step)
{
    std::function<Script(const ReceivedRequest &)> responder = step.responder;
    ReceivedRequest request;
    {
        const std::lock_guard lock(m_state->mutex);
        if (!responder)
            responder = m_state->responder;
        request = m_state->requests.at(m_request);
    }
    m_todo = responder(request).m_steps + m_todo;
}

void FaultConnection::close()
{
    m_isDone = true;
    m_socket->disconnectFromHost();
}

void FaultConnection::reset()
{
    m_isDone = true;
    const linger atOnce{1, 0};
    ::setsockopt(int(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
    m_socket->abort();
}

void FaultConnection::drop()
{
    m_isDone = true;
    m_socket->abort();
}

} // namespace sendoff::test
