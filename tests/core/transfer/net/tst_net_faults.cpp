// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What servers do wrong on the way of a body: early answers, cuts, resets, stalls.
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/fault_server.h"

#include <QTest>

#include <sys/resource.h>
#include <sys/socket.h>

using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 largeBody = 50 << 20;

HttpRequest patchOf(const QUrl &url, const RequestBody &body)
{
    HttpRequest request("PATCH", url);
    request.body = body;
    return request;
}

// How many of the requests with that method the server saw.
int countOf(const FaultServer &server, const QByteArray &method)
{
    int count = 0;
    for (const ReceivedRequest &request : server.requests())
        count += request.method == method ? 1 : 0;
    return count;
}

Script afterHead()
{
    Script script;
    script.readHead();
    return script;
}

} // namespace

class NetFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsStatusOfEarlyRefusal_data();
    void keepsStatusOfEarlyRefusal();
    void tellsAnEarlySuccessByTheBytesSent();
    void sendsNoSecondBodyWhenAKeptConnectionDies_data();
    void sendsNoSecondBodyWhenAKeptConnectionDies();
    void createsOnceWhenTheConnectionDies_data();
    void createsOnceWhenTheConnectionDies();
    void sendsOnAFreshConnectionWhenTheKeptOneIsClosed();
    void sendsNoBodyThatWasRefusedBeforehand();
    void sendsTheBodyOnceAskedFor();
    void sendsTheBodyWhereNobodyAnswersTheQuestion();
    void reportsACutConnection_data();
    void reportsACutConnection();
    void endsAStalledUpload_data();
    void endsAStalledUpload();
    void letsASlowReceiverTakeItsTime();
    void noticesATruncatedFile_data();
    void noticesATruncatedFile();
    void reportsAFileThatCannotBeRead();
    void survivesTheEndOfFileDescriptors();
};

void NetFaultsTest::keepsStatusOfEarlyRefusal_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("afterBytes");
    QTest::newRow("413 before any of the body") << 413 << qint64(0);
    QTest::newRow("409 after 100 kB") << 409 << qint64(100'000);
    QTest::newRow("507 after 5 MB") << 507 << qint64(5'000'000);
}

void NetFaultsTest::keepsStatusOfEarlyRefusal()
{
    QFETCH(const int, status);
    QFETCH(const qint64, afterBytes);
    FaultServer server;
    Script script = afterHead();
    script.readBodyBytes(afterBytes).reply(status, "no", {{"Connection", "close"}}).close();
    server.setDefault(script);
    Net net;
    const RequestBody body = sparseBody(largeBody);
    constexpr int rounds = 100;
    int kept = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto reply = sendNow(net, patchOf(server.url(), body));
        kept += reply && reply->status == status && reply->bodyBytesSent < largeBody ? 1 : 0;
    }
    QCOMPARE(kept, rounds);
    QCOMPARE(countOf(server, "PATCH"), rounds);
}

void NetFaultsTest::tellsAnEarlySuccessByTheBytesSent()
{
    FaultServer server;
    Script script = afterHead();
    server.setDefault(script.reply(204, {}, {{"Connection", "close"}}).stall());
    Net net;
    const auto reply = sendNow(net, patchOf(server.url(), sparseBody(largeBody)));
    if (reply) {
        QCOMPARE(reply->status, 204);
        QVERIFY2(reply->bodyBytesSent < largeBody,
                 qPrintable(QString::number(reply->bodyBytesSent)));
    } else {
        QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    }
}

void NetFaultsTest::sendsNoSecondBodyWhenAKeptConnectionDies_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<qint64>("size");
    for (const char *method : {"PUT", "PATCH", "POST"}) {
        QTest::addRow("%s of 50 MB", method) << QByteArray(method) << largeBody;
        QTest::addRow("%s of 1 kB", method) << QByteArray(method) << qint64(1000);
    }
}

void NetFaultsTest::sendsNoSecondBodyWhenAKeptConnectionDies()
{
    QFETCH(const QByteArray, method);
    QFETCH(const qint64, size);
    FaultServer server;
    Script script;
    script.readHead().readBody().reply(200, "ok").readHead().readBodyBytes(size).close();
    server.enqueue(script);
    Net net;
    const auto first = sendNow(net, HttpRequest("GET", server.url()));
    SO_REQUIRE(first);

    HttpRequest request(method, server.url());
    request.body = sparseBody(size);
    const auto second = sendNow(net, std::move(request));
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(second.error().retry, RetryAdvice::backoff());
    QCOMPARE(countOf(server, method), 1);
    QCOMPARE(server.requests().last().connection, 0); // it was the kept connection
}

void NetFaultsTest::createsOnceWhenTheConnectionDies_data()
{
    QTest::addColumn<qint64>("size");
    QTest::newRow("without a body") << qint64(-1);
    QTest::newRow("with an empty body") << qint64(0);
    QTest::newRow("with a body") << qint64(1000);
}

void NetFaultsTest::createsOnceWhenTheConnectionDies()
{
    QFETCH(const qint64, size);
    FaultServer server;
    Script kept;
    kept.readHead().reply(200, "ok").readHead().readBody().close();
    Script dying = afterHead();
    dying.readBody().close();
    server.enqueue(kept);
    server.enqueue(dying);
    Net net;
    const auto first = sendNow(net, HttpRequest("GET", server.url()));
    SO_REQUIRE(first);

    HttpRequest request("POST", server.url());
    request.isIdempotent = false;
    if (size >= 0)
        request.body = RequestBody(QByteArray(size, 'x'));
    const auto created = sendNow(net, std::move(request));
    QVERIFY(!created);
    QCOMPARE(countOf(server, "POST"), 1);
}

void NetFaultsTest::sendsOnAFreshConnectionWhenTheKeptOneIsClosed()
{
    FaultServer server;
    Net net;
    const auto first = sendNow(net, HttpRequest("GET", server.url()));
    SO_REQUIRE(first);
    server.dropConnections();
    QTRY_COMPARE(server.openConnectionCount(), 0);
    const auto second = sendNow(net, patchOf(server.url(), sparseBody(1 << 20)));
    SO_REQUIRE(second);
    QCOMPARE(server.connectionCount(), 2);
    QCOMPARE(countOf(server, "PATCH"), 1);
    QCOMPARE(server.requests().last().bodyBytes, 1 << 20);
}

void NetFaultsTest::sendsNoBodyThatWasRefusedBeforehand()
{
    FaultServer server;
    Script script = afterHead();
    script.reply(413, "too large").readBodyBytes(1).close();
    server.setDefault(script);
    Net net;
    HttpRequest request = patchOf(server.url(), sparseBody(largeBody));
    request.expectContinue = true;
    const auto reply = sendNow(net, std::move(request));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 413);
    QCOMPARE(reply->body, QByteArray("too large"));
    QCOMPARE(reply->bodyBytesSent, 0);
    QTRY_COMPARE(server.openConnectionCount(), 0);
    const ReceivedRequest seen = server.requests().constFirst();
    QCOMPARE(seen.header("Expect"), QByteArray("100-continue"));
    QCOMPARE(seen.bodyBytes, 0);
}

void NetFaultsTest::sendsTheBodyOnceAskedFor()
{
    FaultServer server;
    Script script = afterHead();
    script.send("HTTP/1.1 100 Continue\r\n\r\n").readBody().reply(200, "ok");
    server.setDefault(script);
    Net net;
    HttpRequest request = patchOf(server.url(), sparseBody(2 << 20));
    request.expectContinue = true;
    const auto reply = sendNow(net, std::move(request));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 200);
    QCOMPARE(reply->bodyBytesSent, 2 << 20);
}

void NetFaultsTest::sendsTheBodyWhereNobodyAnswersTheQuestion()
{
    FaultServer server;
    Net net;
    HttpRequest request = patchOf(server.url(), sparseBody(2 << 20));
    request.expectContinue = true;
    const auto reply = sendNow(net, std::move(request));
    SO_REQUIRE(reply);
    QCOMPARE(reply->status, 200);

    const auto unasked = sendNow(net, patchOf(server.url(), sparseBody(2 << 20)));
    SO_REQUIRE(unasked);
    QCOMPARE(server.requests().last().header("Expect"), QByteArray());
}

void NetFaultsTest::reportsACutConnection_data()
{
    QTest::addColumn<qint64>("afterBytes");
    QTest::addColumn<bool>("isReset");
    QTest::newRow("closed before the body") << qint64(0) << false;
    QTest::newRow("closed within the body") << qint64(3'000'000) << false;
    QTest::newRow("closed after the body") << largeBody << false;
    QTest::newRow("reset before the body") << qint64(0) << true;
    QTest::newRow("reset within the body") << qint64(3'000'000) << true;
    QTest::newRow("reset after the body") << largeBody << true;
}

void NetFaultsTest::reportsACutConnection()
{
    QFETCH(const qint64, afterBytes);
    QFETCH(const bool, isReset);
    FaultServer server;
    Script script = afterHead();
    script.readBodyBytes(afterBytes);
    server.setDefault(isReset ? script.reset() : script.close());
    Net net;
    const auto reply = sendNow(net, patchOf(server.url(), sparseBody(largeBody)));
    QVERIFY(!reply);
    const Error error = reply.error();
    QCOMPARE(error.kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(error.retry, RetryAdvice::backoff());
    QCOMPARE(error[argument::destination], QStringLiteral("127.0.0.1:%1").arg(server.port()));
    QCOMPARE(error[argument::reason], QStringLiteral("the connection was cut"));
    QCOMPARE(countOf(server, "PATCH"), 1);
    QCOMPARE(server.connectionCount(), 1);
}

void NetFaultsTest::endsAStalledUpload_data()
{
    QTest::addColumn<Script>("script");
    Script atOnce = afterHead();
    QTest::newRow("before the body") << atOnce.stall();
    Script within = afterHead();
    QTest::newRow("within the body") << within.readBodyBytes(1'000'000).stall();
    Script after = afterHead();
    QTest::newRow("after the body") << after.readBody().stall();
    Script reply = afterHead();
    QTest::newRow("within the reply") << reply.readBody().send("HTTP/1.1 200 OK\r\n").stall();
}

void NetFaultsTest::endsAStalledUpload()
{
    QFETCH(const Script, script);
    FaultServer server;
    server.setDefault(script);
    Net net;
    HttpRequest request = patchOf(server.url(), sparseBody(largeBody));
    request.totalTimeout = 0ms;
    request.stallTimeout = 500ms;
    QElapsedTimer timer;
    timer.start();
    const auto reply = sendNow(net, std::move(request));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(reply.error().retry, RetryAdvice::backoff());
    QCOMPARE(reply.error()[argument::reason], QStringLiteral("nothing has moved for 1 s"));
    QVERIFY2(timer.elapsed() >= 500 && timer.elapsed() < 10'000,
             qPrintable(QString::number(timer.elapsed())));
}

void NetFaultsTest::letsASlowReceiverTakeItsTime()
{
    FaultServer server;
    Script script = afterHead();
    // Far longer than the stall timeout in all, with each pause below it.
    for (int part = 1; part <= 12; ++part)
        script.readBodyBytes(part * qint64(4'000'000)).wait(200ms);
    server.setDefault(script.readBody().reply(200, "ok"));
    Net net;
    HttpRequest request = patchOf(server.url(), sparseBody(largeBody));
    request.totalTimeout = 0ms;
    request.stallTimeout = 1500ms;
    QElapsedTimer timer;
    timer.start();
    const auto reply = sendNow(net, std::move(request));
    SO_REQUIRE(reply);
    QCOMPARE(reply->bodyBytesSent, largeBody);
    QVERIFY(timer.elapsed() > 2000);
}

void NetFaultsTest::noticesATruncatedFile_data()
{
    QTest::addColumn<qint64>("remaining");
    QTest::newRow("while it is sent") << qint64(20 << 20);
    QTest::newRow("to nothing") << qint64(0);
}

void NetFaultsTest::noticesATruncatedFile()
{
    QFETCH(const qint64, remaining);
    FaultServer server;
    Script script = afterHead();
    server.setDefault(script.readBodyBytes(1'000'000).hold().readBody().reply(200));
    Net net;
    const auto file = sparseFile(largeBody);
    auto task = net.send(patchOf(server.url(), fileBody(file, largeBody)), {});
    QTRY_VERIFY(!server.requests().isEmpty() && server.requests().last().bodyBytes >= 1'000'000);
    QCOMPARE(::ftruncate(file->get(), remaining), 0);
    server.release();
    const auto reply = QCoro::waitFor(std::move(task));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::SourceChanged);
    QCOMPARE(reply.error().retry, RetryAdvice::never());
    QVERIFY(server.requests().last().bodyBytes < largeBody);
}

void NetFaultsTest::reportsAFileThatCannotBeRead()
{
    FaultServer server;
    Net net;
    // A folder can be opened, but not read.
    const auto folder = std::make_shared<FileDescriptor>(::open("/", O_RDONLY | O_CLOEXEC));
    const auto reply = sendNow(net, patchOf(server.url(), fileBody(folder, 1000)));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::SourceUnreadable);
    QCOMPARE(reply.error()[argument::reason], QStringLiteral("is a directory"));
}

void NetFaultsTest::survivesTheEndOfFileDescriptors()
{
    FaultServer server;
    Net net;
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = ::dup(0);
    ::close(next);
    const rlimit tight{rlim_t(next), before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (int i = 0; i < 20; ++i)
        tasks.push_back(net.send(HttpRequest("GET", server.url()), {}));
    int failures = 0;
    for (auto &task : tasks) {
        const auto reply = QCoro::waitFor(std::move(task));
        failures += !reply && reply.error().kind == ErrorKind::DestinationUnreachable ? 1 : 0;
    }
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QCOMPARE(failures, 20);
    const auto after = sendNow(net, HttpRequest("GET", server.url()));
    SO_REQUIRE(after);
}

QTEST_GUILESS_MAIN(NetFaultsTest)
#include "tst_net_faults.moc"
