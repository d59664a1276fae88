// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// TLS is always verified; what is refused is refused before a byte of the request is sent.
#include "tests/core/transfer/net/certificate_workshop.h"
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/fault_server.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

namespace {

const QString loopbackNames = u"DNS:localhost,IP:127.0.0.1"_s;

} // namespace

class NetTlsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesACertificate_data();
    void refusesACertificate();
    void acceptsTheAdditionalAuthority_data();
    void acceptsTheAdditionalAuthority();
    void keepsTheSystemsAuthoritiesBesideIt();
    void checksThePinnedKey_data();
    void checksThePinnedKey();
    void refusesACaFile_data();
    void refusesACaFile();
    void saysThatAPlainServerSpeaksNoTls();
    void startsTlsQuicklyOnceTheCertificatesAreKnown();

private:
    HttpRequest request(const QUrl &url, const QString &caFile = {}) const
    {
        HttpRequest request("PUT", url);
        request.body = RequestBody(QByteArray("secret"));
        request.headers.append(Header("Authorization", "Bearer secret"));
        request.trust.caFile = QFile::encodeName(caFile);
        return request;
    }
    void serve(FaultServer &server, const CertificateWorkshop::Identity &identity) const
    {
        server.useTls(identity.certificate, identity.key);
    }

    std::unique_ptr<CertificateWorkshop> m_workshop;
};

void NetTlsTest::initTestCase()
{
    m_workshop = std::make_unique<CertificateWorkshop>();
}

void NetTlsTest::refusesACertificate_data()
{
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("knowsIssuer");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const CertificateWorkshop::Identity &identity,
                        bool knowsIssuer, const QString &host, const QString &reason) {
        QTest::newRow(name) << identity.certificate << identity.key << knowsIssuer << host
                            << reason;
    };
    const QString localhost = u"localhost"_s;
    const QString old = u"20200102000000Z"_s;
    const QString future = u"20980101000000Z"_s;
    const QString last = u"20990101000000Z"_s;
    CertificateWorkshop &shop = *m_workshop;
    row("of an unknown issuer", shop.signedFor(u"good"_s, loopbackNames), false, localhost,
        u"its issuer is not known"_s);
    row("signed by itself", shop.selfSigned(u"self"_s, loopbackNames), true, localhost,
        u"the server signed it itself"_s);
    row("expired", shop.signedFor(u"old"_s, loopbackNames, u"20200101000000Z"_s, old), true,
        localhost, u"it has expired"_s);
    row("not valid yet", shop.signedFor(u"new"_s, loopbackNames, future, last), true, localhost,
        u"it is not valid yet"_s);
    row("of another name", shop.signedFor(u"other"_s, u"DNS:other.example"_s), true, localhost,
        u"it was made for another address"_s);
    row("without the address", shop.signedFor(u"named"_s, u"DNS:localhost"_s), true, u"127.0.0.1"_s,
        u"it was made for another address"_s);
}

void NetTlsTest::refusesACertificate()
{
    QFETCH(const QByteArray, certificate);
    QFETCH(const QByteArray, key);
    QFETCH(const bool, knowsIssuer);
    QFETCH(const QString, host);
    FaultServer server;
    serve(server, {certificate, key});
    Net net;
    const QString caFile = knowsIssuer ? m_workshop->caFile() : QString();
    const auto reply = sendNow(net, request(server.url(u"/"_s, host), caFile));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::CertificateRejected);
    QCOMPARE(reply.error().retry, RetryAdvice::never());
    QTEST(reply.error()[argument::reason], "reason");
    QCOMPARE(reply.error()[argument::destination], u"%1:%2"_s.arg(host).arg(server.port()));
    QTRY_COMPARE(server.openConnectionCount(), 0);
    QCOMPARE(server.bytesReceived(), 0);
}

void NetTlsTest::acceptsTheAdditionalAuthority_data()
{
    QTest::addColumn<bool>("isAuthority");
    QTest::newRow("the authority that signed it") << true;
    QTest::newRow("the server's own certificate, signed by itself") << false;
}

void NetTlsTest::acceptsTheAdditionalAuthority()
{
    QFETCH(const bool, isAuthority);
    FaultServer server;
    const auto identity = isAuthority ? m_workshop->signedFor(u"good"_s, loopbackNames)
                                      : m_workshop->selfSigned(u"self"_s, loopbackNames);
    serve(server, identity);
    const QString caFile = isAuthority ? m_workshop->caFile() : m_workshop->path(u"self.crt"_s);
    Net net;
    const auto reply = sendNow(net, request(server.url(u"/"_s, u"localhost"_s), caFile));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 200);
    QCOMPARE(server.requests().constFirst().body, QByteArray("secret"));
}

void NetTlsTest::keepsTheSystemsAuthoritiesBesideIt()
{
    // Trust given to one request does not leak into the next, nor does it take any away.
    FaultServer server;
    serve(server, m_workshop->signedFor(u"good"_s, loopbackNames));
    Net net;
    QVERIFY(sendNow(net, request(server.url(), m_workshop->caFile())));
    server.dropConnections();
    QTRY_COMPARE(server.openConnectionCount(), 0);
    const auto without = sendNow(net, request(server.url()));
    QVERIFY(!without);
    QCOMPARE(without.error().kind, ErrorKind::CertificateRejected);
    QVERIFY(sendNow(net, request(server.url(), m_workshop->caFile())));
}

void NetTlsTest::checksThePinnedKey_data()
{
    QTest::addColumn<QString>("pinned");
    QTest::addColumn<bool>("knowsIssuer");
    QTest::addColumn<bool>("isAccepted");
    QTest::newRow("the right key") << u"good"_s << true << true;
    QTest::newRow("another key") << u"ca"_s << true << false;
    QTest::newRow("the right key of an unknown issuer") << u"good"_s << false << false;
}

void NetTlsTest::checksThePinnedKey()
{
    QFETCH(const QString, pinned);
    QFETCH(const bool, knowsIssuer);
    QFETCH(const bool, isAccepted);
    FaultServer server;
    serve(server, m_workshop->signedFor(u"good"_s, loopbackNames));
    Net net;
    HttpRequest pinnedRequest =
        request(server.url(), knowsIssuer ? m_workshop->caFile() : QString());
    pinnedRequest.trust.pinnedPublicKey = m_workshop->pinOf(pinned);
    const auto reply = sendNow(net, std::move(pinnedRequest));
    QCOMPARE(reply.has_value(), isAccepted);
    if (!isAccepted) {
        QCOMPARE(reply.error().kind, ErrorKind::CertificateRejected);
        QCOMPARE(server.requests().size(), 0);
    }
}

void NetTlsTest::refusesACaFile_data()
{
    QTest::addColumn<QString>("name");
    m_workshop->write(u"notes.txt"_s, "no certificate");
    QTest::newRow("that is not there") << u"nowhere.crt"_s;
    QTest::newRow("that holds none") << u"notes.txt"_s;
}

void NetTlsTest::refusesACaFile()
{
    QFETCH(const QString, name);
    FaultServer server;
    Net net;
    const auto reply = sendNow(net, request(server.url(), m_workshop->path(name)));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationInvalid);
    QVERIFY(reply.error()[argument::reason].contains(name));
    QVERIFY(!reply.error()[argument::destination].isEmpty());
    QCOMPARE(server.connectionCount(), 0);
}

void NetTlsTest::saysThatAPlainServerSpeaksNoTls()
{
    FaultServer server;
    Script script;
    server.setDefault(script.send("220 ready\r\n").stall());
    QUrl url = server.url();
    url.setScheme(u"https"_s);
    Net net;
    const auto reply = sendNow(net, request(url));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(reply.error().retry, RetryAdvice::never());
    QCOMPARE(reply.error()[argument::reason], u"no secure connection could be agreed on"_s);
}

void NetTlsTest::startsTlsQuicklyOnceTheCertificatesAreKnown()
{
    FaultServer server;
    serve(server, m_workshop->signedFor(u"good"_s, loopbackNames));
    Net net;
    std::vector<qint64> gaps;
    for (int i = 0; i < 6; ++i) {
        LoopGap gap;
        QVERIFY(sendNow(net, request(server.url(), m_workshop->caFile())));
        gaps.push_back(gap.longestMs());
        server.dropConnections();
        QTRY_COMPARE(server.openConnectionCount(), 0);
    }
    std::sort(gaps.begin() + 1, gaps.end());
    qInfo("loop held up by a new TLS connection: first %lld ms, then %lld ms (median)", gaps[0],
          gaps[3]);
    QCOMPARE(server.connectionCount(), 6);
}

QTEST_GUILESS_MAIN(NetTlsTest)
#include "tst_net_tls.moc"
