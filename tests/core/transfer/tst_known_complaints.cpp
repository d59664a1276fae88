// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What users of other programs complain about, each as a test that names the issue. More of them
// stand with the tests of the part that is responsible: look for “Issue:”.
#include "core/transfer/uploader.h"

#include "core/transfer/retry_policy.h"
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/transfer_fixture.h"
#include "tests/support/discard_sink.h"

#include <QFile>
#include <QtTest>

#include <unistd.h>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 clipSize = 3'000'001;

qint64 residentMiB()
{
    QFile status(QStringLiteral("/proc/self/statm"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    return status.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE) >> 20;
}

} // namespace

class TestKnownComplaints : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLockOfADeadConnectionIsWaitedForForMinutes();
    void aServerErrorDoesNotWipeTheAddress();
    void noConnectionIsLeftIdleByAPause();
    void aSlowLimitLeavesNoConnectionIdle();
    void partsAreReadFromTheFile();
    void aFileThatIsThereTwiceIsNotSentAThirdTime();
};

// Issue: tusdotnet/tusdotnet#156, tomdesair/tus-java-server#69: the server's lock outlives a Wi-Fi
// that went away, and the client gives up. Issue: tus/tusd#234, tus/tus-js-client#300: a HEAD that
// gets 423 begins a new upload.
void TestKnownComplaints::aLockOfADeadConnectionIsWaitedForForMinutes()
{
    TransferFixture fixture;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Cut, 1'000'000));
    constexpr int locked = 7;
    server.script(answer("HEAD", 423, locked));
    const QByteArray bytes = noise(clipSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(fixture.delays.size(), qsizetype(locked));
    // Waits are random; as many of middling length take more than a minute.
    transfer::RetryBudget budget(transfer::UploadPolicy{}, [] { return 0.5; });
    auto waited = 0ms;
    for (int attempt = 0; attempt < locked; ++attempt)
        waited += budget
                      .nextDelay(Error(ErrorKind::DestinationBusy, {}, RetryAdvice::backoff()),
                                 std::chrono::system_clock::now())
                      .value_or(0ms);
    QVERIFY2(waited >= 1min, qPrintable(QString::number(waited.count())));
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(server.uploads()[0].bytes == bytes);
    QCOMPARE(server.uploads()[0].received.size(), 2); // it went on where it was
}

// Issue: tus/tus-js-client#68, #50, #97: an answer of 5xx wiped the address of the upload, and one
// that had expired was asked for ever (tst_uploader: beginsAnewOnlyOnceWithoutProgress).
void TestKnownComplaints::aServerErrorDoesNotWipeTheAddress()
{
    TransferFixture fixture;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Cut, 1'000'000));
    server.script(answer("HEAD", 500, 50));
    const QByteArray bytes = noise(clipSize);
    const FilePath file = fixture.write(QStringLiteral("clip.mp4"), bytes);
    const auto destination = fixture.tus(server.url());
    const auto failed = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY(!failed.has_value());
    QVERIFY(!fixture.states.contains(QJsonObject())); // never struck out
    // Later, when the server is well again.
    FakeServer::Upload before = server.uploads()[0];
    const int left = 50 - server.count("HEAD");
    for (int i = 0; i < left; ++i) { // what the script has left
        net::HttpRequest head("HEAD", server.url().resolved(QUrl::fromEncoded(before.path)));
        auto asking = fixture.network().send(std::move(head), {});
        (void)QCoro::waitFor(std::move(asking)); // only to use it up
    }
    auto request = fixture.request(fixture.sourceOf(file));
    request.resumeState = fixture.states.last();
    const auto result = fixture.upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(server.uploads()[0].bytes == bytes);
    QCOMPARE(result->resentBytes, 0);
}

// Issue: aws/aws-cli#401, nextcloud/server#20519: S3 ends a connection that is idle for 20 s with
// RequestTimeout. A part that is paused is ended at once and sent again later.
void TestKnownComplaints::noConnectionIsLeftIdleByAPause()
{
    TransferFixture fixture;
    FakeServer server;
    const auto destination = fixture.tus(server.url());
    auto request = fixture.request(
        fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), noise(clipSize))));
    fixture.network().setUploadLimit(1'000'000);
    std::stop_source pause;
    QTimer watch;
    connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->inFlight > 200'000)
            pause.request_stop();
    });
    watch.start(1);
    const auto paused = fixture.upload(*destination, std::move(request), pause.get_token());
    QVERIFY(!paused.has_value());
    QCOMPARE(paused.error().kind, ErrorKind::Cancelled);
    QCOMPARE(fixture.network().activeTransfers(), 0);
}

// The same of a limit that many share: each gets something each second.
void TestKnownComplaints::aSlowLimitLeavesNoConnectionIdle()
{
    DiscardSink sink;
    net::Net net;
    net.setUploadLimit(40'000);
    std::stop_source stop;
    std::vector<std::shared_ptr<net::TransferProgress>> progress;
    std::vector<QCoro::Task<Result<net::HttpReply>>> tasks;
    for (int i = 0; i < 4; ++i) {
        net::HttpRequest request = putOf(sink.url(), sparseBody(5'000'000));
        request.progress = progress.emplace_back(std::make_shared<net::TransferProgress>());
        tasks.push_back(net.send(std::move(request), stop.get_token()));
    }
    QTest::qWait(1'000);
    std::vector<qint64> before(4);
    for (int second = 0; second < 4; ++second) {
        for (int i = 0; i < 4; ++i)
            before[i] = progress[i]->handedOver;
        QTest::qWait(2'000);
        for (int i = 0; i < 4; ++i)
            QVERIFY(progress[i]->handedOver > before[i]);
    }
    stop.request_stop();
    for (auto &task : tasks)
        QVERIFY(!QCoro::waitFor(std::move(task)));
}

// Issue: rclone/rclone#4259, #2851, #439, #9162: memory for each part of each transfer. Eight parts
// of 64 MiB at once take what eight buffers take.
void TestKnownComplaints::partsAreReadFromTheFile()
{
    constexpr qint64 part = 64 << 20;
    DiscardSink sink;
    net::Net net;
    const auto file = sparseFile(8 * part);
    (void)sendNow(net, putOf(sink.url(), fileBody(file, 1 << 20))); // what is loaded once, is
    const qint64 before = residentMiB();
    qint64 most = 0;
    QTimer watch;
    watch.callOnTimeout([&most] { most = std::max(most, residentMiB()); });
    watch.start(5);
    std::vector<QCoro::Task<Result<net::HttpReply>>> tasks;
    for (int i = 0; i < 8; ++i) {
        net::HttpRequest request = putOf(sink.url(), fileBody(file, part, i * part));
        request.uploadBuffer = 512 << 10;
        tasks.push_back(net.send(std::move(request), {}));
    }
    for (auto &task : tasks)
        SO_REQUIRE(QCoro::waitFor(std::move(task)));
    QVERIFY(sink.bytesDiscarded() >= 8 * part);
    qInfo("%lld MiB more", most - before);
    QVERIFY2(most - before < 60, qPrintable(QString::number(most - before)));
}

// Issue: Chocobozzz/PeerTube#5953, #4147, #5965: 500 at 99.9 % though the video is there, and from
// 100 % back to 0 %. A last reply that is lost is looked up.
void TestKnownComplaints::aFileThatIsThereTwiceIsNotSentAThirdTime()
{
    TransferFixture fixture;
    FakeServer server;
    Fault lost;
    lost.method = "PATCH";
    lost.what = Fault::Do::LoseReply;
    server.script(lost);
    server.script(answer("HEAD", 500, 2));
    const QByteArray bytes = noise(clipSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count("PATCH"), 1);
    QCOMPARE(server.count("POST"), 1);
    QCOMPARE(result->resentBytes, 0);
}

QTEST_GUILESS_MAIN(TestKnownComplaints)
#include "tst_known_complaints.moc"
