// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tus/http_date.h"

#include <QTest>

using namespace sendoff;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds someNow = sys_days(2026y / 7 / 1);
constexpr sys_seconds rfcExample = sys_days(1994y / 11 / 6) + 8h + 49min + 37s;

qint64 epochSeconds(sys_seconds time)
{
    return time.time_since_epoch().count();
}

} // namespace

class HttpDateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheThreeForms_data();
    void readsTheThreeForms();
    void choosesTheCenturyOfTwoDigits_data();
    void choosesTheCenturyOfTwoDigits();
    void refusesAnythingElse_data();
    void refusesAnythingElse();
    void writesWhatItReads_data();
    void writesWhatItReads();
};

void HttpDateTest::readsTheThreeForms_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("IMF-fixdate") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT")
                                 << epochSeconds(rfcExample);
    QTest::newRow("RFC 850") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT")
                             << epochSeconds(rfcExample);
    QTest::newRow("asctime") << QByteArray("Sun Nov  6 08:49:37 1994") << epochSeconds(rfcExample);
    QTest::newRow("asctime with a day of two digits")
        << QByteArray("Wed Nov 16 08:49:37 1994") << epochSeconds(rfcExample + 240h);
    QTest::newRow("leap second") << QByteArray("Sat, 31 Dec 2016 23:59:60 GMT")
                                 << epochSeconds(sys_days(2017y / 1 / 1));
    QTest::newRow("leap day") << QByteArray("Thu, 29 Feb 2024 00:00:00 GMT")
                              << epochSeconds(sys_days(2024y / 2 / 29));
    QTest::newRow("before the epoch") << QByteArray("Wed, 31 Dec 1969 23:59:59 GMT") << qint64(-1);
    QTest::newRow("after 2038") << QByteArray("Fri, 01 Jan 2100 00:00:00 GMT")
                                << epochSeconds(sys_days(2100y / 1 / 1));
    QTest::newRow("a wrong weekday")
        << QByteArray("Mon, 06 Nov 1994 08:49:37 GMT") << epochSeconds(rfcExample);
}

void HttpDateTest::readsTheThreeForms()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, expected);
    const auto time = tus::parseHttpDate(text, someNow);
    QVERIFY(time.has_value());
    QCOMPARE(epochSeconds(*time), expected);
}

void HttpDateTest::choosesTheCenturyOfTwoDigits_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("year");
    QTest::newRow("this year") << QByteArray("Friday, 01-May-26 00:00:00 GMT") << 2026;
    QTest::newRow("50 years ahead") << QByteArray("Friday, 01-May-76 00:00:00 GMT") << 2076;
    QTest::newRow("51 years ahead is the past")
        << QByteArray("Friday, 01-May-77 00:00:00 GMT") << 1977;
    QTest::newRow("ninety-nine") << QByteArray("Friday, 01-May-99 00:00:00 GMT") << 1999;
}

void HttpDateTest::choosesTheCenturyOfTwoDigits()
{
    QFETCH(QByteArray, text);
    QFETCH(int, year);
    const auto time = tus::parseHttpDate(text, someNow);
    QVERIFY(time.has_value());
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(*time));
    QCOMPARE(int(date.year()), year);
}

void HttpDateTest::refusesAnythingElse_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("seconds") << QByteArray("120");
    QTest::newRow("ISO 8601") << QByteArray("1994-11-06T08:49:37Z");
    QTest::newRow("another zone") << QByteArray("Sun, 06 Nov 1994 08:49:37 CET");
    QTest::newRow("an offset") << QByteArray("Sun, 06 Nov 1994 08:49:37 +0000");
    QTest::newRow("no zone") << QByteArray("Sun, 06 Nov 1994 08:49:37");
    QTest::newRow("one-digit day") << QByteArray("Sun, 6 Nov 1994 08:49:37 GMT");
    QTest::newRow("wrong case") << QByteArray("sun, 06 nov 1994 08:49:37 gmt");
    QTest::newRow("31 June") << QByteArray("Sun, 31 Jun 1994 08:49:37 GMT");
    QTest::newRow("29 February of a common year") << QByteArray("Wed, 29 Feb 2023 00:00:00 GMT");
    QTest::newRow("day 0") << QByteArray("Sun, 00 Nov 1994 08:49:37 GMT");
    QTest::newRow("24 o'clock") << QByteArray("Sun, 06 Nov 1994 24:00:00 GMT");
    QTest::newRow("minute 60") << QByteArray("Sun, 06 Nov 1994 08:60:37 GMT");
    QTest::newRow("second 61") << QByteArray("Sun, 06 Nov 1994 08:49:61 GMT");
    QTest::newRow("text after it") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT, x");
    QTest::newRow("cut in the middle") << QByteArray("Sun, 06 Nov 19");
    QTest::newRow("a zero byte") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT\0", 30);
    QTest::newRow("minus year") << QByteArray("Sun, 06 Nov -994 08:49:37 GMT");
}

void HttpDateTest::refusesAnythingElse()
{
    QFETCH(QByteArray, text);
    QVERIFY(!tus::parseHttpDate(text, someNow).has_value());
}

void HttpDateTest::writesWhatItReads_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("the RFC's example")
        << epochSeconds(rfcExample) << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT");
    QTest::newRow("the epoch") << qint64(0) << QByteArray("Thu, 01 Jan 1970 00:00:00 GMT");
    QTest::newRow("before it") << qint64(-1) << QByteArray("Wed, 31 Dec 1969 23:59:59 GMT");
}

void HttpDateTest::writesWhatItReads()
{
    QFETCH(qint64, seconds);
    QFETCH(QByteArray, expected);
    const sys_seconds time{std::chrono::seconds(seconds)};
    QCOMPARE(tus::formatHttpDate(time), expected);
    QCOMPARE(tus::parseHttpDate(tus::formatHttpDate(time), someNow), std::optional(time));
}

QTEST_GUILESS_MAIN(HttpDateTest)
#include "tst_http_date.moc"
