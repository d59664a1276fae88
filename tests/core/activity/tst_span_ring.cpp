// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/span_ring.h"

#include <QDeadlineTimer>
#include <QTest>

#include <thread>

using namespace sendoff;
using namespace sendoff::activity;
using namespace std::chrono_literals;

namespace {

void spin(std::chrono::microseconds duration)
{
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {}
}

// A span that says of itself whether it is whole.
Span numbered(qint64 number)
{
    Span span;
    span.beginNs = number * 1'000;
    span.endNs = number * 1'000 + number % 997 + 1;
    span.activity = ActivityId(number);
    span.kind = SpanKind(number % 5);
    span.part = quint16(number % 65'521);
    return span;
}

bool isWhole(const Span &span)
{
    const qint64 number = span.beginNs / 1'000;
    const Span expected = numbered(number);
    return span.beginNs == expected.beginNs && span.endNs == expected.endNs
        && span.activity == expected.activity && span.kind == expected.kind
        && span.part == expected.part;
}

} // namespace

class SpanRingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theRingKeepsTheNewest();
    void copiesAreWholeWhileTheWriterOverwrites();
};

void SpanRingTest::theRingKeepsTheNewest()
{
    SpanRing ring(10);
    std::vector<Span> spans;
    ring.copyTo(spans, 3);
    QVERIFY(spans.empty());
    for (qint64 number = 0; number < 25; ++number)
        ring.push(numbered(number));
    ring.copyTo(spans, 3);
    QCOMPARE(spans.size(), std::size_t(10));
    for (std::size_t index = 0; index < spans.size(); ++index) {
        QCOMPARE(spans[index].beginNs, qint64(15 + index) * 1'000);
        QVERIFY(isWhole(spans[index]));
        QCOMPARE(spans[index].thread, quint16(3));
    }
    QCOMPARE(ring.overwritten(), quint64(15));
}

void SpanRingTest::copiesAreWholeWhileTheWriterOverwrites()
{
    constexpr qint64 capacity = 2'000;
    constexpr int wantedOverlaps = 20;
    SpanRing ring(capacity);
    std::atomic<qint64> allowed{capacity}; // each copy meets at most half a ring of new spans …
    std::atomic<qint64> pushed{0}; // … and begins when the first of them is there
    const std::jthread writer([&](const std::stop_token &stop) {
        for (qint64 number = 0; !stop.stop_requested(); ++number) {
            while (number >= allowed && !stop.stop_requested())
                std::this_thread::yield();
            ring.push(numbered(number));
            pushed = number + 1;
            if (number % 10 == 0)
                spin(5us); // so that writing takes as long as copying
        }
    });
    std::size_t copied = 0;
    int overlaps = 0; // copies from which something had to be left out
    bool areWhole = true;
    const QDeadlineTimer deadline(30'000);
    while (overlaps < wantedOverlaps && areWhole && !deadline.hasExpired()) {
        const qint64 before = allowed.fetch_add(capacity / 2);
        while (pushed <= before)
            std::this_thread::yield();
        std::vector<Span> spans;
        ring.copyTo(spans, 0);
        for (std::size_t index = 0; index < spans.size(); ++index) {
            const bool follows =
                index == 0 || spans[index].beginNs == spans[index - 1].beginNs + 1'000;
            areWhole = areWhole && isWhole(spans[index]) && follows;
        }
        copied += spans.size();
        overlaps += spans.size() < capacity ? 1 : 0;
    }
    QVERIFY(areWhole);
    QVERIFY(overlaps > 0);
    QVERIFY(copied > 0);
}

QTEST_GUILESS_MAIN(SpanRingTest)
#include "tst_span_ring.moc"
