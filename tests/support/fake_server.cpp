// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_tus_model.h"

#include "core/base/posted_call.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace sendoff::test {

// One connection: reads a request, keeps what it should, answers, reads the next.
class FakeConnection : public QObject {
public:
    FakeConnection(QTcpSocket *socket, std::shared_ptr<FakeServer::Model> model)
        : m_socket(socket)
        , m_model(std::move(model))
    {
        setParent(socket); // dies with it
        connect(socket, &QTcpSocket::readyRead, this, [this] { read(); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    }

private:
    using Do = Fault::Do;
    using Headers = FakeServer::Model::Headers;

    bool does(Do what) const { return m_fault && m_fault->what == what; }

    void read()
    {
        while (!m_isDeaf) {
            if (!m_isInBody) {
                m_head += m_socket->readAll();
                const qsizetype end = m_head.indexOf("\r\n\r\n");
                if (end < 0)
                    return;
                const QByteArray rest = m_head.mid(end + 4);
                m_head.truncate(end);
                begin();
                m_head.clear();
                takeBody(rest);
            } else {
                const QByteArray bytes = m_socket->readAll();
                if (bytes.isEmpty())
                    return;
                takeBody(bytes);
            }
        }
    }

    void begin()
    {
        const QList<QByteArray> lines = m_head.split('\n');
        const QList<QByteArray> first = lines.first().trimmed().split(' ');
        m_request = {};
        m_request.method = first.value(0);
        m_request.path = first.value(1);
        for (const QByteArray &line : lines.mid(1)) {
            const qsizetype colon = line.indexOf(':');
            m_request.headers[line.left(colon).toLower()] = line.mid(colon + 1).trimmed();
        }
        // tus: X-HTTP-Method-Override.
        const QByteArray meant = m_request.headers.value("x-http-method-override");
        m_request.isOverridden = m_request.method == "POST" && !meant.isEmpty();
        if (m_request.isOverridden)
            m_request.method = meant;
        m_left = m_request.headers.value("content-length").toLongLong();
        m_isInBody = true;
        m_kept = {};
        const std::lock_guard lock(m_model->mutex);
        m_fault = m_model->faultFor(m_request.method);
        applyToStorage();
        const bool isIgnored = does(Do::Answer) || does(Do::Forget) || does(Do::ClaimAtOnce);
        m_mayStore = !isIgnored && m_model->canStore(m_request, m_left);
        m_isCounted = m_mayStore && m_left > 0;
        m_model->bodies += m_isCounted ? 1 : 0;
        m_model->mostBodies = std::max(m_model->mostBodies, m_model->bodies);
    }

    void applyToStorage()
    {
        FakeServer::Upload *upload = m_model->find(m_request.path);
        if (upload && does(Do::Forget))
            upload->isRemoved = true;
        if (upload && does(Do::LoseBytes)) {
            upload->bytes.truncate(m_fault->bytes);
            m_fault.reset();
        }
    }

    void takeBody(QByteArray bytes)
    {
        if (does(Do::Refuse)) {
            answerFault();
            m_isDeaf = true;
            m_socket->disconnectFromHost();
            return;
        }
        if (does(Do::ClaimAtOnce) && m_request.status == 0)
            answer(204, {{"Upload-Offset", m_fault->text}});
        const qint64 more = std::min<qint64>(bytes.size(), m_left);
        m_head = bytes.mid(more); // the next request, if any
        bytes.truncate(more);
        m_left -= more;
        m_request.bodyBytes += more;
        store(bytes);
        const bool keptEnough = m_fault && m_kept.size() >= m_fault->bytes;
        if (does(Do::Cut) && (keptEnough || m_left == 0)) {
            drop();
        } else if (does(Do::Expire) && (keptEnough || m_left == 0)) {
            expire();
        } else if (does(Do::Stall) && (keptEnough || m_left == 0)) {
            m_isDeaf = true;
            note(0);
        } else if (m_left == 0) {
            m_isInBody = false;
            complete();
        }
    }

    void store(QByteArray bytes)
    {
        const bool isLimited =
            does(Do::Cut) || does(Do::Stall) || does(Do::KeepOnly) || does(Do::Expire);
        if (isLimited)
            bytes.truncate(std::max<qint64>(0, m_fault->bytes - m_kept.size()));
        if (!m_mayStore || bytes.isEmpty())
            return;
        if (does(Do::Damage) && m_kept.isEmpty())
            bytes[0] = char(bytes[0] ^ 1);
        const std::lock_guard lock(m_model->mutex);
        FakeServer::Upload *upload = m_model->find(m_request.path);
        if (!upload)
            return;
        const qint64 begin = upload->bytes.size();
        upload->bytes += bytes;
        if (m_kept.isEmpty())
            upload->received.append(ByteRange{begin, begin});
        upload->received.last().end = upload->bytes.size();
        m_kept += bytes;
    }

    void complete()
    {
        if (does(Do::ClaimAtOnce))
            return; // answered long ago
        if (does(Do::Answer) || does(Do::Forget)) {
            answerFault();
            return;
        }
        auto [status, headers] = [this] {
            const std::lock_guard lock(m_model->mutex);
            return m_model->serve(m_request, m_kept, m_mayStore);
        }();
        if (does(Do::LoseReply)) {
            drop();
            return;
        }
        if (does(Do::Claim) && headers.contains("Upload-Offset"))
            headers["Upload-Offset"] = m_fault->text;
        if (does(Do::ClaimTwice))
            headers["Upload-Offset"] += "\r\nUpload-Offset: 0";
        if (does(Do::SayNothing))
            headers.remove("Upload-Offset");
        const bool isFinal = m_request.headers.value("upload-concat").startsWith("final;");
        if (!isFinal || m_model->options.concatenationTakes.count() == 0) {
            answer(status, headers);
            return;
        }
        QTimer::singleShot(m_model->options.concatenationTakes, this,
                           [this, status, headers] { answer(status, headers); });
    }

    void answerFault()
    {
        answer(m_fault->status, m_fault->headers);
        m_isInBody = false;
    }

    void expire()
    {
        {
            const std::lock_guard lock(m_model->mutex);
            m_model->token = m_fault->text;
        }
        answer(401, {});
        m_isDeaf = true;
        m_socket->disconnectFromHost();
    }

    void answer(int status, Headers headers)
    {
        note(status);
        QByteArray reply = "HTTP/1.1 " + QByteArray::number(status) + " Said\r\n";
        if (!does(Do::SayNothing))
            headers["Tus-Resumable"] = "1.0.0";
        if (status != 204)
            headers["Content-Length"] = "0";
        for (auto it = headers.cbegin(); it != headers.cend(); ++it)
            reply += it.key() + ": " + it.value() + "\r\n";
        m_socket->write(reply + "\r\n");
        m_socket->flush();
    }

    void drop()
    {
        m_isDeaf = true;
        note(0);
        m_socket->abort();
    }

    void note(int status)
    {
        m_request.status = status;
        const std::lock_guard lock(m_model->mutex);
        m_model->bodies -= std::exchange(m_isCounted, false) ? 1 : 0;
        m_model->requests.append(m_request);
    }

    QTcpSocket *m_socket;
    std::shared_ptr<FakeServer::Model> m_model;
    QByteArray m_head;
    FakeServer::Request m_request;
    std::optional<Fault> m_fault;
    QByteArray m_kept; // of this request's body
    qint64 m_left = 0;
    bool m_isInBody = false;
    bool m_isDeaf = false;
    bool m_mayStore = false;
    bool m_isCounted = false;
};

// Accepts on the server's thread.
class FakeListener : public QTcpServer {
public:
    FakeListener(std::shared_ptr<FakeServer::Model> model, QObject *parent)
        : QTcpServer(parent)
        , m_model(std::move(model))
    {
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        const FakeServer::Options &options = m_model->options;
        auto *secure = options.certificate.isEmpty() ? nullptr : new QSslSocket(this);
        QTcpSocket *socket = secure ? secure : new QTcpSocket(this);
        socket->setSocketDescriptor(descriptor);
        if (secure) {
            secure->setLocalCertificateChain(QSslCertificate::fromData(options.certificate));
            secure->setPrivateKey(QSslKey(options.key, QSsl::Ec));
            secure->startServerEncryption();
        }
        new FakeConnection(socket, m_model);
    }

private:
    std::shared_ptr<FakeServer::Model> m_model;
};

FakeServer::FakeServer()
    : FakeServer(Options{})
{
}

FakeServer::FakeServer(Options options)
    : m_model(std::make_shared<Model>(std::move(options)))
    , m_listener(new QObject)
{
    m_listener->moveToThread(&m_thread);
    m_thread.start();
    callAndWait(&m_thread, [this] {
        auto *server = new FakeListener(m_model, m_listener.get());
        server->listen(QHostAddress::LocalHost);
        m_port = server->serverPort();
    });
}

FakeServer::~FakeServer()
{
    callAndWait(&m_thread, [this] { qDeleteAll(m_listener->children()); });
    m_thread.quit();
    m_thread.wait();
}

QUrl FakeServer::url() const
{
    const bool isTls = !m_model->options.certificate.isEmpty();
    return QUrl(QStringLiteral("%1://127.0.0.1:%2/files")
                    .arg(isTls ? QStringLiteral("https") : QStringLiteral("http"))
                    .arg(m_port));
}

void FakeServer::script(Fault fault)
{
    const std::lock_guard lock(m_model->mutex);
    fault.after += m_model->seen.value(fault.method);
    m_model->faults.append(std::move(fault));
}

QList<FakeServer::Upload> FakeServer::uploads() const
{
    const std::lock_guard lock(m_model->mutex);
    QList<Upload> copies;
    for (const Upload &upload : m_model->uploads) {
        // What still grows is shared with nobody: Qt asks without a barrier whether it is.
        Upload copy = upload;
        copy.bytes.detach();
        copy.received.detach();
        copies.append(copy);
    }
    return copies;
}

QList<FakeServer::Request> FakeServer::requests() const
{
    const std::lock_guard lock(m_model->mutex);
    QList<Request> copies; // not the list itself, which still grows
    for (const Request &request : m_model->requests)
        copies.append(request);
    return copies;
}

int FakeServer::mostBodiesAtOnce() const
{
    const std::lock_guard lock(m_model->mutex);
    return m_model->mostBodies;
}

int FakeServer::count(const QByteArray &method) const
{
    const std::lock_guard lock(m_model->mutex);
    return m_model->seen.value(method);
}

} // namespace sendoff::test
