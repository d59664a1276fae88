// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Net promises while all goes well: requests as asked for, connections, progress, limits,
// turns. Cancelling stands in tst_net_cancel, faults in tst_net_faults.
#include "core/base/activity_hook.h"
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/discard_sink.h"
#include "tests/support/fault_server.h"

#include <QRandomGenerator>
#include <QTest>

#include <array>
#include <ctime>

using namespace std::chrono_literals;
using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

namespace {

qint64 threadCpuNs()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

// Adds up the processor time of each activity's turns. (The time of day would also count what
// other programs took from this thread.)
class TurnLedger : public ActivityObserver {
public:
    TurnLedger() { setThreadObserver(this); }
    ~TurnLedger() override { setThreadObserver(nullptr); }
    void turnBegan(ActivityId id, qint64, qint64) noexcept override
    {
        running = id;
        m_began = threadCpuNs();
    }
    void turnEnded(ActivityId id, qint64, WaitReason next) noexcept override
    {
        running = 0;
        cpuNs[id & 7] += threadCpuNs() - m_began;
        ++waits[id & 7][size_t(next)];
    }
    void workBegan(ActivityId, qint64) noexcept override {}
    void workEnded(ActivityId, qint64) noexcept override {}

    ActivityId running = 0;
    std::array<qint64, 8> cpuNs{};
    std::array<std::array<int, 8>, 8> waits{};

private:
    qint64 m_began = 0;
};

QCoro::Task<Result<HttpReply>> sendAs(ActivityId activity, Net &net, HttpRequest request,
                                      std::stop_token stop = {})
{
    const Turn turn(activity);
    return net.send(std::move(request), std::move(stop));
}

HttpRequest putOf(const QUrl &url, const RequestBody &body)
{
    HttpRequest request("PUT", url);
    request.body = body;
    request.totalTimeout = 0ms;
    return request;
}

} // namespace

class NetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void sendsTheRequestAsAskedFor();
    void sendsMethodsWithTheRightLength_data();
    void sendsMethodsWithTheRightLength();
    void sendsAStretchOfAFile();
    void sendsAFileThatIsNotInMemory();
    void refusesWhatCannotBeSent_data();
    void refusesWhatCannotBeSent();
    void keepsTheConnection();
    void opensNoMoreConnectionsThanAllowed();
    void asksPastLongUploads();
    void neverUsesAProxyForThisComputer();
    void usesTheProxyOfTheEnvironment();
    void resolvesAsTold();
    void reportsAcknowledgedBytes();
    void keepsToTheUploadLimit();
    void sharesTheLimitFairly();
    void liftsTheLimitAtOnce();
    void accountsForItsWorkAsTurns();
    void saysWhatItWaitsFor();
    void carriesAThousandUploads();
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

void NetTest::sendsAFileThatIsNotInMemory()
{
    FaultServer server;
    server.keepBodies(16 << 20);
    Net net;
    QByteArray content(9'000'001, Qt::Uninitialized);
    QRandomGenerator(42).fillRange(reinterpret_cast<quint32 *>(content.data()), content.size() / 4);
    const auto file = sparseFile(content.size());
    QCOMPARE(::pwrite(file->get(), content.constData(), size_t(content.size()), 0), content.size());
    QCOMPARE(::fdatasync(file->get()), 0);
    QCOMPARE(::posix_fadvise(file->get(), 0, 0, POSIX_FADV_DONTNEED), 0);
    TurnLedger ledger;
    auto task = sendAs(1, net, putOf(server.url(), fileBody(file, content.size())));
    const auto reply = QCoro::waitFor(std::move(task));
    SO_REQUIRE(reply);
    QCOMPARE(reply->bodyBytesSent, content.size());
    QVERIFY(server.requests().constFirst().body == content);
    qInfo("waited for the disk %d times", ledger.waits[1][size_t(WaitReason::Disk)]);
    QVERIFY(ledger.waits[1][size_t(WaitReason::Disk)] > 0);
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
    QCOMPARE(server.connectionCount(), 2);
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

void NetTest::reportsAcknowledgedBytes()
{
    constexpr qint64 size = 100 << 20;
    FaultServer server;
    Script script;
    script.readHead().readBodyBytes(2'000'000).hold().readBody().reply(200, "ok");
    server.setDefault(script);
    Net net;
    const auto progress = std::make_shared<TransferProgress>();
    HttpRequest request = putOf(server.url(), sparseBody(size));
    request.progress = progress;
    auto task = net.send(std::move(request), {});
    // The server takes no more: what is acknowledged is what lies in its kernel's buffers, and
    // what is handed over runs ahead of it by no more than what ours may hold.
    qint64 before = -1;
    const auto standsStill = [&] {
        const qint64 now = progress->acknowledged;
        return std::exchange(before, now) == now && now >= 2'000'000;
    };
    QTRY_VERIFY_WITH_TIMEOUT((QTest::qWait(250), standsStill()), 20'000);
    QVERIFY(progress->acknowledged < size);
    QVERIFY(progress->handedOver >= progress->acknowledged);
    QVERIFY2(progress->handedOver - progress->acknowledged < 4 << 20,
             qPrintable(QString::number(progress->handedOver - progress->acknowledged)));
    server.release();
    const auto reply = QCoro::waitFor(std::move(task));
    SO_REQUIRE(reply);
    QCOMPARE(progress->handedOver.load(), size);
    QCOMPARE(progress->acknowledged.load(), size);
}

void NetTest::keepsToTheUploadLimit()
{
    constexpr qint64 rate = 4'000'000;
    constexpr qint64 size = 8'000'000;
    DiscardSink sink;
    Net net;
    net.setUploadLimit(rate);
    QElapsedTimer timer;
    timer.start();
    const auto reply = sendNow(net, putOf(sink.url(), sparseBody(size)));
    SO_REQUIRE(reply);
    const double seconds = double(timer.nsecsElapsed()) * 1e-9;
    const double ratio = double(size) / seconds / double(rate);
    qInfo("%.4f of the limit", ratio);
    QVERIFY2(ratio > 0.9 && ratio < 1.03, qPrintable(QString::number(ratio)));
}

void NetTest::sharesTheLimitFairly()
{
    constexpr qint64 rate = 6'000'000;
    DiscardSink sink;
    Net net;
    net.setUploadLimit(rate);
    std::stop_source stop;
    std::vector<std::shared_ptr<TransferProgress>> progress;
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (int i = 0; i < 6; ++i) {
        HttpRequest request = putOf(sink.url(), sparseBody(50 << 20));
        request.progress = progress.emplace_back(std::make_shared<TransferProgress>());
        tasks.push_back(net.send(std::move(request), stop.get_token()));
    }
    const auto total = [&progress] {
        qint64 sum = 0;
        for (const auto &one : progress)
            sum += one->handedOver;
        return sum;
    };
    QTRY_VERIFY_WITH_TIMEOUT(total() >= 36'000'000, 30'000);
    const double mean = double(total()) / 6;
    for (const auto &one : progress) {
        const double ratio = double(one->handedOver) / mean;
        QVERIFY2(ratio > 0.97 && ratio < 1.03, qPrintable(QString::number(ratio)));
    }
    stop.request_stop();
    for (auto &task : tasks)
        QVERIFY(!QCoro::waitFor(std::move(task)));
}

void NetTest::liftsTheLimitAtOnce()
{
    DiscardSink sink;
    Net net;
    net.setUploadLimit(10'000); // 50 MB would take more than an hour
    const auto progress = std::make_shared<TransferProgress>();
    HttpRequest request = putOf(sink.url(), sparseBody(50 << 20));
    request.progress = progress;
    auto task = net.send(std::move(request), {});
    QTRY_VERIFY(progress->isHeldByLimit);
    net.setUploadLimit(0);
    const auto reply = QCoro::waitFor(std::move(task));
    SO_REQUIRE(reply);
    QVERIFY(!progress->isHeldByLimit);
    QCOMPARE(reply->bodyBytesSent, 50 << 20);
}

void NetTest::accountsForItsWorkAsTurns()
{
    DiscardSink sink;
    Net net;
    const auto file = sparseFile(512 << 20);
    QVERIFY(sendNow(net, putOf(sink.url(), fileBody(file, 512 << 20)))); // now it is in memory
    const TurnLedger ledger;
    const qint64 cpuBefore = threadCpuNs();
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (const ActivityId activity : {1U, 2U})
        tasks.push_back(sendAs(activity, net, putOf(sink.url(), fileBody(file, 512 << 20))));
    for (auto &task : tasks)
        QVERIFY(QCoro::waitFor(std::move(task)));
    const double cpu = double(threadCpuNs() - cpuBefore);
    const double first = double(ledger.cpuNs[1]) / cpu;
    const double second = double(ledger.cpuNs[2]) / cpu;
    qInfo("of %.3f s of processor time the turns account for %.1f %% and %.1f %%", cpu * 1e-9,
          first * 100, second * 100);
    QVERIFY(first + second >= 0.8);
    QVERIFY(first > 0.2 && second > 0.2);
    QCOMPARE(ledger.running, 0U);
}

void NetTest::saysWhatItWaitsFor()
{
    DiscardSink sink;
    Net net;
    net.setUploadLimit(2'000'000);
    TurnLedger ledger;
    auto task = sendAs(3, net, putOf(sink.url(), sparseBody(1'000'000)));
    QVERIFY(QCoro::waitFor(std::move(task)));
    QVERIFY(ledger.waits[3][size_t(WaitReason::SpeedLimit)] > 5);
    const int held = ledger.waits[3][size_t(WaitReason::SpeedLimit)];

    net.setUploadLimit(0);
    auto unlimited = sendAs(3, net, putOf(sink.url(), sparseBody(1'000'000)));
    QVERIFY(QCoro::waitFor(std::move(unlimited)));
    QCOMPARE(ledger.waits[3][size_t(WaitReason::SpeedLimit)], held);
    QVERIFY(ledger.waits[3][size_t(WaitReason::Network)] > 0);
}

void NetTest::carriesAThousandUploads()
{
    constexpr int uploads = 1000;
    constexpr qint64 size = 1 << 20;
    DiscardSink sink;
    Net net;
    const auto file = sparseFile(size);
    QElapsedTimer timer;
    timer.start();
    LoopGap gap;
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (int i = 0; i < uploads; ++i)
        tasks.push_back(net.send(putOf(sink.url(), fileBody(file, size)), {}));
    QCOMPARE(net.activeTransfers(), uploads);
    int done = 0;
    for (auto &task : tasks) {
        const auto reply = QCoro::waitFor(std::move(task));
        done += reply && reply->status == 200 && reply->bodyBytesSent == size ? 1 : 0;
    }
    qInfo("%d uploads in %lld ms; the loop was held up for %lld ms at most", uploads,
          timer.elapsed(), gap.longestMs());
    QCOMPARE(done, uploads);
    QCOMPARE(sink.bytesDiscarded(), uploads * size);
    QCOMPARE(net.activeTransfers(), 0);
}

QTEST_GUILESS_MAIN(NetTest)
#include "tst_net.moc"
