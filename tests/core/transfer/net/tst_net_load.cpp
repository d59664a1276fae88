// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Net at work: disks, progress, the upload limit, turns, and very many at once.
#include "core/base/activity_hook.h"
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/discard_sink.h"
#include "tests/support/fault_server.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
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
    void sent(ActivityId, qint64) noexcept override {}

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

} // namespace

class NetLoadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sendsAFileThatIsNotInMemory();
    void reportsAcknowledgedBytes();
    void keepsToTheUploadLimit();
    void sharesTheLimitFairly();
    void keepsToTheLimitOfAGroup();
    void keepsToTheTotalAmongGroups();
    void liftsTheLimitAtOnce();
    void accountsForItsWorkAsTurns();
    void saysWhatItWaitsFor();
    void carriesAThousandUploads();
};

void NetLoadTest::sendsAFileThatIsNotInMemory()
{
    FaultServer server;
    server.keepBodies(16 << 20);
    Net net;
    QByteArray content(9'000'001, Qt::Uninitialized);
    QRandomGenerator(42).fillRange(reinterpret_cast<quint32 *>(content.data()), content.size() / 4);
    const auto file = sparseFile(content.size());
    QCOMPARE(::pwrite(file->get(), content.constData(), size_t(content.size()), 0), content.size());
    QCOMPARE(::fdatasync(file->get()), 0);
    TurnLedger ledger;
    int diskWaits = 0;
    // The kernel need not forget a file when it is asked to.
    for (int round = 0; round < 5 && diskWaits == 0; ++round) {
        QCOMPARE(::posix_fadvise(file->get(), 0, 0, POSIX_FADV_DONTNEED), 0);
        auto task = sendAs(1, net, putOf(server.url(), fileBody(file, content.size())));
        const auto reply = QCoro::waitFor(std::move(task));
        SO_REQUIRE(reply);
        QCOMPARE(reply->bodyBytesSent, content.size());
        QVERIFY(server.requests().constLast().body == content);
        diskWaits = ledger.waits[1][size_t(WaitReason::Disk)];
    }
    QVERIFY(diskWaits > 0);
}

void NetLoadTest::reportsAcknowledgedBytes()
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

void NetLoadTest::keepsToTheUploadLimit()
{
    constexpr qint64 rate = 4'000'000;
    constexpr qint64 size = 8'000'000;
    DiscardSink sink;
    Net net;
    net.setUploadLimit(rate);
    double best = 0;
    for (int round = 0; round < 3 && best <= 0.9; ++round) { // other programs take time, too
        QElapsedTimer timer;
        timer.start();
        const auto reply = sendNow(net, putOf(sink.url(), sparseBody(size)));
        SO_REQUIRE(reply);
        const double seconds = double(timer.nsecsElapsed()) * 1e-9;
        const double ratio = double(size) / seconds / double(rate);
        qInfo("%.4f of the limit", ratio);
        QVERIFY2(ratio < 1.03, qPrintable(QString::number(ratio)));
        best = std::max(best, ratio);
    }
    QVERIFY2(best > 0.9, qPrintable(QString::number(best)));
}

void NetLoadTest::sharesTheLimitFairly()
{
    constexpr qint64 rate = 6'000'000;
    FaultServer server; // one thread for all: where it is late, it is late for each
    Net net;
    net.setUploadLimit(rate);
    std::stop_source stop;
    std::vector<std::shared_ptr<TransferProgress>> progress;
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (int i = 0; i < 6; ++i) {
        HttpRequest request = putOf(server.url(), sparseBody(50 << 20));
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

void NetLoadTest::keepsToTheLimitOfAGroup()
{
    constexpr qint64 rate = 3'000'000;
    constexpr qint64 size = 9'000'000;
    FaultServer server;
    Net net;
    net.setUploadLimit("slow", rate);
    QElapsedTimer timer;
    timer.start();
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (int i = 0; i < 3; ++i) { // they share it
        HttpRequest request = putOf(server.url(), sparseBody(size / 3));
        request.limitGroup = "slow";
        tasks.push_back(net.send(std::move(request), {}));
    }
    HttpRequest other = putOf(server.url(), sparseBody(50'000'000));
    other.limitGroup = "another";
    SO_REQUIRE(sendNow(net, std::move(other))); // not held up by it
    const double otherSeconds = double(timer.nsecsElapsed()) * 1e-9;
    for (auto &task : tasks)
        SO_REQUIRE(QCoro::waitFor(std::move(task)));
    const double seconds = double(timer.nsecsElapsed()) * 1e-9;
    const double ratio = double(size) / seconds / double(rate);
    qInfo("%.4f of the limit; the other was done after %.2f s", ratio, otherSeconds);
    QVERIFY2(ratio < 1.03, qPrintable(QString::number(ratio)));
}

void NetLoadTest::keepsToTheTotalAmongGroups()
{
    constexpr qint64 total = 4'000'000;
    FaultServer server;
    Net net;
    net.setUploadLimit(total);
    net.setUploadLimit("one", 3 * total); // wants more than there is
    net.setUploadLimit("two", total / 8);
    std::stop_source stop;
    std::vector<std::shared_ptr<TransferProgress>> progress;
    std::vector<QCoro::Task<Result<HttpReply>>> tasks;
    for (const char *group : {"one", "two"}) {
        HttpRequest request = putOf(server.url(), sparseBody(100 << 20));
        request.limitGroup = group;
        request.progress = progress.emplace_back(std::make_shared<TransferProgress>());
        tasks.push_back(net.send(std::move(request), stop.get_token()));
    }
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(progress[0]->handedOver + progress[1]->handedOver >= 4 * total,
                             60'000);
    const double seconds = double(timer.nsecsElapsed()) * 1e-9;
    const double both = double(progress[0]->handedOver + progress[1]->handedOver) / seconds;
    const double second = double(progress[1]->handedOver) / seconds;
    qInfo("%.4f of the total, %.4f of the group's", both / double(total),
          second / (double(total) / 8));
    QVERIFY2(both < 1.03 * double(total), qPrintable(QString::number(both)));
    QVERIFY2(second < 1.03 * double(total) / 8, qPrintable(QString::number(second)));
    stop.request_stop();
    for (auto &task : tasks)
        QVERIFY(!QCoro::waitFor(std::move(task)));
}

void NetLoadTest::liftsTheLimitAtOnce()
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

void NetLoadTest::accountsForItsWorkAsTurns()
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

void NetLoadTest::saysWhatItWaitsFor()
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

void NetLoadTest::carriesAThousandUploads()
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

QTEST_GUILESS_MAIN(NetLoadTest)
#include "tst_net_load.moc"
