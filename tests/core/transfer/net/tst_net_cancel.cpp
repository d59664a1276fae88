// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Stopping: in every phase, at once, exactly once, never inside the call that stops.
#include "core/base/task_scope.h"
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/fault_server.h"

#include <QTest>

#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

using namespace std::chrono_literals;
using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

namespace {

constexpr qint64 largeBody = 50 << 20;

// A port that takes no further connection: its backlog is full and nobody accepts.
class FullPort {
public:
    FullPort()
        : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *raw = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_listener.get(), raw, size) != 0 || ::listen(m_listener.get(), 0) != 0
            || ::getsockname(m_listener.get(), raw, &size) != 0)
            qFatal("cannot listen");
        m_port = ntohs(address.sin_port);
        for (int i = 0; i < 3; ++i) {
            m_waiting.emplace_back(
                ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            ::connect(m_waiting.back().get(), raw, size);
        }
    }
    QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(m_port)); }

private:
    FileDescriptor m_listener;
    quint16 m_port = 0;
    std::vector<FileDescriptor> m_waiting;
};

// Counts the resumptions of the coroutines that await a send.
struct Outcomes {
    int resumed = 0;
    int cancelled = 0;
    int failed = 0;
    int replies = 0;
    bool isInsideACall = false;
    int resumedInsideACall = 0;
};

QCoro::Task<void> sendAndCount(Net *net, HttpRequest request, std::stop_token stop,
                               Outcomes *outcomes)
{
    auto task = net->send(std::move(request), stop);
    const auto reply = co_await std::move(task);
    ++outcomes->resumed;
    outcomes->resumedInsideACall += outcomes->isInsideACall ? 1 : 0;
    if (reply)
        ++outcomes->replies;
    else if (reply.error().kind == ErrorKind::Cancelled)
        ++outcomes->cancelled;
    else
        ++outcomes->failed;
}

HttpRequest uploadTo(const QUrl &url)
{
    HttpRequest request("PUT", url);
    request.body = sparseBody(largeBody);
    request.totalTimeout = 0ms;
    return request;
}

Script stalling()
{
    Script script;
    script.readHead().stall();
    return script;
}

} // namespace

class NetCancelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cancelsInEveryPhase_data();
    void cancelsInEveryPhase();
    void doesNotStartWhatIsAlreadyStopped();
    void stopsFromAnotherThread();
    void keepsAReplyThatCameBeforeTheStop();
    void waitsForTheReplyToWhatMakesSomething();
    void doesNotWaitLongForIt();
    void endsConnectingAtTheTimeout();
    void resumesEveryCoroutineWhenNetDies();
    void cancelsManyAtOnce();
    void staysUsableAfterCancelling();
};

// What has to be set up until the request is in the phase, and how that is seen.
struct Phase {
    std::function<HttpRequest(FaultServer &, Net &)> prepare;
    std::function<bool(FaultServer &, const TransferProgress &)> isReached;
    int rounds = 1; // until one is cancelled: what ends by itself may be faster
};
Q_DECLARE_METATYPE(Phase)

void NetCancelTest::cancelsInEveryPhase_data()
{
    QTest::addColumn<Phase>("phase");
    const auto atOnce = [](FaultServer &, const TransferProgress &) { return true; };
    const auto requested = [](FaultServer &server, const TransferProgress &) {
        return server.requests().size() == 1;
    };
    const auto stalled = [](FaultServer &server, Net &) {
        server.setDefault(stalling());
        return uploadTo(server.url());
    };
    QTest::newRow("not yet started") << Phase{stalled, atOnce};
    QTest::newRow("looking up the name")
        << Phase{[](FaultServer &, Net &) {
                     HttpRequest request = uploadTo(QUrl(QStringLiteral("http://slow.invalid/")));
                     request.proxy = "none";
                     return request;
                 },
                 atOnce, 20};
    QTest::newRow("sending") << Phase{stalled, requested};
    QTest::newRow("held by the limit")
        << Phase{[](FaultServer &server, Net &net) {
                     net.setUploadLimit(1000);
                     return uploadTo(server.url());
                 },
                 [](FaultServer &, const TransferProgress &progress) {
                     return progress.isHeldByLimit.load();
                 }};
    QTest::newRow("waiting for the reply")
        << Phase{[](FaultServer &server, Net &) {
                     Script script;
                     server.setDefault(script.readHead().readBody().stall());
                     return HttpRequest("GET", server.url());
                 },
                 requested};
    QTest::newRow("reading the reply")
        << Phase{[](FaultServer &server, Net &) {
                     Script script;
                     script.readHead().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12345");
                     server.setDefault(script.stall());
                     return HttpRequest("GET", server.url());
                 },
                 requested};
    QTest::newRow("asking before the body")
        << Phase{[](FaultServer &server, Net &) {
                     server.setDefault(stalling());
                     HttpRequest request = uploadTo(server.url());
                     request.expectContinue = true;
                     return request;
                 },
                 requested};
    QTest::newRow("within the TLS handshake")
        << Phase{[](FaultServer &server, Net &) {
                     Script script;
                     server.setDefault(script.stall());
                     QUrl url = server.url();
                     url.setScheme(QStringLiteral("https"));
                     return uploadTo(url);
                 },
                 [](FaultServer &server, const TransferProgress &) {
                     return server.connectionCount() == 1;
                 }};
}

static void cancelIn(const Phase &phase, Outcomes &outcomes)
{
    FaultServer server;
    Net net;
    std::stop_source stop;
    HttpRequest request = phase.prepare(server, net);
    const auto progress = std::make_shared<TransferProgress>();
    request.progress = progress;
    outcomes.isInsideACall = true;
    auto task = sendAndCount(&net, std::move(request), stop.get_token(), &outcomes);
    outcomes.isInsideACall = false;
    QTRY_VERIFY(phase.isReached(server, *progress));
    QCoreApplication::processEvents();
    if (phase.rounds > 1 && outcomes.resumed > 0)
        return;
    QCOMPARE(outcomes.resumed, 0);

    QElapsedTimer timer;
    timer.start();
    outcomes.isInsideACall = true;
    stop.request_stop();
    outcomes.isInsideACall = false;
    QCOMPARE(outcomes.resumed, 0);
    QCoro::waitFor(std::move(task));
    const qint64 took = timer.nsecsElapsed() / 1000;
    qInfo("cancelled within %lld us", took);
    QVERIFY2(took < 100'000, qPrintable(QString::number(took)));
    QCOMPARE(outcomes.resumed, 1);
    QCOMPARE(outcomes.resumedInsideACall, 0);
    QCOMPARE(net.activeTransfers(), 0);
}

void NetCancelTest::cancelsInEveryPhase()
{
    QFETCH(const Phase, phase);
    Outcomes outcomes;
    for (int round = 0; round < phase.rounds && outcomes.cancelled == 0; ++round) {
        outcomes = {};
        cancelIn(phase, outcomes);
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(outcomes.cancelled, 1);
}

void NetCancelTest::doesNotStartWhatIsAlreadyStopped()
{
    FaultServer server;
    Net net;
    std::stop_source stop;
    stop.request_stop();
    const auto reply = sendNow(net, uploadTo(server.url()), stop.get_token());
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::Cancelled);
    QCOMPARE(server.connectionCount(), 0);
}

void NetCancelTest::stopsFromAnotherThread()
{
    FaultServer server;
    server.setDefault(stalling());
    Net net;
    for (int round = 0; round < 20; ++round) {
        std::stop_source stop;
        auto task = net.send(uploadTo(server.url()), stop.get_token());
        QTRY_COMPARE(server.requests().size(), round + 1);
        std::jthread stopper([&stop] { stop.request_stop(); });
        const auto reply = QCoro::waitFor(std::move(task));
        QVERIFY(!reply);
        QCOMPARE(reply.error().kind, ErrorKind::Cancelled);
    }
    QCOMPARE(net.activeTransfers(), 0);
}

void NetCancelTest::keepsAReplyThatCameBeforeTheStop()
{
    FaultServer server;
    Net net;
    std::stop_source stop;
    Outcomes outcomes;
    HttpRequest request("GET", server.url());
    auto task = sendAndCount(&net, std::move(request), stop.get_token(), &outcomes);
    // The transfer is over when Net says so, though the coroutine has not run yet.
    QTRY_VERIFY(net.activeTransfers() == 0);
    stop.request_stop();
    QCoro::waitFor(std::move(task));
    QCOMPARE(outcomes.resumed, 1);
    QCOMPARE(outcomes.replies, 1);
}

// Without its address nobody could remove what the server made.
void NetCancelTest::waitsForTheReplyToWhatMakesSomething()
{
    FaultServer server;
    Script late;
    late.readHead().wait(300ms).send("HTTP/1.1 201 Created\r\nLocation: /made\r\n"
                                     "Content-Length: 0\r\n\r\n");
    server.setDefault(late);
    Net net;
    std::stop_source stop;
    HttpRequest request("POST", server.url());
    request.body = RequestBody(QByteArray());
    request.isIdempotent = false;
    auto task = net.send(std::move(request), stop.get_token());
    QTRY_COMPARE(server.requests().size(), 1);
    stop.request_stop();
    const auto reply = QCoro::waitFor(std::move(task));
    QVERIFY(reply.has_value());
    QCOMPARE(reply->header("Location"), QByteArray("/made"));
    QCOMPARE(net.activeTransfers(), 0);
}

void NetCancelTest::doesNotWaitLongForIt()
{
    FaultServer server;
    server.setDefault(stalling());
    Net net;
    std::stop_source stop;
    HttpRequest request = uploadTo(server.url());
    request.isIdempotent = false;
    request.stallTimeout = 60s;
    auto task = net.send(std::move(request), stop.get_token());
    QTRY_COMPARE(server.requests().size(), 1);
    QElapsedTimer timer;
    timer.start();
    stop.request_stop();
    const auto reply = QCoro::waitFor(std::move(task));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::Cancelled);
    const qint64 waited = timer.elapsed();
    QVERIFY2(waited >= 1'800, qPrintable(QString::number(waited))); // 2 s of a coarse timer
    QVERIFY2(waited < 10'000, qPrintable(QString::number(waited)));
    QCOMPARE(net.activeTransfers(), 0);
}

void NetCancelTest::endsConnectingAtTheTimeout()
{
    FullPort port;
    Net net;
    HttpRequest request = uploadTo(port.url());
    request.connectTimeout = 400ms;
    const auto reply = sendNow(net, std::move(request));
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::DestinationUnreachable);
    QVERIFY(reply.error()[argument::reason].contains(u"does not answer"));

    Outcomes outcomes;
    std::stop_source stop;
    auto task = sendAndCount(&net, uploadTo(port.url()), stop.get_token(), &outcomes);
    const LoopGap loop;
    QTRY_VERIFY(loop.ticks() > 10); // connecting by now
    stop.request_stop();
    QCoro::waitFor(std::move(task));
    QCOMPARE(outcomes.cancelled, 1);
}

void NetCancelTest::resumesEveryCoroutineWhenNetDies()
{
    FaultServer server;
    server.setDefault(stalling());
    Outcomes outcomes;
    TaskScope scope;
    {
        Net net(NetOptions{4, 32, nullptr});
        for (int i = 0; i < 30; ++i) {
            scope.spawn([&net, &server, &outcomes](std::stop_token stop) {
                return sendAndCount(&net, uploadTo(server.url()), std::move(stop), &outcomes);
            });
        }
        HttpRequest lookup("GET", QUrl(QStringLiteral("http://slow.invalid/")));
        lookup.proxy = "none";
        scope.spawn([&net, &lookup, &outcomes](std::stop_token stop) {
            return sendAndCount(&net, lookup, std::move(stop), &outcomes);
        });
        QTRY_COMPARE(server.requests().size(), 4);
        outcomes.isInsideACall = true;
    }
    outcomes.isInsideACall = false;
    auto joined = scope.join();
    QCoro::waitFor(std::move(joined));
    QCOMPARE(outcomes.resumed, 31);
    QVERIFY(outcomes.cancelled >= 30); // the look-up may have failed by itself before
    QCOMPARE(outcomes.resumedInsideACall, 0);
}

void NetCancelTest::cancelsManyAtOnce()
{
    FaultServer server;
    Net net(NetOptions{100, 200, nullptr});
    Outcomes outcomes;
    TaskScope scope;
    const auto file = sparseFile(largeBody);
    for (int i = 0; i < 200; ++i) {
        scope.spawn([&](std::stop_token stop) {
            HttpRequest request("PUT", server.url());
            request.body = fileBody(file, largeBody);
            return sendAndCount(&net, std::move(request), std::move(stop), &outcomes);
        });
    }
    QTRY_VERIFY(server.requests().size() >= 50);
    scope.cancel();
    QCOMPARE(outcomes.resumedInsideACall, 0);
    auto joined = scope.join();
    QCoro::waitFor(std::move(joined));
    QCOMPARE(outcomes.resumed, 200);
    QVERIFY(outcomes.cancelled > 0);
    QCOMPARE(outcomes.failed, 0);
    QCOMPARE(net.activeTransfers(), 0);
}

void NetCancelTest::staysUsableAfterCancelling()
{
    FaultServer server;
    server.enqueue(stalling());
    Net net(NetOptions{1, 32, nullptr});
    std::stop_source stop;
    auto first = net.send(uploadTo(server.url()), stop.get_token());
    auto second = net.send(uploadTo(server.url()), {}); // waits for the first one's connection
    QTRY_COMPARE(server.requests().size(), 1);
    stop.request_stop();
    QVERIFY(!QCoro::waitFor(std::move(first)));
    const auto reply = QCoro::waitFor(std::move(second));
    SO_REQUIRE(reply);
    QCOMPARE(reply->bodyBytesSent, largeBody);
}

QTEST_GUILESS_MAIN(NetCancelTest)
#include "tst_net_cancel.moc"
