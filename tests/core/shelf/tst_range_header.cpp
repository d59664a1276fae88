// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/range_header.h"

#include <QTest>

using namespace sendoff;
using Kind = sendoff::shelf::RangeAnswer::Kind;
Q_DECLARE_METATYPE(Kind)

class RangeHeaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
};

void RangeHeaderTest::answers_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<qint64>("begin");
    QTest::addColumn<qint64>("end");
    const auto row = [](const char *name, const char *value, qint64 size, Kind kind,
                        qint64 begin = 0, qint64 end = 0) {
        QTest::newRow(name) << QByteArray(value) << size << kind << begin << end;
    };
    row("first bytes", "bytes=0-9", 100, Kind::Part, 0, 10);
    row("one byte", "bytes=99-99", 100, Kind::Part, 99, 100);
    row("from the middle", "bytes=50-", 100, Kind::Part, 50, 100);
    row("all of it", "bytes=0-", 100, Kind::Part, 0, 100);
    row("past the end is cut", "bytes=90-1000", 100, Kind::Part, 90, 100);
    row("the last ten", "bytes=-10", 100, Kind::Part, 90, 100);
    row("more last bytes than there are", "bytes=-1000", 100, Kind::Part, 0, 100);
    row("the unit's case", "Bytes=1-2", 100, Kind::Part, 1, 3);
    row("the largest number", "bytes=0-9223372036854775807", 100, Kind::Part, 0, 100);
    row("at the end", "bytes=100-", 100, Kind::Unsatisfiable);
    row("behind the end", "bytes=200-300", 100, Kind::Unsatisfiable);
    row("the last nothing", "bytes=-0", 100, Kind::Unsatisfiable);
    row("of an empty file", "bytes=0-0", 0, Kind::Unsatisfiable);
    row("the last of an empty file", "bytes=-1", 0, Kind::Unsatisfiable);
    row("none", "", 100, Kind::Whole);
    row("no numbers", "bytes=-", 100, Kind::Whole);
    row("no dash", "bytes=5", 100, Kind::Whole);
    row("backwards", "bytes=9-3", 100, Kind::Whole);
    row("another unit", "frames=0-9", 100, Kind::Whole);
    row("no unit", "0-9", 100, Kind::Whole);
    row("two ranges", "bytes=0-1,5-6", 100, Kind::Whole);
    row("two dashes", "bytes=--5", 100, Kind::Whole);
    row("letters", "bytes=a-b", 100, Kind::Whole);
    row("space inside", "bytes=1 -2", 100, Kind::Whole);
    row("over 63 bits", "bytes=9223372036854775808-", 100, Kind::Whole);
}

void RangeHeaderTest::answers()
{
    QFETCH(QByteArray, value);
    QFETCH(qint64, size);
    QFETCH(Kind, kind);
    QFETCH(qint64, begin);
    QFETCH(qint64, end);
    const shelf::RangeAnswer answer = shelf::answerRange(value, size);
    QCOMPARE(int(answer.kind), int(kind));
    QCOMPARE(answer.range.begin, begin);
    QCOMPARE(answer.range.end, end);
}

QTEST_GUILESS_MAIN(RangeHeaderTest)
#include "tst_range_header.moc"
