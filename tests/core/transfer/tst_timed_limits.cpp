// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Limits that change by themselves, with a clock of the test's: what is applied when, and what that
// does to an upload that runs.
#include "core/transfer/limits/timed_limits.h"

#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/discard_sink.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace std::chrono_literals;
using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

LimitTimetable timetableOf(const char *text)
{
    return LimitTimetable::parse(QString::fromUtf8(text)).value();
}

QDateTime at(int hour, int minute)
{
    return QDateTime(QDate(2026, 11, 23), QTime(hour, minute), Qt::UTC); // a Monday
}

} // namespace

class TimedLimitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void appliesWhatHoldsAtOnce();
    void appliesAChangeWhenItsTimeHasComeAndOnce();
    void takesAClockThatIsSet();
    void groupsHaveTimesOfTheirOwn();
    void anUploadThatRunsKeepsToEachRate();
    void aThousandEntriesWorthOfLookingCostsNothing();
};

namespace {

struct Bench {
    QDateTime now = at(7, 0);
    QStringList applied;
    TimedLimits limits{[this](const QByteArray &group, qint64 rate) {
                           applied.append(QStringLiteral("%1:%2").arg(QString::fromUtf8(group))
                                              .arg(rate));
                       },
                       [this] { return now; }, 1ms};
};

} // namespace

void TimedLimitsTest::appliesWhatHoldsAtOnce()
{
    Bench bench;
    bench.limits.set({}, timetableOf("08:00-18:00=1M, rest=2M"));
    QCOMPARE(bench.applied, QStringList(u":2000000"_qs));
    bench.limits.set({}, timetableOf("3M"));
    bench.limits.set({}, timetableOf("3M")); // nothing new
    bench.limits.set({}, timetableOf("off"));
    QCOMPARE(bench.applied, (QStringList{u":2000000"_qs, u":3000000"_qs, u":0"_qs}));
}

void TimedLimitsTest::appliesAChangeWhenItsTimeHasComeAndOnce()
{
    Bench bench;
    bench.limits.set({}, timetableOf("08:00-18:00=1M, rest=off"));
    QTest::qWait(20);
    QVERIFY(bench.applied.isEmpty()); // there was no limit, and there is none
    bench.now = at(8, 0);
    QTRY_COMPARE(bench.applied, QStringList(u":1000000"_qs));
    bench.now = at(17, 59);
    QTest::qWait(20);
    QCOMPARE(bench.applied.size(), 1);
    bench.now = at(18, 0);
    QTRY_COMPARE(bench.applied.last(), u":0"_qs);
    QCOMPARE(bench.applied.size(), 2);
}

// Set back by a day, or a computer that slept over several changes.
void TimedLimitsTest::takesAClockThatIsSet()
{
    Bench bench;
    bench.now = at(19, 0);
    bench.limits.set({}, timetableOf("08:00-18:00=1M, rest=2M"));
    bench.now = at(9, 0);
    QTRY_COMPARE(bench.applied.last(), u":1000000"_qs);
    bench.now = at(23, 0).addDays(40);
    QTRY_COMPARE(bench.applied.last(), u":2000000"_qs);
}

void TimedLimitsTest::groupsHaveTimesOfTheirOwn()
{
    Bench bench;
    bench.limits.set({}, timetableOf("5M"));
    bench.limits.set("one", timetableOf("08:00-09:00=1M, rest=off"));
    bench.limits.set("two", timetableOf("09:00-10:00=2M, rest=off"));
    bench.now = at(8, 30);
    QTRY_COMPARE(bench.applied.last(), u"one:1000000"_qs);
    bench.now = at(9, 30);
    QTRY_COMPARE(bench.applied.last(), u"two:2000000"_qs);
    QCOMPARE(bench.applied.mid(2, 1), QStringList(u"one:0"_qs));
    bench.limits.set("two", {}); // taken away while it holds
    QCOMPARE(bench.applied.last(), u"two:0"_qs);
}

// Issue 7.3: ± 3 %, changeable live. One upload, three rates in turn. The bucket holds a fifth of a
// second and a share a twentieth, which may be spent at any time: together 3 % of 8.3 s.
void TimedLimitsTest::anUploadThatRunsKeepsToEachRate()
{
    DiscardSink sink;
    Net net;
    QDateTime now = at(7, 0);
    TimedLimits limits([&net](const QByteArray &group, qint64 rate) {
        net.setUploadLimit(group, rate);
    }, [&now] { return now; }, 5ms);
    limits.set({}, timetableOf("07:00-08:00=2M, 08:00-09:00=6M, 09:00-10:00=1M"));
    std::stop_source stop;
    HttpRequest request = putOf(sink.url(), sparseBody(200'000'000));
    const auto progress = std::make_shared<TransferProgress>();
    request.progress = progress;
    auto task = net.send(std::move(request), stop.get_token());
    QTRY_VERIFY(progress->handedOver > 100'000);
    for (const auto &[hour, rate] : {std::pair(7, 2e6), std::pair(8, 6e6), std::pair(9, 1e6)}) {
        now = at(hour, 30);
        QTest::qWait(300); // what the rate before had set aside is gone
        const qint64 before = progress->handedOver;
        QElapsedTimer timer;
        timer.start();
        QTest::qWait(8'500);
        const double seconds = double(timer.nsecsElapsed()) * 1e-9;
        const double ratio = double(progress->handedOver - before) / seconds / rate;
        qInfo("%02d:30: %.4f of the limit", hour, ratio);
        QVERIFY2(ratio < 1.03, qPrintable(QString::number(ratio)));
        QVERIFY2(ratio > 0.9, qPrintable(QString::number(ratio))); // other programs take time, too
    }
    stop.request_stop();
    QVERIFY(!QCoro::waitFor(std::move(task)));
}

// The network thread may not be held up for 4 ms.
void TimedLimitsTest::aThousandEntriesWorthOfLookingCostsNothing()
{
    Bench bench;
    QByteArray text = "08:00-08:01=1M";
    for (int i = 1; i < 50; ++i)
        text += ",mon 09:00-10:00=2M";
    const LimitTimetable timetable = timetableOf(text.constData());
    QElapsedTimer timer;
    timer.start();
    for (int group = 0; group < 20; ++group)
        bench.limits.set(QByteArray::number(group), timetable);
    const double each = double(timer.nsecsElapsed()) / 1e6 / 20;
    QVERIFY2(each < 4, qPrintable(QString::number(each)));
}

QTEST_GUILESS_MAIN(TimedLimitsTest)
#include "tst_timed_limits.moc"
