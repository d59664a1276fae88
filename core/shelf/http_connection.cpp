// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/http_connection.h"

#include <QTcpSocket>

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace sendoff::shelf {

namespace {

// 1 MiB: what a PATCH at full speed needs to keep the kernel's buffer empty; more is only memory.
constexpr qint64 readBufferBytes = 1 << 20;
// How much of a file waits in the socket's buffer.
constexpr qint64 sendBufferBytes = 512 << 10;
constexpr qint64 filePieceBytes = 256 << 10;

std::chrono::sys_seconds currentTime()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

} // namespace

HttpConnection::HttpConnection(QTcpSocket *socket, Application &application,
                               const HttpLimits &limits, QByteArray &scratch, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_application(application)
    , m_limits(limits)
    , m_scratch(scratch)
    , m_deadline(limits.head)
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(readBufferBytes);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_socket, &QTcpSocket::readyRead, this, &HttpConnection::readInput);
    connect(m_socket, &QTcpSocket::bytesWritten, this, &HttpConnection::sendMore);
    connect(m_socket, &QTcpSocket::disconnected, this, &HttpConnection::socketDisconnected);
}

HttpConnection::~HttpConnection()
{
    m_socket->disconnect(this);
    endExchange();
}

bool HttpConnection::isIdle() const
{
    return m_phase == Phase::Idle;
}

void HttpConnection::refuse(HttpReply reply)
{
    send(std::move(reply), false);
}

void HttpConnection::checkDeadline()
{
    if (!m_deadline.hasExpired())
        return;
    if (m_phase == Phase::Head)
        send(textReply(408, QStringLiteral("The request did not arrive in time.")), false);
    else
        close();
}

// Each phase has its time; where it is entered again by a byte of progress, time starts anew.
void HttpConnection::enter(Phase phase)
{
    const bool isSame = phase == m_phase;
    m_phase = phase;
    switch (phase) {
    case Phase::Idle:
        m_deadline.setRemainingTime(m_limits.idle);
        break;
    case Phase::Head:
        if (!isSame) // trickled headers do not buy time
            m_deadline.setRemainingTime(m_limits.head);
        break;
    case Phase::Body:
        m_deadline.setRemainingTime(m_limits.body);
        break;
    case Phase::Sending:
        m_deadline.setRemainingTime(m_limits.sending);
        break;
    case Phase::Lingering:
        if (!isSame)
            m_deadline.setRemainingTime(m_limits.linger);
        break;
    case Phase::Closed:
        break;
    }
}

void HttpConnection::endExchange()
{
    // Moved out first: abandon() may come back here through close().
    if (const std::unique_ptr<Exchange> exchange = std::move(m_exchange))
        exchange->abandon();
}

void HttpConnection::close()
{
    if (m_phase == Phase::Closed)
        return;
    enter(Phase::Closed);
    endExchange();
    m_file.reset();
    m_socket->abort();
    Q_EMIT closed();
}

void HttpConnection::socketDisconnected()
{
    if (m_phase == Phase::Closed)
        return;
    // What arrived before the connection broke is kept.
    readInput();
    close();
}

void HttpConnection::readInput()
{
    if (!m_pipelined.isEmpty() && m_phase != Phase::Sending) {
        const QByteArray pipelined = std::exchange(m_pipelined, QByteArray());
        consume(pipelined);
    }
    while (m_phase != Phase::Sending && m_phase != Phase::Closed) {
        const qint64 got = m_socket->read(m_scratch.data(), m_scratch.size());
        if (got <= 0)
            return;
        if (m_phase != Phase::Lingering)
            consume(QByteArrayView(m_scratch.constData(), qsizetype(got)));
    }
}

void HttpConnection::consume(QByteArrayView input)
{
    for (;;) {
        if (m_phase == Phase::Sending)
            m_pipelined += input.toByteArray();
        if (m_phase == Phase::Sending || m_phase == Phase::Lingering || m_phase == Phase::Closed)
            return;
        switch (m_parser.next(input)) {
        case HttpRequestParser::Event::NeedMore:
            if (m_parser.isInsideHead())
                enter(Phase::Head);
            return;
        case HttpRequestParser::Event::Head:
            headReceived(!input.isEmpty());
            break;
        case HttpRequestParser::Event::Body:
            bodyReceived();
            break;
        case HttpRequestParser::Event::End:
            requestEnded();
            break;
        case HttpRequestParser::Event::Bad:
            requestBroken();
            return;
        }
    }
}

void HttpConnection::headReceived(bool isBodyHere)
{
    enter(Phase::Body);
    const RequestHead &head = m_parser.head();
    m_exchange = m_application.accept(head, *this);
    std::optional<HttpReply> reply = m_exchange->begin();
    if (reply) {
        m_exchange.reset();
        // With a body still to come, the only way to say no in time is to end the connection.
        if (head.hasBody())
            send(*std::move(reply), false);
        else
            m_exchange = std::make_unique<FixedExchange>(*std::move(reply));
    } else if (head.expectsContinue && !isBodyHere) {
        m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
    }
}

void HttpConnection::bodyReceived()
{
    enter(Phase::Body);
    std::optional<HttpReply> reply = m_exchange->receive(m_parser.body());
    if (!reply)
        return;
    m_exchange.reset();
    send(*std::move(reply), false);
}

void HttpConnection::requestEnded()
{
    HttpReply reply = m_exchange->finish();
    m_exchange.reset();
    send(std::move(reply), m_parser.head().keepsAlive);
}

void HttpConnection::requestBroken()
{
    endExchange();
    const RequestProblem &problem = m_parser.problem();
    send(textReply(problem.status, QString::fromLatin1(problem.sentence)), false);
}

void HttpConnection::send(HttpReply reply, bool keepsAlive)
{
    m_keepsAlive = keepsAlive;
    m_socket->write(serializedHead(reply, keepsAlive, currentTime()));
    if (m_parser.head().method != "HEAD") {
        m_file = std::move(reply.file);
        if (!m_file)
            m_socket->write(reply.body);
    }
    enter(Phase::Sending);
    sendMore();
}

// Fills the socket's buffer from the file; when all is handed over, goes on with what comes next.
void HttpConnection::sendMore()
{
    if (m_phase == Phase::Lingering && m_socket->bytesToWrite() == 0 && !m_isHalfClosed) {
        // The client may still be sending: were the socket closed now, the kernel would answer
        // those bytes with a reset, and the client might never read the reply (RFC 9112 §9.6).
        m_isHalfClosed = true;
        ::shutdown(int(m_socket->socketDescriptor()), SHUT_WR);
    }
    if (m_phase != Phase::Sending)
        return;
    enter(Phase::Sending);
    while (m_file && m_file->length > 0 && m_socket->bytesToWrite() < sendBufferBytes) {
        // Not the shared buffer: this may run while a piece of input in it is still in use. The
        // socket takes the bytes over without copying them.
        QByteArray piece(qsizetype(std::min(m_file->length, filePieceBytes)), Qt::Uninitialized);
        const ssize_t got =
            ::pread(m_file->file->get(), piece.data(), std::size_t(piece.size()), m_file->offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return close(); // shorter than promised: only a broken connection says so
        piece.truncate(qsizetype(got));
        m_file->offset += got;
        m_file->length -= got;
        m_socket->write(piece);
    }
    if ((m_file && m_file->length > 0) || m_socket->bytesToWrite() >= sendBufferBytes)
        return;
    m_file.reset();
    if (!m_keepsAlive) {
        enter(Phase::Lingering);
        return sendMore();
    }
    enter(Phase::Idle);
    // Later, not from here: a pipelined request would deepen the stack with each reply.
    QMetaObject::invokeMethod(this, &HttpConnection::readInput, Qt::QueuedConnection);
}

} // namespace sendoff::shelf
