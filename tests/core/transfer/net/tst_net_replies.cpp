// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What can be wrong with a reply: too much of it, none, another protocol, another place.
#include "core/base/error_text.h"
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/fault_server.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

namespace {

Script afterHead()
{
    Script script;
    script.readHead();
    return script;
}

} // namespace

class NetRepliesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsAFloodOfReply_data();
    void endsAFloodOfReply();
    void refusesWhatIsNoReply_data();
    void refusesWhatIsNoReply();
    void keepsARefusalWhoseTextIsCut();
    void followsNoRedirect_data();
    void followsNoRedirect();
    void endsASlowReplyAtTheDeadline();
    void endsAReplyToABodyThatTricklesIn();
    void reportsAnUnreachableServer_data();
    void reportsAnUnreachableServer();
    void saysThatTheProxyRefuses();
};

void NetRepliesTest::endsAFloodOfReply_data()
{
    QTest::addColumn<Script>("script");
    const QByteArray head = "HTTP/1.1 200 OK\r\n";
    const auto row = [](const char *name, const QByteArray &begin, const QByteArray &forEver) {
        Script script = afterHead();
        QTest::newRow(name) << script.send(begin).sendForever(forEver);
    };
    row("endless body", head + "\r\n", QByteArray(65536, 'x'));
    row("endless chunks", head + "Transfer-Encoding: chunked\r\n\r\n",
        "8000\r\n" + QByteArray(32768, 'x') + "\r\n");
    row("endless headers", head, "X-Filler: " + QByteArray(1000, 'y') + "\r\n");
    row("one endless header line", head + "X: ", QByteArray(65536, 'y'));
    row("endless 1xx replies", {}, "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
}

void NetRepliesTest::endsAFloodOfReply()
{
    QFETCH(const Script, script);
    FaultServer server;
    server.setDefault(script);
    Net net;
    const auto reply = sendNow(net, HttpRequest("GET", server.url()));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::ReplyTooLarge);
    QCOMPARE(reply.error().retry, RetryAdvice::never());
}

void NetRepliesTest::refusesWhatIsNoReply_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("garbage") << QByteArray("garbage without a status\r\n")
                             << ErrorKind::ProtocolViolation;
    QTest::newRow("another protocol")
        << QByteArray("SSH-2.0-OpenSSH_9.2p1\r\n") << ErrorKind::ProtocolViolation;
    QTest::newRow("a body shorter than announced")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")
        << ErrorKind::DestinationUnreachable;
    QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le")
                                 << ErrorKind::DestinationUnreachable;
}

void NetRepliesTest::refusesWhatIsNoReply()
{
    QFETCH(const QByteArray, bytes);
    FaultServer server;
    Script script = afterHead();
    server.setDefault(script.send(bytes).close());
    Net net;
    const auto reply = sendNow(net, HttpRequest("GET", server.url()));
    QVERIFY2(!reply, qPrintable(QString::number(reply ? reply->status : 0)));
    QTEST(reply.error().kind, "kind");
}

void NetRepliesTest::keepsARefusalWhoseTextIsCut()
{
    FaultServer server;
    Script script = afterHead();
    server.setDefault(script.send("HTTP/1.1 507 Full\r\nContent-Length: 50\r\n\r\nhello").close());
    Net net;
    const auto reply = sendNow(net, HttpRequest("GET", server.url()));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 507);
}

void NetRepliesTest::followsNoRedirect_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 303, 307, 308})
        QTest::addRow("%d", status) << status;
}

void NetRepliesTest::followsNoRedirect()
{
    QFETCH(const int, status);
    FaultServer canary;
    FaultServer server;
    Script script = afterHead();
    script.readBody().reply(status, {}, {{"Location", canary.url().toEncoded()}});
    server.setDefault(script);
    Net net;
    HttpRequest request = putOf(server.url(), sparseBody(100'000));
    request.headers.append(Header("Authorization", "Bearer secret"));
    const auto reply = sendNow(net, std::move(request));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, status);
    QCOMPARE(reply->header("Location"), canary.url().toEncoded());
    QCOMPARE(canary.connectionCount(), 0);
    QCOMPARE(canary.bytesReceived(), 0);
}

void NetRepliesTest::endsASlowReplyAtTheDeadline()
{
    FaultServer server;
    Script script = afterHead();
    script.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").sendForever("x", 50ms);
    server.setDefault(script);
    Net net;
    HttpRequest request("GET", server.url());
    request.totalTimeout = 600ms;
    const auto reply = sendNow(net, std::move(request));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(reply.error()[argument::reason], QStringLiteral("it did not answer in time"));
}

// A body may take as long as it moves; the reply to it may not.
void NetRepliesTest::endsAReplyToABodyThatTricklesIn()
{
    FaultServer server;
    Script script = afterHead();
    script.readBody().send("HTTP/1.1 204 No Content\r\n").sendForever("X-Filler: y\r\n", 20ms);
    server.setDefault(script);
    Net net;
    HttpRequest request = putOf(server.url(), sparseBody(100'000));
    request.totalTimeout = {};
    request.replyTimeout = 800ms;
    const auto reply = sendNow(net, std::move(request));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(reply.error()[argument::reason], QStringLiteral("it did not answer in time"));
}

void NetRepliesTest::reportsAnUnreachableServer_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QString>("reason");
    QTest::newRow("nobody listens") << QUrl(QStringLiteral("http://127.0.0.1:1/"))
                                    << QStringLiteral("nothing answers at 127.0.0.1:1");
    QTest::newRow("nobody listens, IPv6")
        << QUrl(QStringLiteral("http://[::1]:1/")) << QStringLiteral("nothing answers at [::1]:1");
    QTest::newRow("unknown name") << QUrl(QStringLiteral("http://nowhere.invalid/"))
                                  << QStringLiteral("the name “nowhere.invalid” is not known");
}

void NetRepliesTest::reportsAnUnreachableServer()
{
    QFETCH(const QUrl, url);
    Net net;
    HttpRequest request("GET", url);
    request.proxy = "none";
    const auto reply = sendNow(net, std::move(request));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(reply.error().retry, RetryAdvice::backoff());
    QTEST(reply.error()[argument::reason], "reason");
    QVERIFY(!describe(reply.error()).what.contains(u'%'));
}

void NetRepliesTest::saysThatTheProxyRefuses()
{
    FaultServer proxy;
    Script script = afterHead();
    proxy.setDefault(script.reply(407, "who are you").close());
    Net net;
    HttpRequest request("GET", QUrl(QStringLiteral("https://upload.invalid/")));
    request.proxy = proxy.url().toEncoded();
    const auto reply = sendNow(net, std::move(request));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(reply.error()[argument::reason], QStringLiteral("the proxy refuses (407)"));
    QCOMPARE(proxy.requests().constFirst().method, QByteArray("CONNECT"));
}

QTEST_GUILESS_MAIN(NetRepliesTest)
#include "tst_net_replies.moc"
