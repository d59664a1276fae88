// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transfer/tus_servers_lab.h"

#include <QDir>
#include <QDirIterator>
#include <QtTest>

namespace sendoff::test {

void TusServersLab::servers()
{
    QTest::addColumn<bool>("isUploadx");
    QTest::newRow("@tus/server") << false;
    QTest::newRow("@uploadx/core") << true;
}

bool TusServersLab::empty()
{
    m_server.reset();
    m_fixture = std::make_unique<TransferFixture>();
    return QDir().mkpath(m_fixture->path(QStringLiteral("data")));
}

void TusServersLab::start(bool isUploadx, QMap<QString, QString> settings)
{
    m_server = std::make_unique<TusServerProcess>(
        m_fixture->path(QStringLiteral("data")), std::move(settings),
        QString::fromLatin1(isUploadx ? TusServerProcess::uploadx : TusServerProcess::reference));
    if (!m_server->start())
        qFatal("%s", qPrintable(m_server->why()));
}

net::HttpReply TusServersLab::ask(const QByteArray &method, const QUrl &url,
                                  const TusHeaders &headers, const QByteArray &body)
{
    net::HttpRequest request(method, url);
    for (auto it = headers.cbegin(); it != headers.cend(); ++it)
        request.headers.append(net::Header(it.key(), it.value()));
    if (method == "POST" || method == "PATCH")
        request.body = net::RequestBody(body);
    auto reply = QCoro::waitFor(m_fixture->network().send(std::move(request), {}));
    if (!reply)
        qFatal("%s", qPrintable(reply.error().detail));
    return *std::move(reply);
}

QUrl TusServersLab::create(const TusHeaders &more)
{
    TusHeaders headers{{"Tus-Resumable", "1.0.0"},
                       {"Upload-Length", "10"},
                       {"Upload-Metadata", "filename " + QByteArray("clip.mp4").toBase64()}};
    headers.insert(more);
    const net::HttpReply reply = ask("POST", m_server->url(), headers);
    if (reply.status != 201)
        qFatal("status %d", reply.status);
    return m_server->url().resolved(QUrl::fromEncoded(reply.header("Location")));
}

qint64 TusServersLab::offsetOf(const QUrl &upload)
{
    const net::HttpReply reply = ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}});
    return reply.isSuccess() ? reply.header("Upload-Offset").toLongLong() : -1;
}

Result<transfer::UploadResult> TusServersLab::upload(const QByteArray &bytes)
{
    const auto destination = m_fixture->tus(m_server->url());
    return m_fixture->upload(*destination,
                             m_fixture->request(m_fixture->sourceOf(
                                 m_fixture->write(QStringLiteral("clip.mp4"), bytes))));
}

bool TusServersLab::isStored(const QByteArray &bytes) const
{
    QDirIterator files(m_fixture->path(QStringLiteral("data")), QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        if (contentOf(files.next()) == bytes)
            return true;
    }
    return false;
}

} // namespace sendoff::test
