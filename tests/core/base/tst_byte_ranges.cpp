// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/byte_ranges.h"

#include <QJsonDocument>
#include <QTest>

#include <rapidcheck.h>

#include <set>
#include <vector>

using namespace sendoff;

namespace {

constexpr qint64 universe = 64;

// The naive model: each position by itself.
using Positions = std::set<qint64>;

struct Step {
    bool isAddition;
    ByteRange range; // may be empty or the wrong way round
};

Positions positionsOf(const ByteRanges &ranges)
{
    Positions positions;
    for (const ByteRange &range : ranges.ranges()) {
        for (qint64 position = range.begin; position < range.end; ++position)
            positions.insert(position);
    }
    return positions;
}

rc::Gen<ByteRange> anyRange()
{
    return rc::gen::map(rc::gen::pair(rc::gen::inRange<qint64>(0, universe + 1),
                                      rc::gen::inRange<qint64>(0, universe + 1)),
                        [](const auto &ends) {
                            return ByteRange{ends.first, ends.second};
                        });
}

std::vector<Step> anySteps()
{
    const auto raw = *rc::gen::container<std::vector<std::pair<bool, ByteRange>>>(
        rc::gen::pair(rc::gen::arbitrary<bool>(), anyRange()));
    std::vector<Step> steps;
    for (const auto &[isAddition, range] : raw)
        steps.push_back({isAddition, range});
    return steps;
}

void apply(const Step &step, ByteRanges &ranges, Positions &model)
{
    if (step.isAddition)
        ranges.add(step.range);
    else
        ranges.subtract(step.range);
    for (qint64 position = step.range.begin; position < step.range.end; ++position) {
        if (step.isAddition)
            model.insert(position);
        else
            model.erase(position);
    }
}

struct Built {
    ByteRanges ranges;
    Positions model;
};

Built anySet()
{
    Built built;
    for (const Step &step : anySteps())
        apply(step, built.ranges, built.model);
    return built;
}

// Sorted, disjoint, non-adjacent, none empty.
bool isCanonical(const ByteRanges &ranges)
{
    qint64 lastEnd = -1;
    for (const ByteRange &range : ranges.ranges()) {
        if (range.isEmpty() || range.begin <= lastEnd)
            return false;
        lastEnd = range.end;
    }
    return true;
}

} // namespace

namespace rc {
template <> struct Arbitrary<ByteRange> {
    static Gen<ByteRange> arbitrary() { return anyRange(); }
};
} // namespace rc

namespace sendoff {
void showValue(const ByteRange &range, std::ostream &stream)
{
    stream << '[' << range.begin << ", " << range.end << ')';
}
} // namespace sendoff

class ByteRangesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void additionsAndSubtractionsAgreeWithTheModel();
    void setOperationsAgreeWithTheModel();
    void questionsAgreeWithTheModel();
    void jsonReadsBack();
    void jsonOfPositionsOverFourGigabytesIsExact();
    void foreignJsonIsRefused_data();
    void foreignJsonIsRefused();
};

void ByteRangesTest::additionsAndSubtractionsAgreeWithTheModel()
{
    QVERIFY(rc::check([] {
        Built built;
        for (const Step &step : anySteps()) {
            apply(step, built.ranges, built.model);
            RC_ASSERT(positionsOf(built.ranges) == built.model);
            RC_ASSERT(isCanonical(built.ranges));
        }
    }));
}

void ByteRangesTest::setOperationsAgreeWithTheModel()
{
    QVERIFY(rc::check([] {
        const Built a = anySet();
        const Built b = anySet();
        ByteRanges sum = a.ranges;
        sum.add(b.ranges);
        ByteRanges rest = a.ranges;
        rest.subtract(b.ranges);
        Positions modelSum = a.model;
        modelSum.insert(b.model.begin(), b.model.end());
        Positions modelRest = a.model;
        for (const qint64 position : b.model)
            modelRest.erase(position);
        RC_ASSERT(positionsOf(sum) == modelSum);
        RC_ASSERT(positionsOf(rest) == modelRest);
        RC_ASSERT(isCanonical(sum) && isCanonical(rest));
    }));
}

void ByteRangesTest::questionsAgreeWithTheModel()
{
    QVERIFY(rc::check([](ByteRange window) {
        const auto [ranges, model] = anySet();
        Positions common;
        bool coversAll = true;
        for (qint64 position = window.begin; position < window.end; ++position) {
            if (model.contains(position))
                common.insert(position);
            else
                coversAll = false;
        }
        qint64 prefix = 0;
        while (model.contains(prefix))
            ++prefix;
        RC_ASSERT(positionsOf(ranges.intersected(window)) == common);
        RC_ASSERT(isCanonical(ranges.intersected(window)));
        RC_ASSERT(ranges.covers(window) == coversAll);
        RC_ASSERT(ranges.totalBytes() == qint64(model.size()));
        RC_ASSERT(ranges.prefix() == prefix);
        RC_ASSERT(ranges.isEmpty() == model.empty());
        RC_ASSERT(ranges.first().has_value() != model.empty());
        if (!model.empty())
            RC_ASSERT(ranges.first()->begin == *model.begin());
    }));
}

void ByteRangesTest::jsonReadsBack()
{
    QVERIFY(rc::check([] {
        const auto [ranges, model] = anySet();
        const QByteArray text = QJsonDocument(ranges.toJson()).toJson();
        const auto back = ByteRanges::fromJson(QJsonDocument::fromJson(text).array());
        RC_ASSERT(back.has_value());
        RC_ASSERT(*back == ranges);
    }));
}

void ByteRangesTest::jsonOfPositionsOverFourGigabytesIsExact()
{
    // 2^53 and one more: doubles cannot tell them apart.
    const ByteRanges ranges(ByteRange{9007199254740992, 9007199254740993});
    const QByteArray text = QJsonDocument(ranges.toJson()).toJson();
    const auto back = ByteRanges::fromJson(QJsonDocument::fromJson(text).array());
    QVERIFY(back.has_value());
    QVERIFY(*back == ranges);
}

void ByteRangesTest::foreignJsonIsRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("not pairs") << QByteArray("[1,2]");
    QTest::newRow("three numbers") << QByteArray("[[1,2,3]]");
    QTest::newRow("text") << QByteArray("[[\"1\",\"2\"]]");
    QTest::newRow("fractions") << QByteArray("[[0.5,2]]");
    QTest::newRow("negative") << QByteArray("[[-1,2]]");
    QTest::newRow("empty range") << QByteArray("[[2,2]]");
    QTest::newRow("wrong way round") << QByteArray("[[3,2]]");
    QTest::newRow("descending") << QByteArray("[[5,6],[1,2]]");
    QTest::newRow("overlapping") << QByteArray("[[1,5],[4,6]]");
    QTest::newRow("adjacent") << QByteArray("[[1,5],[5,6]]");
}

void ByteRangesTest::foreignJsonIsRefused()
{
    QFETCH(QByteArray, json);
    QVERIFY(!ByteRanges::fromJson(QJsonDocument::fromJson(json).array()).has_value());
}

QTEST_GUILESS_MAIN(ByteRangesTest)
#include "tst_byte_ranges.moc"
