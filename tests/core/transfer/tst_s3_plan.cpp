// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of an S3 upload: by the line, within what S3 takes, and fixed once they are made.
#include "core/transfer/s3/s3_plan.h"

#include "core/transfer/server_memory.h"
#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QtTest>

#include <rapidcheck.h>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 mebibyte = 1 << 20;
constexpr qint64 gibibyte = qint64(1) << 30;
constexpr qint64 tebibyte = qint64(1) << 40;

qint64 partOf(qint64 total, const S3Line &line = {})
{
    return s3GridFor(total, false, line).part(0, std::nullopt).size();
}

} // namespace

class TestS3Plan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choosesPartsByTheLine_data();
    void choosesPartsByTheLine();
    void takesTwentyToSixtySecondsForAPart();
    void keepsToWhatS3TakesAtAnySize_data();
    void keepsToWhatS3TakesAtAnySize();
    void leavesAPartToEachOfThoseAtOnce();
    void remembersHowFastAServerWas();
    void isToldByAnUpload();
    void keepsItsPartsOnAnotherLine();
    void sendsAsManyAtOnceAsItIsTold_data();
    void sendsAsManyAtOnceAsItIsTold();
};

void TestS3Plan::choosesPartsByTheLine_data()
{
    QTest::addColumn<double>("speed");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<int>("atOnce");
    QTest::addColumn<qint64>("expected"); // MiB
    const auto row = [](const char *name, double speed, qint64 total, int atOnce, qint64 expected) {
        QTest::newRow(name) << speed << total << atOnce << expected;
    };
    row("nothing measured", 0, gibibyte, 4, 8);
    row("5 kB/s: S3's least", 5e3, gibibyte, 4, 5);
    row("17 kB/s: S3's least", 17e3, gibibyte, 4, 5);
    row("100 kB/s", 100e3, gibibyte, 4, 5);
    row("250 kB/s", 250e3, 10 * gibibyte, 4, 7);
    row("1 MB/s", 1e6, 10 * gibibyte, 4, 28);
    row("100 Mbit/s", 12.5e6, 100 * gibibyte, 4, 357);
    row("1 Gbit/s", 125e6, tebibyte, 4, 3'576);
    row("10 Gbit/s: S3's most", 1.25e9, 10 * tebibyte, 4, 5'120);
    row("a fast line, but a break costs a sixteenth", 12.5e6, gibibyte, 4, 64);
    row("a fast line and eight at once", 12.5e6, gibibyte, 8, 32);
    row("a fast line and one at once", 12.5e6, gibibyte, 1, 64);
    row("a small file: one for each of four", 12.5e6, 24 * mebibyte, 4, 6);
    row("a smaller one: S3's least", 12.5e6, 12 * mebibyte, 4, 5);
    row("a slow line, but 9,000 parts", 5e3, tebibyte, 4, 117);
}

void TestS3Plan::choosesPartsByTheLine()
{
    QFETCH(const double, speed);
    QFETCH(const qint64, total);
    QFETCH(const int, atOnce);
    QFETCH(const qint64, expected);
    QCOMPARE(partOf(total, {speed, atOnce}), expected * mebibyte);
}

void TestS3Plan::takesTwentyToSixtySecondsForAPart()
{
    const bool holds = rc::check("where S3 and the file allow it", [] {
        const double speed = double(*rc::gen::inRange<qint64>(90'000, 170'000'000));
        const double seconds = double(partOf(tebibyte / 10, {speed, 4})) / speed;
        const bool isNeeded = partOf(tebibyte / 10) > qint64(speed * 60); // for 9,000 parts
        RC_ASSERT((isNeeded || (seconds >= 20 && seconds <= 60)));
    });
    QVERIFY(holds);
}

// AWS: 10,000 parts, of 5 MiB to 5 GiB but for the last; 48.8 TiB are the most.
void TestS3Plan::keepsToWhatS3TakesAtAnySize_data()
{
    QTest::addColumn<qint64>("total");
    QTest::newRow("1 byte") << qint64(1);
    QTest::newRow("5 TiB") << 5 * tebibyte;
    QTest::newRow("9,000 of the largest parts") << 9'000 * s3LargestPart;
    QTest::newRow("one byte more") << 9'000 * s3LargestPart + 1;
    QTest::newRow("one byte less than all") << 10'000 * s3LargestPart - 1;
    QTest::newRow("all") << findDestinationType(u"s3")->capabilities.maximumSize;
}

void TestS3Plan::keepsToWhatS3TakesAtAnySize()
{
    QFETCH(const qint64, total);
    for (const double speed : {0.0, 5e3, 1e6, 1e10}) {
        const PartGrid grid = s3GridFor(total, false, {speed, 4});
        const qint64 size = grid.part(0, std::nullopt).size();
        QVERIFY(grid.count(total) <= s3MostParts);
        QVERIFY(size >= s3SmallestPart && size <= s3LargestPart);
        QVERIFY(PartGrid::fromJson(grid.toJson()) == grid);
    }
    QCOMPARE(findDestinationType(u"s3")->capabilities.maximumSize, 50'000 * gibibyte); // 48.8 TiB
}

void TestS3Plan::leavesAPartToEachOfThoseAtOnce()
{
    const bool holds = rc::check("whatever the line and the file", [] {
        const qint64 total = *rc::gen::inRange<qint64>(1, 10'000 * s3LargestPart);
        const int atOnce = *rc::gen::inRange(1, 9);
        const PartGrid grid =
            s3GridFor(total, false, {double(*rc::gen::inRange<qint64>(1, 2'000'000'000)), atOnce});
        const qint64 size = grid.part(0, std::nullopt).size();
        RC_ASSERT(size >= s3SmallestPart);
        RC_ASSERT(size <= s3LargestPart);
        RC_ASSERT(grid.count(total) <= s3MostParts);
        RC_ASSERT((size == s3SmallestPart || grid.count(total) >= atOnce));
    });
    QVERIFY(holds);
}

void TestS3Plan::remembersHowFastAServerWas()
{
    ServerSpeeds speeds;
    const QUrl server(QStringLiteral("https://s3.example/bucket/"));
    QCOMPARE(speeds.bytesPerSecond(server), 0);
    speeds.note(server, 100'000, PartPace::Seconds(10)); // small: how long an answer took
    QCOMPARE(speeds.bytesPerSecond(server), 0);
    speeds.note(server, 10 * mebibyte, PartPace::Seconds(10));
    QCOMPARE(speeds.bytesPerSecond(server), double(mebibyte));
    QCOMPARE(speeds.bytesPerSecond(QUrl(QStringLiteral("https://s3.example/other/"))),
             double(mebibyte)); // one server
    QCOMPARE(speeds.bytesPerSecond(QUrl(QStringLiteral("https://other.example/bucket/"))), 0);
}

void TestS3Plan::isToldByAnUpload()
{
    TransferFixture fixture;
    fixture.context().memory = std::make_shared<ServerMemory>();
    FakeS3 server;
    const auto destination = fixture.create(server.config());
    const FilePath file = fixture.write(QStringLiteral("source"), noise(20 * mebibyte));
    QElapsedTimer timer;
    timer.start();
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    const double speed = fixture.context().memory->speeds.bytesPerSecond(destination->server());
    // No part took longer than all of it.
    QVERIFY(speed >= 4.0 * mebibyte / (double(timer.nsecsElapsed()) / 1e9));
}

// “The part plan is fixed in the record.”
void TestS3Plan::keepsItsPartsOnAnotherLine()
{
    TransferFixture fixture;
    const auto memory = std::make_shared<ServerMemory>();
    fixture.context().memory = memory;
    FakeS3 server([](FakeS3::Ask ask, const ReceivedRequest &, int before) {
        const bool isRefused = ask == FakeS3::Ask::Part && before == 2;
        return isRefused ? std::optional(FakeS3::error(403, "AccessDenied")) : std::nullopt;
    });
    const auto destination = fixture.create(server.config());
    memory->speeds.note(destination->server(), 10 * mebibyte, PartPace::Seconds(100));
    const QByteArray bytes = noise(23 * mebibyte);
    const FilePath file = fixture.write(QStringLiteral("source"), bytes);
    const auto stopped = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY(!stopped.has_value());
    const QJsonObject state = fixture.states.last();
    QCOMPARE(state[u"grid"].toArray(), PartGrid::equal(5 * mebibyte).toJson());
    // The line is a thousand times as fast meanwhile.
    memory->speeds.note(destination->server(), 100'000 * mebibyte, PartPace::Seconds(1'000));
    auto again = fixture.request(fixture.sourceOf(file));
    again.resumeState = state;
    const auto result = fixture.upload(*destination, std::move(again));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.count(FakeS3::Ask::Create), 1);
    QCOMPARE(server.partSizes(), (QList<qint64>{5 * mebibyte, 5 * mebibyte, 5 * mebibyte,
                                                5 * mebibyte, 3 * mebibyte}));
}

void TestS3Plan::sendsAsManyAtOnceAsItIsTold_data()
{
    QTest::addColumn<QString>("parallel");
    QTest::addColumn<int>("expected");
    QTest::newRow("not told") << QString() << 4;
    QTest::newRow("one after the other") << QStringLiteral("1") << 1;
    QTest::newRow("none is one") << QStringLiteral("0") << 1;
    QTest::newRow("six") << QStringLiteral("6") << 6;
    QTest::newRow("more than a server gets") << QStringLiteral("100") << 8;
}

void TestS3Plan::sendsAsManyAtOnceAsItIsTold()
{
    QFETCH(const QString, parallel);
    QFETCH(const int, expected);
    TransferFixture fixture;
    FakeS3 server;
    DestinationConfig config = server.config();
    if (!parallel.isEmpty())
        config.options.insert(QStringLiteral("parallel"), parallel);
    const auto destination = fixture.create(config);
    const auto capabilities = QCoro::waitFor(destination->capabilities({}));
    QVERIFY(capabilities.has_value());
    QCOMPARE(capabilities->partsAtOnce, expected);
}

QTEST_GUILESS_MAIN(TestS3Plan)
#include "tst_s3_plan.moc"
