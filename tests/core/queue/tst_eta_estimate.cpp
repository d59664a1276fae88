// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/eta_estimate.h"
#include "core/queue/quantity_text.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace sendoff::queue;
using namespace std::chrono_literals;

namespace {

using Ms = std::chrono::milliseconds;

// Ten samples a second at a constant speed.
void work(EtaEstimate &estimate, Ms &now, double &done, double perSecond, Ms span, double total)
{
    for (const Ms end = now + span; now < end;) {
        now += 100ms;
        done += perSecond / 10;
        estimate.add(now, done, total);
    }
}

} // namespace

class EtaEstimateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysNothingBeforeFiveSeconds()
    {
        EtaEstimate estimate;
        Ms now = 1h;
        double done = 0;
        estimate.add(now, done, 1'000);
        work(estimate, now, done, 100, 4'900ms, 1'000);
        QVERIFY(!estimate.left());
        work(estimate, now, done, 100, 100ms, 1'000);
        QCOMPARE(estimate.left(), 5s);
    }

    void saysNothingBeforeThreePercent()
    {
        EtaEstimate estimate;
        Ms now = 0ms;
        double done = 0;
        estimate.add(now, done, 10'000);
        work(estimate, now, done, 10, 29s, 10'000);
        QVERIFY(!estimate.left());
        work(estimate, now, done, 10, 2s, 10'000);
        QVERIFY(estimate.left());
        QVERIFY(*estimate.left() >= 960s && *estimate.left() <= 1'020s);
    }

    void followsANewSpeedWithinSeconds()
    {
        EtaEstimate estimate;
        Ms now = 0ms;
        double done = 0;
        estimate.add(now, done, 1e6);
        work(estimate, now, done, 10'000, 20s, 1e6);
        work(estimate, now, done, 1'000, 25s, 1e6);
        QVERIFY2(std::abs(estimate.rate() - 1'000) < 100,
                 qPrintable(QString::number(estimate.rate())));
    }

    void staysWhatItWasInAPause()
    {
        EtaEstimate estimate;
        Ms now = 0ms;
        double done = 0;
        estimate.add(now, done, 1'000);
        work(estimate, now, done, 10, 20s, 1'000);
        const auto before = estimate.left();
        QVERIFY(before);
        estimate.freeze();
        now += 1h;
        QCOMPARE(estimate.left(), before);
        estimate.add(now, done, 1'000);
        QCOMPARE(estimate.left(), before);
        QVERIFY(std::abs(estimate.rate() - 10) < 1e-6);
        work(estimate, now, done, 10, 1s, 1'000);
        QVERIFY(*estimate.left() < *before + 1s);
    }

    void beginsAnewWhereTheWorkDoes()
    {
        EtaEstimate estimate;
        Ms now = 0ms;
        double done = 0;
        estimate.add(now, done, 100);
        work(estimate, now, done, 10, 6s, 100);
        QVERIFY(estimate.left());
        estimate.add(now + 100ms, 0, 100);
        QVERIFY(!estimate.left());
        QCOMPARE(estimate.rate(), 0.0);
    }

    void saysNothingWhereNothingMoves()
    {
        EtaEstimate estimate;
        Ms now = 0ms;
        double done = 50;
        estimate.add(now, done, 100);
        work(estimate, now, done, 0, 60s, 100);
        QVERIFY(!estimate.left());
        estimate.add(now + 1s, std::numeric_limits<double>::quiet_NaN(), 100);
        estimate.add(now + 2s, 60, std::numeric_limits<double>::infinity());
        QVERIFY(!estimate.left());
        QVERIFY(std::isfinite(estimate.rate()));
    }

    void isRoundedToWhatCanBeBelieved_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<int>("rounded");
        QTest::newRow("nothing left") << 0.0 << 1;
        QTest::newRow("seconds") << 7.2 << 8;
        QTest::newRow("half a minute") << 31.0 << 35;
        QTest::newRow("minutes") << 63.0 << 70;
        QTest::newRow("a quarter of an hour") << 901.0 << 960;
        QTest::newRow("no number") << std::numeric_limits<double>::quiet_NaN() << 360'000;
        QTest::newRow("without end") << std::numeric_limits<double>::infinity() << 360'000;
        QTest::newRow("negative") << -5.0 << 1;
    }
    void isRoundedToWhatCanBeBelieved()
    {
        QFETCH(const double, seconds);
        QFETCH(const int, rounded);
        QCOMPARE(roundedLeft(seconds).count(), rounded);
    }
};

QTEST_APPLESS_MAIN(EtaEstimateTest)
#include "tst_eta_estimate.moc"
