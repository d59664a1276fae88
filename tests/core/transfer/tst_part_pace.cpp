// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/part_pace.h"

#include "core/transfer/part_grid.h"
#include "core/transfer/s3/s3_plan.h"

#include <QtTest>

#include <rapidcheck.h>

using namespace sendoff;
using namespace sendoff::transfer;

namespace {

constexpr qint64 mebibyte = 1 << 20;

PartPace paceOf(double bytesPerSecond)
{
    PartPace pace;
    for (int i = 0; i < 100; ++i)
        pace.note(qint64(bytesPerSecond), PartPace::Seconds(1));
    return pace;
}

Capabilities rulesWith(qint64 minimum, qint64 maximum, qint64 multiple = 1, int atOnce = 1)
{
    Capabilities rules;
    rules.minimumPart = minimum;
    rules.maximumPart = maximum;
    rules.partMultiple = multiple;
    rules.partsAtOnce = atOnce;
    return rules;
}

} // namespace

class TestPartPace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void beginsWithEightMebibytes();
    void takesTwentyToSixtySecondsForAPart_data();
    void takesTwentyToSixtySecondsForAPart();
    void followsTheSpeed();
    void keepsToTheRules();
    void halvesWhatIsRefused();
    void sendsOneUntilTheSpeedIsKnown();
    void sendsFewerAtOnceOnASlowLine();
    void keepsTheGridInItsRecord();
    void refusesAGridThatIsNone_data();
    void refusesAGridThatIsNone();
    void findsEachPartOfAnyGrid();
    void keepsToWhatS3TakesAtAnySize();
};

void TestPartPace::beginsWithEightMebibytes()
{
    QCOMPARE(PartPace().nextSize({}), 8 * mebibyte);
    QCOMPARE(PartPace().nextSize(rulesWith(0, 3 * mebibyte)), 3 * mebibyte);
    QCOMPARE(PartPace().nextSize(rulesWith(9 * mebibyte, 0)), 9 * mebibyte);
}

void TestPartPace::takesTwentyToSixtySecondsForAPart_data()
{
    QTest::addColumn<double>("speed");
    for (const double speed : {5e3, 17e3, 50e3, 125e3, 1e6, 12.5e6, 125e6, 1e9})
        QTest::addRow("%.0f B/s", speed) << speed;
}

void TestPartPace::takesTwentyToSixtySecondsForAPart()
{
    QFETCH(const double, speed);
    const double seconds = double(paceOf(speed).nextSize({})) / speed;
    QVERIFY2(seconds >= 20 && seconds <= 60, qPrintable(QString::number(seconds)));
}

void TestPartPace::followsTheSpeed()
{
    PartPace pace = paceOf(1e6);
    for (int i = 0; i < 100; ++i)
        pace.note(100'000, PartPace::Seconds(1)); // a tenth now
    const double seconds = double(pace.nextSize({})) / 1e5;
    QVERIFY2(seconds < 66, qPrintable(QString::number(seconds)));
}

void TestPartPace::keepsToTheRules()
{
    const bool holds = rc::check("a part has an allowed size whatever the speed", [] {
        const PartPace pace = paceOf(double(*rc::gen::inRange<qint64>(0, 2'000'000'000)));
        const qint64 multiple = *rc::gen::element<qint64>(1, 256 << 10);
        const qint64 minimum = *rc::gen::element<qint64>(0, 5 * mebibyte);
        const qint64 maximum = *rc::gen::element<qint64>(0, 200 * mebibyte);
        const qint64 size = pace.nextSize(rulesWith(minimum, maximum, multiple));
        RC_ASSERT(size > 0);
        RC_ASSERT(size >= minimum);
        RC_ASSERT((maximum == 0 || size <= maximum));
        RC_ASSERT(size % multiple == 0);
    });
    QVERIFY(holds);
}

void TestPartPace::halvesWhatIsRefused()
{
    PartPace pace = paceOf(100e6);
    qint64 size = pace.nextSize({});
    int refusals = 0;
    while (pace.refuse(size)) {
        QVERIFY(pace.nextSize({}) <= std::max(mebibyte, size / 2));
        size = pace.nextSize({});
        QVERIFY(++refusals < 20);
    }
    QCOMPARE(size, mebibyte);
}

void TestPartPace::sendsOneUntilTheSpeedIsKnown()
{
    const Capabilities rules = rulesWith(5 * mebibyte, 0, 1, 4);
    QCOMPARE(PartPace().partsAtOnce(rules, 8 * mebibyte), 1);
    QCOMPARE(paceOf(10e6).partsAtOnce(rules, 8 * mebibyte), 4);
    QCOMPARE(paceOf(10e6).partsAtOnce({}, 8 * mebibyte), 1); // the destination takes no more
}

void TestPartPace::sendsFewerAtOnceOnASlowLine()
{
    const Capabilities rules = rulesWith(5 * mebibyte, 0, 1, 4);
    // A part of 8 MiB at 0.3 MB/s takes 28 s alone; two of them a minute, four two minutes.
    QCOMPARE(paceOf(0.3e6).partsAtOnce(rules, 8 * mebibyte), 2);
    QCOMPARE(paceOf(0.05e6).partsAtOnce(rules, 8 * mebibyte), 1);
}

void TestPartPace::keepsTheGridInItsRecord()
{
    const PartGrid growing({{1'000, 8 * mebibyte}, {2'000, 32 * mebibyte}, {1, 128 * mebibyte}});
    for (const PartGrid &grid : {PartGrid::equal(5 * mebibyte), growing}) {
        const auto read = PartGrid::fromJson(grid.toJson());
        QVERIFY(read.has_value());
        QVERIFY(*read == grid);
    }
}

void TestPartPace::refusesAGridThatIsNone_data()
{
    QTest::addColumn<QByteArray>("json");
    for (const char *json : {"[]", "[[1]]", "[[0,5]]", "[[1,0]]", "[[1,-5]]", "[7]", "[[1,\"x\"]]",
                             "[[1,5,9]]", "[[1,99999999999999]]"})
        QTest::newRow(json) << QByteArray(json);
}

void TestPartPace::refusesAGridThatIsNone()
{
    QFETCH(const QByteArray, json);
    QVERIFY(!PartGrid::fromJson(QJsonDocument::fromJson(json).array()));
}

void TestPartPace::findsEachPartOfAnyGrid()
{
    const bool holds = rc::check("parts follow each other and hold what lies in them", [] {
        std::vector<PartGrid::Run> runs;
        const int count = *rc::gen::inRange(1, 4);
        for (int i = 0; i < count; ++i)
            runs.push_back({*rc::gen::inRange(1, 5), *rc::gen::inRange<qint64>(1, 9)});
        const PartGrid grid(std::move(runs));
        const qint64 total = *rc::gen::inRange<qint64>(1, 200);
        qint64 end = 0;
        for (int index = 0; index < grid.count(total); ++index) {
            const ByteRange part = grid.part(index, total);
            RC_ASSERT(part.begin == end);
            RC_ASSERT(!part.isEmpty());
            RC_ASSERT(grid.indexAt(part.begin) == index);
            RC_ASSERT(grid.indexAt(part.end - 1) == index);
            end = part.end;
        }
        RC_ASSERT(end == total);
    });
    QVERIFY(holds);
}

// AWS: 10,000 parts, of 5 MiB to 5 GiB but for the last.
void TestPartPace::keepsToWhatS3TakesAtAnySize()
{
    constexpr qint64 largestPart = qint64(5) << 30;
    for (const qint64 total : {qint64(1), 8 * mebibyte, 70'000 * mebibyte, qint64(5) << 40}) {
        const PartGrid grid = s3GridFor(total, false);
        QVERIFY(grid.count(total) <= s3MostParts);
        QVERIFY(grid.part(0, std::nullopt).size() >= s3SmallestPart);
        QVERIFY(grid.part(0, std::nullopt).size() <= largestPart);
    }
    const PartGrid growing = s3GridFor(std::nullopt, false);
    QCOMPARE(growing.part(0, std::nullopt).size(), s3SmallestPart); // it waits for the head
    for (int index = 1; index < s3MostParts; ++index) {
        const qint64 size = growing.part(index, std::nullopt).size();
        QVERIFY(size >= growing.part(index - 1, std::nullopt).size());
        QVERIFY(size <= largestPart);
    }
    QVERIFY(growing.part(s3MostParts - 1, std::nullopt).end > qint64(900) << 30);
    const PartGrid equal = s3GridFor(std::nullopt, true);
    QCOMPARE(equal.part(0, std::nullopt).size(), equal.part(s3MostParts - 1, std::nullopt).size());
    QVERIFY(equal.part(s3MostParts - 1, std::nullopt).end > qint64(600) << 30);
}

QTEST_APPLESS_MAIN(TestPartPace)
#include "tst_part_pace.moc"
