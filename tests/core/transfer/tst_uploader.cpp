// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The one loop against a server that misbehaves. Every case runs to its end.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/scripted_faults.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 fileSize = 3'000'001;
constexpr qint64 largeSize = 30'000'001; // more than the kernel takes at once

} // namespace

Q_DECLARE_METATYPE(sendoff::test::Fault)

class TestUploader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sendsWholeFiles_data();
    void sendsWholeFiles();
    void goesOnAfter_data();
    void goesOnAfter();
    void neverResendsConfirmedBytes();
    void renewsItsPatienceWithProgress();
    void givesUpWithoutProgress();
    void noticesAStall();
    void stopsAtOnceAndKeepsTheRemotePart();
};

void TestUploader::sendsWholeFiles_data()
{
    QTest::addColumn<qint64>("size");
    QTest::newRow("empty") << 0LL;
    QTest::newRow("one byte") << 1LL;
    QTest::newRow("one buffer") << (512LL << 10);
    QTest::newRow("some megabytes") << fileSize;
}

void TestUploader::sendsWholeFiles()
{
    QFETCH(const qint64, size);
    TransferFixture fixture;
    FakeServer server;
    const QByteArray bytes = noise(size);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(server.uploads().first().bytes == bytes);
    QCOMPARE(result->bytes, size);
    QCOMPARE(result->sha256, sha256Of(bytes));
    QCOMPARE(result->resentBytes, 0);
    QCOMPARE(result->attempts, size == 0 ? 1 : 2);
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("offset"));
    QCOMPARE(result->delivery.link.path().toUtf8(), server.uploads().first().path);
}

void TestUploader::goesOnAfter_data()
{
    QTest::addColumn<QList<Fault>>("faults");
    QTest::addColumn<qint64>("mostResent");
    using Do = Fault::Do;
    Fault busy = answer("PATCH", 503);
    busy.headers.insert("Retry-After", "7");
    Fault garbageWait = refusal(429);
    garbageWait.headers.insert("Retry-After", "soon");
    Fault late = fault("PATCH", Do::Cut, 900'000);
    late.after = 1;
    QTest::newRow("cut after half a megabyte")
        << QList{fault("PATCH", Do::Cut, 500'000)} << fileSize;
    QTest::newRow("cut twice") << QList{fault("PATCH", Do::Cut, 100'000), late} << fileSize;
    QTest::newRow("cut before the first byte") << QList{fault("PATCH", Do::Cut, 0)} << fileSize;
    QTest::newRow("final reply lost") << QList{fault("PATCH", Do::LoseReply)} << 0LL;
    QTest::newRow("creation's reply lost") << QList{fault("POST", Do::LoseReply)} << 0LL;
    QTest::newRow("500 after the body") << QList{answer("PATCH", 500)} << fileSize;
    QTest::newRow("502 early") << QList{refusal(502)} << fileSize;
    QTest::newRow("503 with Retry-After") << QList{busy} << fileSize;
    QTest::newRow("429 with garbage in Retry-After") << QList{garbageWait} << fileSize;
    // Issue: opencloud-eu/desktop#898, tus/TUSKit#162, tus/tus-js-client#507: 409 wedges at 99 %.
    QTest::newRow("409 though we are right") << QList{answer("PATCH", 409)} << fileSize;
    QTest::newRow("460 checksum") << QList{answer("PATCH", 460)} << fileSize;
    QTest::newRow("423 on PATCH") << QList{refusal(423)} << fileSize;
    // Issue: tus/tusd#234, tus/tus-js-client#300.
    QTest::newRow("423 on HEAD, three times")
        << QList{fault("PATCH", Do::Cut, 500'000), answer("HEAD", 423, 3)} << fileSize;
    QTest::newRow("500 on HEAD") << QList{fault("PATCH", Do::Cut, 1), answer("HEAD", 500)}
                                 << fileSize;
    QTest::newRow("500 on creation") << QList{answer("POST", 500, 2)} << 0LL;
    QTest::newRow("503 on OPTIONS") << QList{answer("OPTIONS", 503)} << 0LL;
    QTest::newRow("server keeps half a part")
        << QList{fault("PATCH", Do::KeepOnly, 1'500'000)} << fileSize;
    // Issue: nextcloud/desktop#10523, #9910: “0 bytes written” reported as a success.
    QTest::newRow("server keeps nothing, but says 204")
        << QList{fault("PATCH", Do::KeepOnly, 0)} << fileSize;
    QTest::newRow("reply without an offset") << QList{fault("PATCH", Do::SayNothing)} << 0LL;
    QTest::newRow("a sign-in page instead of HEAD")
        << QList{fault("PATCH", Do::Cut, 9), fault("HEAD", Do::SayNothing)} << fileSize;
}

void TestUploader::goesOnAfter()
{
    QFETCH(const QList<Fault>, faults);
    QFETCH(const qint64, mostResent);
    TransferFixture fixture;
    FakeServer server;
    for (const Fault &wrong : faults)
        server.script(wrong);
    const QByteArray bytes = noise(fileSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().last().bytes == bytes);
    QCOMPARE(result->sha256, sha256Of(bytes));
    QVERIFY2(result->resentBytes <= mostResent, qPrintable(QString::number(result->resentBytes)));
    for (const Error &wait : fixture.waits)
        QVERIFY(!describe(wait).sentence().contains(u'%'));
}

// Issue: transloadit/uppy#288: unplugged and plugged in again, it begins at 0.
void TestUploader::neverResendsConfirmedBytes()
{
    TransferFixture fixture;
    FakeServer server;
    for (int i = 0; i < 6; ++i) {
        Fault cut = fault("PATCH", Fault::Do::Cut, 300'000 + i * 1000);
        cut.after = i;
        server.script(cut);
    }
    const QByteArray bytes = noise(fileSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    // What was stored, part by part, is the file once, without gap or overlap.
    qint64 end = 0;
    const FakeServer::Upload stored = server.uploads().first();
    for (const ByteRange &part : stored.received) {
        QCOMPARE(part.begin, end);
        end = part.end;
    }
    QCOMPARE(end, fileSize);
    QCOMPARE(server.count("PATCH"), 7);
    QCOMPARE(server.uploads().size(), 1);
}

void TestUploader::renewsItsPatienceWithProgress()
{
    TransferFixture fixture;
    FakeServer server;
    Fault cut = fault("PATCH", Fault::Do::Cut, 50'000);
    cut.times = 40; // five times the patience
    server.script(cut);
    const QByteArray bytes = noise(fileSize);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
}

void TestUploader::givesUpWithoutProgress()
{
    TransferFixture fixture;
    FakeServer server;
    Fault cut = fault("PATCH", Fault::Do::Cut, 0);
    cut.times = 1000;
    server.script(cut);
    const auto destination = fixture.tus(server.url());
    const auto result = fixture.upload(*destination,
                                       fixture.request(fixture.sourceOf(fixture.write(
                                           QStringLiteral("clip.mp4"), noise(100'000)))));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::DestinationUnreachable);
    QCOMPARE(fixture.delays.size(), 8);
    QCOMPARE(fixture.waits.size(), 8);
    QCOMPARE(server.count("PATCH"), 9);
    QVERIFY(!server.uploads().first().isRemoved); // a later run goes on
}

// Issue: tus/tus-js-client#773: no timeout, it hangs for ever.
void TestUploader::noticesAStall()
{
    TransferFixture fixture;
    fixture.context().stallTimeout = 1s;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Stall, 200'000));
    const QByteArray bytes = noise(largeSize);
    const auto destination = fixture.tus(server.url());
    QElapsedTimer watch;
    watch.start();
    const auto result = fixture.upload(
        *destination,
        fixture.request(fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), bytes))));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QVERIFY(server.uploads().first().bytes == bytes);
    QVERIFY2(watch.elapsed() < 10'000, qPrintable(QString::number(watch.elapsed())));
}

void TestUploader::stopsAtOnceAndKeepsTheRemotePart()
{
    TransferFixture fixture;
    FakeServer server;
    server.script(fault("PATCH", Fault::Do::Stall, 200'000));
    const auto destination = fixture.tus(server.url());
    auto request = fixture.request(
        fixture.sourceOf(fixture.write(QStringLiteral("clip.mp4"), noise(largeSize))));
    std::stop_source stop;
    QElapsedTimer sinceStop;
    QTimer stopper;
    connect(&stopper, &QTimer::timeout, [&, progress = request.progress] {
        if (progress->inFlight < 200'000 || stop.stop_requested())
            return;
        sinceStop.start();
        stop.request_stop();
    });
    stopper.start(5ms);
    const auto result = fixture.upload(*destination, std::move(request), stop.get_token());
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    QVERIFY2(sinceStop.elapsed() < 1000, qPrintable(QString::number(sinceStop.elapsed())));
    QVERIFY(!server.uploads().first().isRemoved);
    QCOMPARE(server.count("DELETE"), 0);
}

QTEST_GUILESS_MAIN(TestUploader)
#include "tst_uploader.moc"
