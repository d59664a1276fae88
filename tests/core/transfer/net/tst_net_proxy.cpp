// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The proxy that the environment names: for https by CONNECT (RFC 9110 §9.3.6), through which the
// server's certificate is checked as ever, and for no address that no_proxy excepts. A proxy for http
// is tst_net's; one that refuses is tst_net_replies'.
#include "tests/core/transfer/net/certificate_workshop.h"
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/fault_server.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

namespace {

constexpr const char *proxyVariables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                          "ALL_PROXY",  "no_proxy",    "NO_PROXY"};

// Joins whoever asks by CONNECT, whatever the name, with a server of this computer. On the loop of
// the test.
class ConnectProxy : public QTcpServer {
public:
    explicit ConnectProxy(quint16 upstream)
        : m_upstream(upstream)
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] { serve(nextPendingConnection()); });
    }
    QByteArray address() const
    {
        return "http://127.0.0.1:" + QByteArray::number(serverPort());
    }
    QList<QByteArray> heads() const { return m_heads; }

private:
    void serve(QTcpSocket *client)
    {
        auto *server = new QTcpSocket(client);
        const auto head = std::make_shared<QByteArray>();
        connect(client, &QIODevice::readyRead, this, [this, client, server, head] {
            if (server->state() != QAbstractSocket::UnconnectedState) {
                server->write(client->readAll());
                return;
            }
            *head += client->readAll();
            if (!head->endsWith("\r\n\r\n"))
                return;
            m_heads.append(*head);
            server->connectToHost(QHostAddress::LocalHost, m_upstream);
            client->write("HTTP/1.1 200 Connected\r\n\r\n");
        });
        connect(server, &QIODevice::readyRead, client,
                [client, server] { client->write(server->readAll()); });
        connect(server, &QAbstractSocket::disconnected, client,
                &QAbstractSocket::disconnectFromHost);
        connect(client, &QAbstractSocket::disconnected, client, &QObject::deleteLater);
    }

    quint16 m_upstream;
    QList<QByteArray> m_heads;
};

} // namespace

class NetProxyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void tunnelsThroughTheProxyOfTheEnvironment_data();
    void tunnelsThroughTheProxyOfTheEnvironment();
    void checksTheCertificateBehindTheProxy();
    void goesPastTheProxyWhereItIsExcepted_data();
    void goesPastTheProxyWhereItIsExcepted();

private:
    HttpRequest request() const;

    std::unique_ptr<CertificateWorkshop> m_workshop;
    CertificateWorkshop::Identity m_identity;
    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<ConnectProxy> m_proxy;
};

void NetProxyTest::initTestCase()
{
    m_workshop = std::make_unique<CertificateWorkshop>();
    m_identity = m_workshop->signedFor(u"server"_s, u"DNS:upload.invalid"_s);
}

void NetProxyTest::init()
{
    for (const char *name : proxyVariables)
        qunsetenv(name);
    m_server = std::make_unique<FaultServer>();
    m_server->useTls(m_identity.certificate, m_identity.key);
    m_proxy = std::make_unique<ConnectProxy>(m_server->port());
}

void NetProxyTest::cleanup()
{
    m_proxy.reset();
    m_server.reset();
    for (const char *name : proxyVariables)
        qunsetenv(name);
}

HttpRequest NetProxyTest::request() const
{
    // A name that nobody has (RFC 6761 §6.4): only the proxy can reach it.
    HttpRequest request("PUT", m_server->url(u"/files"_s, u"upload.invalid"_s));
    request.headers.append(Header("Authorization", "Bearer canary-19c4e7"));
    request.body = RequestBody(QByteArray("content"));
    request.trust.caFile = QFile::encodeName(m_workshop->caFile());
    return request;
}

void NetProxyTest::tunnelsThroughTheProxyOfTheEnvironment_data()
{
    QTest::addColumn<QByteArray>("variable");
    for (const char *name : {"https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"})
        QTest::newRow(name) << QByteArray(name);
}

void NetProxyTest::tunnelsThroughTheProxyOfTheEnvironment()
{
    QFETCH(const QByteArray, variable);
    qputenv(variable.constData(), m_proxy->address());
    Net net;
    const auto reply = sendNow(net, request());
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 200);
    QCOMPARE(m_server->requests().value(0).body, QByteArray("content"));
    QCOMPARE(m_proxy->heads().size(), 1);
    const QByteArray head = m_proxy->heads().constFirst();
    QVERIFY2(head.startsWith("CONNECT upload.invalid:" + QByteArray::number(m_server->port())
                             + ' '),
             head.constData());
    QVERIFY2(!head.toLower().contains("authorization"), head.constData());
    QVERIFY2(!head.contains("/files"), head.constData());
}

void NetProxyTest::checksTheCertificateBehindTheProxy()
{
    qputenv("https_proxy", m_proxy->address());
    Net net;
    HttpRequest untrusting = request();
    untrusting.trust = {};
    const auto reply = sendNow(net, std::move(untrusting));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::CertificateRejected);
    QCOMPARE(m_proxy->heads().size(), 1);
    QCOMPARE(m_server->bytesReceived(), 0);
}

void NetProxyTest::goesPastTheProxyWhereItIsExcepted_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QByteArray>("exceptions");
    QTest::addColumn<bool>("isExcepted");
    QTest::newRow("the host") << QByteArray("no_proxy") << QByteArray("upload.invalid") << true;
    QTest::newRow("its domain") << QByteArray("no_proxy") << QByteArray(".invalid") << true;
    QTest::newRow("in capitals") << QByteArray("NO_PROXY") << QByteArray("a.b,upload.invalid")
                                 << true;
    QTest::newRow("everything") << QByteArray("no_proxy") << QByteArray("*") << true;
    QTest::newRow("another host") << QByteArray("no_proxy") << QByteArray("load.invalid") << false;
}

void NetProxyTest::goesPastTheProxyWhereItIsExcepted()
{
    QFETCH(const QByteArray, variable);
    QFETCH(const QByteArray, exceptions);
    QFETCH(const bool, isExcepted);
    qputenv("https_proxy", m_proxy->address());
    qputenv(variable.constData(), exceptions);
    Net net;
    HttpRequest known = request();
    known.resolve.append("upload.invalid:" + QByteArray::number(m_server->port()) + ":127.0.0.1");
    const auto reply = sendNow(net, std::move(known));
    SO_REQUIRE(reply);
    QCOMPARE(m_server->requests().size(), 1);
    QCOMPARE(m_proxy->heads().isEmpty(), isExcepted);
}

QTEST_GUILESS_MAIN(NetProxyTest)
#include "tst_net_proxy.moc"
