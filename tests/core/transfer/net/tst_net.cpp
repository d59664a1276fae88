// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Net promises while all goes well: requests as asked for, connections, proxies. Load stands
// in tst_net_load, cancelling in tst_net_cancel, faults in tst_net_faults and tst_net_replies.
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/fault_server.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

class NetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void sendsTheRequestAsAskedFor();
    void sendsMethodsWithTheRightLength_data();
    void sendsMethodsWithTheRightLength();
    void sendsAStretchOfAFile();
    void refusesWhatCannotBeSent_data();
    void refusesWhatCannotBeSent();
    void keepsTheConnection();
    void createsNothingOnAConnectionThatWasIdle();
    void opensNoMoreConnectionsThanAllowed();
    void asksPastLongUploads();
    void neverUsesAProxyForThisComputer();
    void usesTheProxyOfTheEnvironment();
    void resolvesAsTold();
};

void NetTest::init()
{
    for (const char *name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "no_proxy",
                             "NO_PROXY", "HTTPS_PROXY"})
        qunsetenv(name);
}

void NetTest::sendsTheRequestAsAskedFor()
{
    FaultServer server;
    Script script;
    script.readHead().readBody().reply(201, "made", {{"Location", "/files/1"}});
    server.setDefault(script);
    Net net;
    QUrl url = server.url();
    url.setPath(QStringLiteral("/a/../b c"), QUrl::DecodedMode);
    url.setQuery(QStringLiteral("x=%2F1"));
    url.setFragment(QStringLiteral("part"));
    HttpRequest request("PATCH", url);
    request.body = RequestBody(QByteArray("hello"));
    request.headers.append(Header("Upload-Offset", "7"));
    request.headers.append(Header("X-Empty", ""));
    const auto reply = sendNow(net, std::move(request));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 201);
    QCOMPARE(reply->body, QByteArray("made"));
    QCOMPARE(reply->header("location"), QByteArray("/files/1"));
    QCOMPARE(reply->bodyBytesSent, 5);
    QVERIFY(reply->isSuccess());

    const ReceivedRequest seen = server.requests().constFirst();
    QCOMPARE(seen.method, QByteArray("PATCH"));
    QCOMPARE(seen.target, QByteArray("/a/../b%20c?x=%2F1"));
    QCOMPARE(seen.body, QByteArray("hello"));
    QCOMPARE(seen.header("Upload-Offset"), QByteArray("7"));
    QCOMPARE(seen.header("Host"), "127.0.0.1:" + QByteArray::number(server.port()));
    QVERIFY(seen.header("User-Agent").startsWith("Sendoff/"));
    QCOMPARE(seen.header("Accept-Encoding"), QByteArray());
    QCOMPARE(seen.header("Expect"), QByteArray());
    const auto hasEmpty = [](const auto &header) { return header.first == "X-Empty"; };
    QVERIFY(std::any_of(seen.headers.cbegin(), seen.headers.cend(), hasEmpty));
}

void NetTest::sendsMethodsWithTheRightLength_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("length");
    for (const char *method : {"POST", "PUT", "PATCH"})
        QTest::newRow(method) << QByteArray(method) << QByteArray("0");
    for (const char *method : {"GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND", "MKCOL", "MOVE"})
        QTest::newRow(method) << QByteArray(method) << QByteArray();
}

void NetTest::sendsMethodsWithTheRightLength()
{
    QFETCH(const QByteArray, method);
    FaultServer server;
    Script script;
    server.setDefault(script.readHead().reply(204));
    Net net;
    const auto reply = sendNow(net, HttpRequest(method, server.url()));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 204);
    const ReceivedRequest seen = server.requests().constFirst();
    QCOMPARE(seen.method, method);
    QTEST(seen.header("Content-Length"), "length");
    QCOMPARE(seen.header("Transfer-Encoding"), QByteArray());
}

void NetTest::sendsAStretchOfAFile()
{
    FaultServer server;
    Net net;
    const auto file = sparseFile(100'000);
    const QByteArray content("the stretch that is wanted");
    QCOMPARE(::pwrite(file->get(), content.constData(), size_t(content.size()), 50'000),
             content.size());
    const auto reply = sendNow(net, putOf(server.url(), fileBody(file, 12, 50'004)));
    SO_REQUIRE(reply);
    QCOMPARE(server.requests().constFirst().body, QByteArray("stretch that"));
}

void NetTest::refusesWhatCannotBeSent_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QByteArray>("header");
    const auto row = [](const char *name, const char *url, const QByteArray &header = "x") {
        QTest::newRow(name) << QUrl(QString::fromUtf8(url)) << header;
    };
    row("a file", "file:///etc/passwd");
    row("another protocol", "ftp://127.0.0.1/");
    row("no host", "http:///path");
    row("a password in the address", "http://user:secret@127.0.0.1/");
    row("a line break in a header", "http://127.0.0.1/", "x\r\nInjected: yes");
}

void NetTest::refusesWhatCannotBeSent()
{
    QFETCH(const QUrl, url);
    QFETCH(const QByteArray, header);
    Net net;
    HttpRequest request("GET", url);
    request.headers.append(Header("X", header));
    const auto reply = sendNow(net, std::move(request));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationInvalid);
    QVERIFY(!reply.error()[argument::reason].isEmpty());
    QVERIFY(!reply.error().detail.contains(u"secret"));
    QCOMPARE(net.activeTransfers(), 0);
}

void NetTest::keepsTheConnection()
{
    FaultServer server;
    Net net;
    for (int i = 0; i < 5; ++i) {
        const auto reply = sendNow(net, putOf(server.url(), RequestBody(QByteArray("x"))));
        SO_REQUIRE(reply);
    }
    QCOMPARE(server.connectionCount(), 1);
    HttpRequest create("POST", server.url());
    create.isIdempotent = false;
    QVERIFY(sendNow(net, std::move(create)));
    QCOMPARE(server.connectionCount(), 1);
}

// Its server may be about to close it, and nobody would know whether it made something.
void NetTest::createsNothingOnAConnectionThatWasIdle()
{
    FaultServer server;
    Net net;
    QVERIFY(sendNow(net, HttpRequest("GET", server.url())));
    QTest::qWait(3'100); // curl counts whole seconds
    HttpRequest create("POST", server.url());
    create.isIdempotent = false;
    QVERIFY(sendNow(net, std::move(create)));
    QCOMPARE(server.connectionCount(), 2);
    QCOMPARE(server.requests().last().connection, 1);
}

void NetTest::opensNoMoreConnectionsThanAllowed()
{
    FaultServer server;
    Script script;
    server.setDefault(script.readHead().hold().readBody().reply(200, "ok"));
    Net net(NetOptions{3, 32, nullptr});
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (int i = 0; i < 40; ++i)
        tasks.push_back(net.send(putOf(server.url(), RequestBody(QByteArray(1000, 'x'))), {}));
    QCOMPARE(net.activeTransfers(), 40);
    QTRY_COMPARE(server.requests().size(), 3);
    server.release();
    for (auto &task : tasks)
        QVERIFY(QCoro::waitFor(std::move(task)));
    QCOMPARE(server.connectionCount(), 3);
    QCOMPARE(server.requests().size(), 40);
    QCOMPARE(net.activeTransfers(), 0);
}

void NetTest::asksPastLongUploads()
{
    FaultServer server;
    server.setResponder([](const ReceivedRequest &request) {
        Script script;
        return request.method == "PUT" ? script.stall() : script.reply(204);
    });
    Net net(NetOptions{2, 32, nullptr});
    std::stop_source stop;
    std::vector<QCoro::Task<Result<HttpReply>>> uploads;
    const RequestBody body = sparseBody(50 << 20);
    for (int i = 0; i < 4; ++i)
        uploads.push_back(net.send(putOf(server.url(), body), stop.get_token()));
    QTRY_COMPARE(server.requests().size(), 2);
    const auto asked = sendNow(net, HttpRequest("HEAD", server.url()));
    SO_REQUIRE(asked);
    QCOMPARE(asked->status, 204);
    stop.request_stop();
    for (auto &upload : uploads)
        QCOMPARE(QCoro::waitFor(std::move(upload)).error().kind, ErrorKind::Cancelled);
}

void NetTest::neverUsesAProxyForThisComputer()
{
    FaultServer proxy;
    FaultServer server;
    qputenv("http_proxy", proxy.url().toEncoded());
    Net net;
    for (const char *host : {"127.0.0.1", "localhost"}) {
        const auto reply = sendNow(
            net, HttpRequest("GET", server.url(QStringLiteral("/"), QString::fromLatin1(host))));
        SO_REQUIRE(reply);
    }
    QCOMPARE(proxy.connectionCount(), 0);
    QCOMPARE(server.requests().size(), 2);
}

void NetTest::usesTheProxyOfTheEnvironment()
{
    FaultServer proxy;
    qputenv("http_proxy", proxy.url().toEncoded());
    Net net;
    const QUrl url(QStringLiteral("http://upload.invalid/files"));
    const auto reply = sendNow(net, putOf(url, RequestBody(QByteArray("x"))));
    SO_REQUIRE(reply);
    QCOMPARE(proxy.requests().constFirst().target, QByteArray("http://upload.invalid/files"));

    HttpRequest direct("GET", url);
    direct.proxy = "none";
    const auto refused = sendNow(net, std::move(direct));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(proxy.requests().size(), 1);
}

void NetTest::resolvesAsTold()
{
    FaultServer server;
    Net net;
    HttpRequest request("GET", server.url(QStringLiteral("/"), QStringLiteral("upload.invalid")));
    request.resolve.append("upload.invalid:" + QByteArray::number(server.port()) + ":127.0.0.1");
    const auto reply = sendNow(net, std::move(request));
    SO_REQUIRE(reply);
    QVERIFY(server.requests().constFirst().header("Host").startsWith("upload.invalid:"));
}

QTEST_GUILESS_MAIN(NetTest)
#include "tst_net.moc"
