// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fault_server.h"

#include "core/base/posted_call.h"
#include "tests/support/fault_connection.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>


namespace sendoff::test {

QByteArray ReceivedRequest::header(const QByteArray &name) const
{
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

Script &Script::add(Kind kind, const QByteArray &bytes, qint64 amount)
{
    m_steps.append(Step{kind, bytes, amount, {}});
    return *this;
}

Script &Script::readHead()
{
    return add(Kind::ReadHead);
}
Script &Script::readBody()
{
    return add(Kind::ReadBody, {}, -1);
}
Script &Script::readBodyBytes(qint64 bytes)
{
    return add(Kind::ReadBody, {}, bytes);
}
Script &Script::send(const QByteArray &bytes)
{
    return add(Kind::Send, bytes);
}
Script &Script::respond(std::function<Script(const ReceivedRequest &)> responder)
{
    m_steps.append(Step{Kind::Respond, {}, 0, std::move(responder)});
    return *this;
}
Script &Script::wait(std::chrono::milliseconds time)
{
    return add(Kind::Wait, {}, time.count());
}
Script &Script::hold()
{
    return add(Kind::Hold);
}
Script &Script::stall()
{
    return add(Kind::Stall);
}
Script &Script::close()
{
    return add(Kind::Close);
}
Script &Script::reset()
{
    return add(Kind::Reset);
}

Script &Script::sendForever(const QByteArray &bytes, std::chrono::milliseconds pause)
{
    return add(Kind::SendForever, bytes, pause.count());
}

Script &Script::reply(int status, const QByteArray &body, const Headers &headers)
{
    QByteArray text = "HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\n";
    for (const auto &[name, value] : headers)
        text += name + ": " + value + "\r\n";
    if (status != 204 && status / 100 != 1)
        text += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return send(text + "\r\n" + body);
}

// Accepts on the server's thread.
class FaultAcceptor : public QTcpServer {
public:
    explicit FaultAcceptor(std::shared_ptr<FaultServer::State> state)
        : m_state(std::move(state))
    {
        setMaxPendingConnections(2000);
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        QTcpSocket *socket = m_state->usesTls() ? new QSslSocket(this) : new QTcpSocket(this);
        if (!socket->setSocketDescriptor(descriptor)) {
            delete socket;
            return;
        }
        new FaultConnection(m_state, socket);
    }

private:
    std::shared_ptr<FaultServer::State> m_state;
};

FaultServer::FaultServer()
    : m_state(std::make_shared<State>())
{
    m_state->fallback.readHead().readBody().reply(200, "ok");
    m_thread.setObjectName(QStringLiteral("fault server"));
    m_thread.start();
    callAndWait(&m_thread, [this] {
        m_acceptor = new FaultAcceptor(m_state);
        m_acceptor->setListenBacklogSize(1024);
        if (!m_acceptor->listen(QHostAddress::LocalHost))
            qFatal("FaultServer cannot listen: %s", qPrintable(m_acceptor->errorString()));
        m_port = m_acceptor->serverPort();
    });
}

FaultServer::~FaultServer()
{
    callAndWait(&m_thread, [this] { delete m_acceptor; });
    m_thread.quit();
    m_thread.wait();
}

QUrl FaultServer::url(const QString &path, const QString &host) const
{
    const std::lock_guard lock(m_state->mutex);
    QUrl url;
    url.setScheme(m_state->certificate.isEmpty() ? QStringLiteral("http")
                                                 : QStringLiteral("https"));
    url.setHost(host.isEmpty() ? QStringLiteral("127.0.0.1") : host);
    url.setPort(m_port);
    url.setPath(path);
    return url;
}

void FaultServer::enqueue(Script script)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->queued.append(std::move(script));
}

void FaultServer::setDefault(Script script)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->fallback = std::move(script);
}

void FaultServer::setResponder(std::function<Script(const ReceivedRequest &)> responder)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->responder = std::move(responder);
    m_state->fallback = Script();
    m_state->fallback.readHead().add(Script::Kind::Respond);
}

void FaultServer::useTls(const QByteArray &certificate, const QByteArray &key)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->certificate = certificate;
    m_state->key = key;
}

void FaultServer::keepBodies(qint64 bytes)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->keptBody = bytes;
}

void FaultServer::release()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isReleased = true;
    }
    callAndWait(&m_thread, [this] {
        for (FaultConnection *connection : FaultConnection::of(*m_acceptor))
            connection->advance();
    });
}

void FaultServer::dropConnections()
{
    callAndWait(&m_thread, [this] {
        for (FaultConnection *connection : FaultConnection::of(*m_acceptor))
            connection->drop();
    });
}

QList<ReceivedRequest> FaultServer::requests() const
{
    const std::lock_guard lock(m_state->mutex);
    QList<ReceivedRequest> copies;
    for (const ReceivedRequest &request : m_state->requests) {
        // What still grows is shared with nobody: Qt asks without a barrier whether it is.
        ReceivedRequest copy = request;
        copy.body.detach();
        copies.append(copy);
    }
    return copies;
}

int FaultServer::connectionCount() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->accepted;
}

int FaultServer::openConnectionCount() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->open;
}

qint64 FaultServer::bytesReceived() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->bytesReceived;
}

} // namespace sendoff::test
