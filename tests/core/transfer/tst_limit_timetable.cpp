// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/limits/limit_timetable.h"

#include <QTimeZone>
#include <QtTest>

#include <vector>

using namespace sendoff;
using namespace sendoff::transfer;

namespace {

LimitTimetable timetableOf(const QString &text)
{
    auto timetable = LimitTimetable::parse(text);
    if (!timetable)
        qFatal("%s", qPrintable(timetable.error().detail));
    return *timetable;
}

QDateTime utc(const QString &text)
{
    QDateTime time = QDateTime::fromString(text, QStringLiteral("yyyy-MM-dd HH:mm"));
    time.setTimeSpec(Qt::UTC);
    return time;
}

QDateTime berlin(const QString &utcText)
{
    QDateTime time = QDateTime::fromString(utcText, QStringLiteral("yyyy-MM-dd HH:mm"));
    time.setTimeSpec(Qt::UTC);
    return time.toTimeZone(QTimeZone("Europe/Berlin"));
}

} // namespace

class LimitTimetableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatItWrites_data();
    void readsWhatItWrites();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void holdsAtItsTimes_data();
    void holdsAtItsTimes();
    void theFirstThatHoldsCounts();
    void aSpanBelongsToTheDayItBeginsOn();
    void skippedHoursAreSkipped();
    void hoursThatComeTwiceCountTwice();
    void knowsTheNextChange_data();
    void knowsTheNextChange();
    void whatIsAlwaysTheSameNeverChanges();
};

void LimitTimetableTest::readsWhatItWrites_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("written");
    const auto row = [](const char *text, const char *written) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(written);
    };
    row("", "off");
    row("off", "off");
    row("0", "off");
    row("400", "400k"); // as the option has always been written
    row(" 1.5m ", "1500k");
    row("2M", "2M");
    row("0.5", "0.5k");
    row("3G", "3G");
    row("rest=1M", "1M");
    row("00:00-24:00=1M", "1M");
    row("08:00-18:00=1M,rest=off", "08:00-18:00=1M, rest=off");
    row("Mon-Fri 8:00-18:00=500", "mon-fri 08:00-18:00=500k");
    row("mon - fri", "");
    row("sat+sun=2M", "sat-sun=2M");
    row("fri-mon=1M", "mon+fri-sun=1M");
    row("mon+wed+fri 22:00-06:00 = off , rest = 1M", "mon+wed+fri 22:00-06:00=off, rest=1M");
    row("08:00-08:00=1M", "1M");
    row("18:00-24:00=off", "18:00-24:00=off");
}

void LimitTimetableTest::readsWhatItWrites()
{
    QFETCH(const QString, text);
    QFETCH(const QString, written);
    const auto timetable = LimitTimetable::parse(text);
    if (written.isEmpty()) {
        QVERIFY(!timetable);
        return;
    }
    QVERIFY2(timetable, timetable ? "" : qPrintable(timetable.error().detail));
    QCOMPARE(timetable->toText(), written);
    const auto again = LimitTimetable::parse(written);
    QVERIFY(again);
    QCOMPARE(again->toText(), written);
    for (int minute = 0; minute < 8 * 24 * 60; minute += 30) {
        const QDateTime time = utc(QStringLiteral("2026-11-23 00:00")).addSecs(60 * minute);
        QCOMPARE(again->rateAt(time), timetable->rateAt(time));
    }
}

void LimitTimetableTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named"); // in the reason
    const auto row = [](const char *text, const char *named) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(named);
    };
    row("fast", "“fast”");
    row("-1", "“-1”");
    row("1e9", "“1e9”");
    row("0.0001", "“0.0001”");
    row("99999G", "“99999G”");
    row("08:00-18:00", "“08:00-18:00”");
    row("1M,off", "“1m”");
    row("08:00-18:00=1M,", "“”");
    row("08:00-18:00=quick,rest=off", "“quick”");
    row("08:00-25:00=1M", "“08:00-25:00”");
    row("08:61-18:00=1M", "“08:61-18:00”");
    row("24:00-08:00=1M", "“24:00-08:00”");
    row("8-18=1M", "“8-18”");
    row("08:00=1M", "“08:00”");
    row("workdays 08:00-18:00=1M", "“workdays”");
    row("mon-fry=1M", "“mon-fry”");
    row("=1M", "“”");
    row("rest=1M=2M", "“rest=1m=2m”");
    QTest::newRow("too many") << QStringLiteral("rest=1M,").repeated(50) + u"rest=1M"_qs
                              << QStringLiteral("50");
}

void LimitTimetableTest::saysWhatIsWrong()
{
    QFETCH(const QString, text);
    QFETCH(const QString, named);
    const auto timetable = LimitTimetable::parse(text);
    QVERIFY(!timetable);
    QCOMPARE(timetable.error().kind, ErrorKind::BadUsage);
    const QString reason = timetable.error()[argument::reason];
    QVERIFY2(reason.contains(named), qPrintable(reason));
}

void LimitTimetableTest::holdsAtItsTimes_data()
{
    QTest::addColumn<QString>("time"); // 2026-11-23 is a Monday
    QTest::addColumn<qint64>("rate");
    const auto row = [](const char *time, qint64 rate) {
        QTest::newRow(time) << QString::fromUtf8(time) << rate;
    };
    row("2026-11-23 07:59", 3'000'000);
    row("2026-11-23 08:00", 500'000);
    row("2026-11-23 17:59", 500'000);
    row("2026-11-23 18:00", 3'000'000);
    row("2026-11-23 22:30", 0);
    row("2026-11-24 05:59", 0); // still Monday's night
    row("2026-11-24 06:00", 3'000'000);
    row("2026-11-28 12:00", 3'000'000); // Saturday
}

void LimitTimetableTest::holdsAtItsTimes()
{
    QFETCH(const QString, time);
    const LimitTimetable timetable =
        timetableOf(QStringLiteral("mon-fri 08:00-18:00=500k, 22:00-06:00=off, rest=3M"));
    QTEST(timetable.rateAt(utc(time)), "rate");
    // To the second, and to the millisecond before it.
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-23 08:00")).addMSecs(-1)), 3'000'000);
}

void LimitTimetableTest::theFirstThatHoldsCounts()
{
    const LimitTimetable timetable = timetableOf(QStringLiteral("rest=1M, 08:00-18:00=2M"));
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-23 12:00"))), 1'000'000);
    QVERIFY(!timetable.nextChange(utc(QStringLiteral("2026-11-23 12:00")))
            || timetable.rateAt(*timetable.nextChange(utc(QStringLiteral("2026-11-23 12:00"))))
                   != 1'000'000);
    // What no entry names has no limit.
    const LimitTimetable weekend = timetableOf(QStringLiteral("sat+sun=2M"));
    QCOMPARE(weekend.rateAt(utc(QStringLiteral("2026-11-23 12:00"))), 0);
    QCOMPARE(weekend.rateAt(utc(QStringLiteral("2026-11-28 00:00"))), 2'000'000);
}

void LimitTimetableTest::aSpanBelongsToTheDayItBeginsOn()
{
    const LimitTimetable timetable = timetableOf(QStringLiteral("sun 22:00-06:00=1M"));
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-22 21:59"))), 0);
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-22 22:00"))), 1'000'000);
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-23 00:00"))), 1'000'000); // Monday
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-23 05:59"))), 1'000'000);
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-23 06:00"))), 0);
    QCOMPARE(timetable.rateAt(utc(QStringLiteral("2026-11-22 03:00"))), 0); // Sunday's own morning
}

// Berlin, 29 March 2026: 01:59 is followed by 03:00.
void LimitTimetableTest::skippedHoursAreSkipped()
{
    const LimitTimetable timetable = timetableOf(QStringLiteral("02:30-04:00=1M, rest=off"));
    const QDateTime before = berlin(QStringLiteral("2026-03-29 00:50")); // 01:50
    QCOMPARE(timetable.rateAt(before), 0);
    const auto begin = timetable.nextChange(before);
    QVERIFY(begin);
    QCOMPARE(begin->toUTC(), berlin(QStringLiteral("2026-03-29 01:00")).toUTC()); // 03:00
    QCOMPARE(timetable.nextChange(*begin)->toUTC(),
             berlin(QStringLiteral("2026-03-29 02:00")).toUTC()); // 04:00
}

// Berlin, 25 October 2026: 02:59 is followed by 02:00.
void LimitTimetableTest::hoursThatComeTwiceCountTwice()
{
    const LimitTimetable timetable = timetableOf(QStringLiteral("02:30-04:00=1M, rest=off"));
    QDateTime time = berlin(QStringLiteral("2026-10-24 23:00")); // 01:00
    QStringList changes;
    for (int i = 0; i < 4; ++i) {
        time = *timetable.nextChange(time);
        changes.append(time.toUTC().toString(QStringLiteral("HH:mm")));
    }
    QCOMPARE(changes, (QStringList{u"00:30"_qs, u"01:00"_qs, u"01:30"_qs, u"03:00"_qs}));
}

void LimitTimetableTest::knowsTheNextChange_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("begin"); // UTC; the clock is Berlin's
    for (const char *begin : {"2026-03-27 11:00", "2026-10-23 11:00", "2026-06-01 00:00"}) {
        for (const char *text :
             {"08:00-18:00=1M, rest=off", "mon-fri 08:00-18:00=500k, sat+sun=2M, rest=off",
              "22:00-06:00=off, rest=1M", "sun 01:30-02:15=1M", "sat 23:00-03:30=1M, rest=2M",
              "02:10-02:20=1M, 02:20-02:50=2M", "sun=1M", "rest=1M, 08:00-18:00=2M"})
            QTest::addRow("%s from %s", text, begin) << QString::fromUtf8(text)
                                                     << QString::fromUtf8(begin);
    }
}

// Against a walk from minute to minute.
void LimitTimetableTest::knowsTheNextChange()
{
    QFETCH(const QString, text);
    QFETCH(const QString, begin);
    const LimitTimetable timetable = timetableOf(text);
    constexpr int minutes = 11 * 24 * 60;
    const QDateTime start = berlin(begin);
    std::vector<qint64> rates;
    for (int minute = 0; minute < minutes; ++minute)
        rates.push_back(timetable.rateAt(start.addSecs(60 * minute)));
    for (int minute = 0; minute < 3 * 24 * 60; minute += 211) {
        int next = minute + 1;
        while (next < minutes && rates[next] == rates[minute])
            ++next;
        const auto change = timetable.nextChange(start.addSecs(60 * minute + 20));
        QCOMPARE(change.has_value(), next < minutes);
        if (change)
            QCOMPARE(change->toUTC(), start.addSecs(60 * next).toUTC());
    }
}

void LimitTimetableTest::whatIsAlwaysTheSameNeverChanges()
{
    const QDateTime now = utc(QStringLiteral("2026-11-23 12:00"));
    for (const char *text : {"", "off", "400", "rest=1M", "00:00-24:00=1M"}) {
        const LimitTimetable timetable = timetableOf(QString::fromUtf8(text));
        QVERIFY(timetable.isAlwaysSame());
        QVERIFY(!timetable.nextChange(now));
    }
    QVERIFY(!timetableOf(QStringLiteral("sat=1M")).isAlwaysSame());
    QCOMPARE(LimitTimetable::always(2'500).toText(), QStringLiteral("2.5k"));
    QCOMPARE(LimitTimetable::always(0).toText(), QStringLiteral("off"));
}

QTEST_APPLESS_MAIN(LimitTimetableTest)
#include "tst_limit_timetable.moc"
