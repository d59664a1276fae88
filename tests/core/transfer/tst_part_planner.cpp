// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/part_planner.h"

#include <QtTest>

#include <rapidcheck.h>

using namespace sendoff;
using namespace sendoff::transfer;

namespace {

OutputFeed::State feedWith(const QList<ByteRange> &sealed, std::optional<qint64> total = {},
                           qint64 headReserve = 0)
{
    OutputFeed::State state;
    state.generation = 1;
    for (const ByteRange &range : sealed)
        state.sealed.add(range);
    state.total = total;
    state.headReserve = headReserve;
    return state;
}

Capabilities rulesOf(qint64 minimum, qint64 maximum, qint64 multiple, bool anyOrder)
{
    Capabilities rules;
    rules.minimumPart = minimum;
    rules.maximumPart = maximum;
    rules.partMultiple = multiple;
    rules.takesAnyOrder = anyOrder;
    return rules;
}

const Capabilities anySize = rulesOf(0, 0, 1, false);
const Capabilities anyOrder = rulesOf(0, 0, 1, true);
const Capabilities numbered = rulesOf(5, 10, 1, true); // as S3
const Capabilities multiples = rulesOf(4, 12, 4, false); // as Google

// Of rules that number their parts, as S3's do; else null.
const PartGrid *gridOf(const Capabilities &rules)
{
    static PartGrid grid = PartGrid::equal(1);
    if (!rules.takesAnyOrder || rules.minimumPart == 0 || rules.maximumPart == 0)
        return nullptr;
    grid = PartGrid::equal(rules.maximumPart);
    return &grid;
}

// A source at some moment: a file of `size` bytes, written in order from `headReserve` on.
struct Moment {
    OutputFeed::State source;
    qint64 size = 0;
};

Moment arbitraryMoment()
{
    Moment moment;
    moment.size = *rc::gen::inRange<qint64>(1, 200);
    const qint64 reserve = *rc::gen::inRange<qint64>(0, moment.size);
    const bool isComplete = *rc::gen::arbitrary<bool>();
    const qint64 written = *rc::gen::inRange<qint64>(reserve, moment.size + 1);
    moment.source = isComplete ? feedWith({{0, moment.size}}, moment.size)
                               : feedWith({{reserve, written}}, std::nullopt, reserve);
    return moment;
}

Capabilities arbitraryRules()
{
    const qint64 multiple = *rc::gen::inRange<qint64>(1, 6);
    const qint64 minimum = *rc::gen::inRange<qint64>(0, 4) * multiple;
    const qint64 room = *rc::gen::inRange<qint64>(1, 5) * multiple;
    const bool isLimited = *rc::gen::arbitrary<bool>();
    const bool isAnyOrder = *rc::gen::arbitrary<bool>();
    return rulesOf(minimum, isLimited ? minimum + room : 0, multiple, isAnyOrder);
}

} // namespace

class TestPartPlanner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesOnInsidePartsOfTheirOwn();
    void cutsToTheRules_data();
    void cutsToTheRules();
    void sendsEachByteOnceWhateverTheRules();
    void keepsToTheRulesAtAnyMoment();
};

void TestPartPlanner::cutsToTheRules_data()
{
    QTest::addColumn<OutputFeed::State>("source");
    QTest::addColumn<ByteRanges>("confirmed");
    QTest::addColumn<Capabilities>("rules");
    QTest::addColumn<qint64>("atLeast");
    QTest::addColumn<ByteRange>("part"); // empty = none
    QTest::addColumn<bool>("isLast");
    const ByteRanges none;
    const ByteRange no;

    QTest::newRow("a finished file in one request")
        << feedWith({{0, 100}}, 100) << none << anySize << 0LL << ByteRange{0, 100} << true;
    QTest::newRow("the rest of a finished file")
        << feedWith({{0, 100}}, 100) << ByteRanges::upTo(40) << anySize << 0LL << ByteRange{40, 100}
        << true;
    QTest::newRow("nothing of an empty file")
        << feedWith({}, 0) << none << anySize << 0LL << no << false;
    QTest::newRow("nothing when all is confirmed")
        << feedWith({{0, 100}}, 100) << ByteRanges::upTo(100) << anySize << 0LL << no << false;
    QTest::newRow("what is sealed of a growing file")
        << feedWith({{0, 30}}) << ByteRanges::upTo(10) << anySize << 0LL << ByteRange{10, 30}
        << false;
    QTest::newRow("too little to be worth a request")
        << feedWith({{0, 30}}) << ByteRanges::upTo(10) << anySize << 21LL << no << false;
    QTest::newRow("just enough to be worth a request")
        << feedWith({{0, 30}}) << ByteRanges::upTo(10) << anySize << 20LL << ByteRange{10, 30}
        << false;
    QTest::newRow("a little is sent when the total is known")
        << feedWith({{0, 30}}, 30) << ByteRanges::upTo(29) << anySize << 20LL << ByteRange{29, 30}
        << true;
    QTest::newRow("in order: waits for the head")
        << feedWith({{20, 90}}, std::nullopt, 20) << none << anySize << 0LL << no << false;
    QTest::newRow("in order: not past a gap")
        << feedWith({{0, 10}, {20, 30}}) << none << anySize << 0LL << ByteRange{0, 10} << false;
    QTest::newRow("in order: only after the prefix, whatever else is confirmed")
        << feedWith({{0, 100}}, 100) << ByteRanges(ByteRange{50, 60}) << anySize << 0LL
        << ByteRange{0, 100} << true;
    QTest::newRow("any order: what follows the head comes first")
        << feedWith({{20, 90}}, std::nullopt, 20) << none << anyOrder << 0LL << ByteRange{20, 90}
        << false;
    QTest::newRow("any order: the head waits even when it is sealed")
        << feedWith({{0, 90}}, std::nullopt, 20) << none << anyOrder << 0LL << ByteRange{20, 90}
        << false;
    QTest::newRow("any order: the head comes with the total")
        << feedWith({{0, 90}}, 90, 20) << ByteRanges(ByteRange{20, 90}) << anyOrder << 0LL
        << ByteRange{0, 20} << false;
    QTest::newRow("numbered: only a full part")
        << feedWith({{0, 19}}) << ByteRanges::upTo(10) << numbered << 0LL << no << false;
    QTest::newRow("numbered: the next full part") << feedWith({{0, 25}}) << ByteRanges::upTo(10)
                                                  << numbered << 0LL << ByteRange{10, 20} << false;
    QTest::newRow("numbered: the last part is as small as it is")
        << feedWith({{0, 21}}, 21) << ByteRanges::upTo(20) << numbered << 0LL << ByteRange{20, 21}
        << true;
    QTest::newRow("numbered: the first part waits for the head")
        << feedWith({{3, 30}}, std::nullopt, 3) << none << numbered << 0LL << ByteRange{10, 20}
        << false;
    QTest::newRow("numbered: a part that arrived in part is sent whole")
        << feedWith({{0, 30}}, 30) << ByteRanges::upTo(14) << numbered << 0LL << ByteRange{10, 20}
        << false;
    QTest::newRow("multiples: rounded down while it grows")
        << feedWith({{0, 11}}) << none << multiples << 0LL << ByteRange{0, 8} << false;
    QTest::newRow("multiples: cut at the maximum")
        << feedWith({{0, 50}}, 50) << none << multiples << 0LL << ByteRange{0, 12} << false;
    QTest::newRow("multiples: the odd rest at the end")
        << feedWith({{0, 50}}, 50) << ByteRanges::upTo(48) << multiples << 0LL << ByteRange{48, 50}
        << true;
    QTest::newRow("multiples: under the minimum")
        << feedWith({{0, 3}}) << none << multiples << 0LL << no << false;
    QTest::newRow("positions beyond 4 GiB")
        << feedWith({{0, 5LL << 32}}, 5LL << 32) << ByteRanges::upTo(4LL << 32) << anySize << 0LL
        << ByteRange{4LL << 32, 5LL << 32} << true;
}

void TestPartPlanner::cutsToTheRules()
{
    QFETCH(const OutputFeed::State, source);
    QFETCH(const ByteRanges, confirmed);
    QFETCH(const Capabilities, rules);
    QFETCH(const qint64, atLeast);
    QFETCH(const ByteRange, part);
    QFETCH(const bool, isLast);
    const auto planned = nextPart(source, confirmed, rules, gridOf(rules), atLeast);
    QCOMPARE(planned.has_value(), !part.isEmpty());
    if (!planned)
        return;
    QCOMPARE(planned->range.begin, part.begin);
    QCOMPARE(planned->range.end, part.end);
    QCOMPARE(planned->isLast, isLast);
    QVERIFY(planned->total == source.total);
}

void TestPartPlanner::sendsEachByteOnceWhateverTheRules()
{
    const bool holds = rc::check("every byte of a finished file is planned exactly once", [] {
        const qint64 size = *rc::gen::inRange<qint64>(0, 300);
        const Capabilities rules = arbitraryRules();
        const OutputFeed::State source = feedWith({{0, size}}, size);
        ByteRanges confirmed;
        qint64 sent = 0;
        while (const auto part = nextPart(source, confirmed, rules, gridOf(rules))) {
            sent += part->range.size();
            RC_ASSERT(sent <= size);
            confirmed.add(part->range);
        }
        RC_ASSERT(confirmed == ByteRanges::upTo(size));
        RC_ASSERT(sent == size);
    });
    QVERIFY(holds);
}

void TestPartPlanner::keepsToTheRulesAtAnyMoment()
{
    const bool holds = rc::check("a part is sealed, wanted and of an allowed size", [] {
        const Moment moment = arbitraryMoment();
        const Capabilities rules = arbitraryRules();
        const ByteRanges confirmed = ByteRanges::upTo(*rc::gen::inRange<qint64>(0, moment.size));
        const auto part = nextPart(moment.source, confirmed, rules, gridOf(rules));
        if (!part)
            return;
        const ByteRange range = part->range;
        RC_ASSERT(moment.source.sealed.covers(range));
        RC_ASSERT(!confirmed.covers(range));
        RC_ASSERT((rules.maximumPart == 0 || range.size() <= rules.maximumPart));
        RC_ASSERT((rules.takesAnyOrder || range.begin == confirmed.prefix()));
        const bool isOnGrid = gridOf(rules) != nullptr;
        RC_ASSERT((!isOnGrid || range.begin % rules.maximumPart == 0));
        RC_ASSERT((part->isLast == (moment.source.total && range.end == *moment.source.total)));
        if (!part->isLast) {
            RC_ASSERT(range.size() >= rules.minimumPart);
            RC_ASSERT((isOnGrid || range.size() % rules.partMultiple == 0));
        }
    });
    QVERIFY(holds);
}

// tus: Concatenation: a part that stopped goes on where it stopped, and none is begun before it is
// sealed whole.
void TestPartPlanner::goesOnInsidePartsOfTheirOwn()
{
    const PartGrid grid = PartGrid::equal(100).goingOnInside();
    Capabilities rules;
    rules.takesAnyOrder = true;
    ByteRanges taken;
    taken.add({0, 30});
    taken.add({100, 200});
    const auto rangeOf = [&](const OutputFeed::State &source) {
        const auto part = nextPart(source, taken, rules, &grid);
        return part ? part->range : ByteRange{};
    };
    QCOMPARE(rangeOf(feedWith({{0, 250}})), (ByteRange{30, 100}));
    rules.maximumPart = 50;
    QCOMPARE(rangeOf(feedWith({{0, 250}})), (ByteRange{30, 80}));
    taken.add({0, 100});
    QCOMPARE(rangeOf(feedWith({{0, 250}})), ByteRange{}); // the third is not full yet
    QCOMPARE(rangeOf(feedWith({{0, 250}}, 250)), (ByteRange{200, 250})); // the last one
}

QTEST_APPLESS_MAIN(TestPartPlanner)
#include "tst_part_planner.moc"
