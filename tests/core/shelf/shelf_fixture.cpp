// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/shelf/shelf_fixture.h"

#include "core/base/posted_call.h"
#include "tests/support/program.h"

#include <QDir>
#include <QFile>
#include <QHostAddress>
#include <QRandomGenerator>

#include <sys/socket.h>

#include <utility>
#include <vector>

namespace sendoff::test {

using namespace Qt::StringLiterals;

ShelfFixture::ShelfFixture()
{
    options.folder = root() / "Videos";
    options.stateFolder = root() / "state";
    options.freeSpaceFloor = 0;
    m_thread.start();
}

ShelfFixture::~ShelfFixture()
{
    stop();
    m_thread.quit();
    m_thread.wait();
}

Result<void> ShelfFixture::start()
{
    Result<void> outcome;
    callAndWait(&m_thread, [this, &outcome] {
        auto server = shelf::ShelfServer::start(options);
        if (!server) {
            outcome = failure(server.error());
            return;
        }
        m_server = *std::move(server);
        QObject::connect(m_server.get(), &shelf::ShelfServer::uploadFinished,
                         [this](const QString &fileName, const QUrl &link, qint64 bytes) {
                             const std::lock_guard lock(m_mutex);
                             m_finished.append({fileName, link, bytes});
                         });
        m_port = m_server->port();
        m_token = m_server->token();
    });
    return outcome;
}

void ShelfFixture::stop()
{
    callAndWait(&m_thread, [this] { m_server.reset(); });
}

QList<FinishedUpload> ShelfFixture::finished() const
{
    const std::lock_guard lock(m_mutex);
    return m_finished;
}

QByteArrayList ShelfFixture::videos() const
{
    QByteArrayList names;
    const QDir directory(QString::fromStdString(folder().string()));
    for (const QString &name : directory.entryList(
             QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot | QDir::System, QDir::Name))
        names.append(name.toUtf8());
    return names;
}

QByteArray ShelfFixture::content(const QByteArray &video) const
{
    QFile file(QString::fromStdString(folder().string()) + u'/' + QString::fromUtf8(video));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray Reply::header(const QByteArray &name) const
{
    for (const QByteArray &line : headText.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).toLower() == name.toLower()) {
            const QByteArray value = line.sliced(colon + 1).trimmed();
            return value.isNull() ? QByteArray("") : value;
        }
    }
    return {};
}

Client::Client(const ShelfFixture &fixture)
    : authorization("Bearer " + fixture.token())
    , host("127.0.0.1:" + QByteArray::number(fixture.port()))
    , m_port(fixture.port())
{
}

bool Client::isOpen()
{
    if (m_socket.state() == QAbstractSocket::ConnectedState)
        m_socket.waitForReadyRead(0); // notices that the peer has closed
    return m_socket.state() == QAbstractSocket::ConnectedState;
}

void Client::send(const QByteArray &bytes)
{
    if (m_socket.state() == QAbstractSocket::UnconnectedState) {
        m_buffer.clear();
        m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
        m_socket.waitForConnected(20'000);
    }
    m_socket.write(bytes);
    while (m_socket.bytesToWrite() > 0 && m_socket.waitForBytesWritten(20'000)) {}
}

bool Client::fill(int milliseconds)
{
    if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(milliseconds)
        && m_socket.bytesAvailable() == 0)
        return false;
    m_buffer += m_socket.readAll();
    return true;
}

Reply Client::readReply(bool isHead, bool wants100)
{
    for (;;) {
        qsizetype end = m_buffer.indexOf("\r\n\r\n");
        while (end < 0) {
            if (!fill())
                return {};
            end = m_buffer.indexOf("\r\n\r\n");
        }
        Reply reply;
        reply.headText = m_buffer.first(end);
        m_buffer.remove(0, end + 4);
        reply.status = reply.headText.mid(9, 3).toInt();
        if (reply.status == 100 && !wants100)
            continue;
        const qsizetype length = isHead ? 0 : reply.header("Content-Length").toLongLong();
        while (m_buffer.size() < length && fill()) {}
        reply.body = m_buffer.left(length);
        m_buffer.remove(0, reply.body.size());
        if (reply.header("Connection") == "close")
            m_socket.abort(); // the next request opens another
        return reply;
    }
}

QByteArray Client::requestText(const QByteArray &method, const QByteArray &path,
                               const QByteArrayList &headers, qint64 bodyBytes) const
{
    QByteArray text = method + ' ' + path + " HTTP/1.1\r\nHost: " + host + "\r\n";
    if (!authorization.isEmpty())
        text += "Authorization: " + authorization + "\r\n";
    if (isTus)
        text += "Tus-Resumable: 1.0.0\r\n";
    for (const QByteArray &header : headers)
        text += header + "\r\n";
    if (bodyBytes > 0)
        text += "Content-Length: " + QByteArray::number(bodyBytes) + "\r\n";
    return text + "\r\n";
}

Reply Client::request(const QByteArray &method, const QByteArray &path,
                      const QByteArrayList &headers, const QByteArray &body)
{
    send(requestText(method, path, headers, body.size()) + body);
    return readReply(method == "HEAD");
}

QByteArray Client::readToEnd()
{
    while (fill()) {}
    return std::exchange(m_buffer, QByteArray());
}

void Client::reset()
{
    const struct linger now {
        1, 0
    };
    ::setsockopt(int(m_socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    m_socket.abort();
}

void Client::close()
{
    m_socket.disconnectFromHost();
    if (m_socket.state() != QAbstractSocket::UnconnectedState)
        m_socket.waitForDisconnected(20'000);
}

QByteArray Client::create(qint64 length, const QByteArray &fileName)
{
    const Reply reply = request(
        "POST", "/files", {"Upload-Length: " + QByteArray::number(length), nameHeader(fileName)});
    return reply.status == 201 ? reply.header("Location") : QByteArray();
}

Reply Client::patch(const QByteArray &path, qint64 offset, const QByteArray &body,
                    const QByteArrayList &headers)
{
    QByteArrayList all{"Content-Type: application/offset+octet-stream",
                       "Upload-Offset: " + QByteArray::number(offset)};
    return request("PATCH", path, all + headers, body);
}

qint64 Client::offsetOf(const QByteArray &path)
{
    const Reply reply = request("HEAD", path);
    return reply.status == 200 ? tus::parseByteCount(reply.header("Upload-Offset")).value_or(-1)
                               : -1;
}

QByteArray nameHeader(const QByteArray &fileName)
{
    return "Upload-Metadata: filename " + fileName.toBase64();
}

QByteArray testBytes(qsizetype size, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray bytes((size + 3) / 4 * 4, Qt::Uninitialized);
    random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    bytes.truncate(size);
    return bytes;
}

QByteArray pathOf(const QByteArray &url)
{
    return url.mid(url.indexOf('/', 7));
}

static qint64 statusField(const QByteArray &field)
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(field))
            return line.mid(field.size()).trimmed().split(' ').first().toLongLong() * 1024;
    }
    return -1;
}

qint64 residentBytes()
{
    return statusField("VmRSS:");
}

qint64 peakResidentBytes()
{
    return statusField("VmHWM:");
}

// Not by QProcess: its child runs on this thread's memory until it is another program, after which
// ThreadSanitizer does not see any more what this thread hands over.
QByteArray run(const QString &program, const QStringList &arguments)
{
    std::vector<std::string> words{program.toStdString()};
    for (const QString &argument : arguments)
        words.push_back(argument.toStdString());
    const Finished finished = runProgram(std::move(words));
    if (finished.exitCode != 0)
        return {};
    return finished.output.isNull() ? QByteArray("") : finished.output;
}

} // namespace sendoff::test
