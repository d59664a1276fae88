// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which segment an export is at, from its thread to its lane.
#include "core/activity/loop_event.h"
#include "core/activity/timeline.h"
#include "core/base/segment_hook.h"

#include <QTest>

#include <thread>

using namespace sendoff;
using namespace sendoff::activity;
using namespace std::chrono_literals;

namespace {

struct Read {
    Recorder recorder;
    Recorder::Cursor cursor;
    Recorder::Update update;
    Timeline timeline;

    const Lane &workerLane()
    {
        recorder.readSince(cursor, update);
        timeline.take(update);
        return timeline.lanes().front();
    }
};

} // namespace

class SegmentsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLaneKnowsTheSegmentOfEachInstant();
    void withoutWorkNothingIsMarked();
    void whatBeganBeforeTheMinuteGoesOn();
    void tracesHoldNoMarks();
    void whatMeasuresALoopIsNotItsWork();
};

void SegmentsTest::aLaneKnowsTheSegmentOfEachInstant()
{
    Read read;
    const ActivityId id = read.recorder.registerActivity(QStringLiteral("a"), ActivityRole::Export);
    std::vector<qint64> within;
    std::jthread([&] {
        read.recorder.attachThisThread(QStringLiteral("export 1"), ThreadRole::Worker);
        const WorkSpan work(id);
        within.push_back(monotonicNs());
        for (const int number : {7, 8, 0}) {
            std::this_thread::sleep_for(1ms);
            noteSegment(number);
            std::this_thread::sleep_for(1ms);
            within.push_back(monotonicNs());
        }
    }).join();
    const Lane &lane = read.workerLane();
    QCOMPARE(lane.kind(), LaneKind::Worker);
    QVERIFY(!lane.segmentAt(id, within[0])); // before the first
    QCOMPARE(lane.segmentAt(id, within[1])->number, 7);
    QCOMPARE(lane.segmentAt(id, within[2])->number, 8);
    QVERIFY(!lane.segmentAt(id, within[3])); // none is left
    QVERIFY(!lane.segmentAt(id + 1, within[1])); // of another export
    QCOMPARE(lane.segments().size(), std::size_t(3));
    QVERIFY(lane.segments()[0].beginNs < within[1] && within[1] < lane.segments()[1].beginNs);
    // The work is one stretch as before.
    QCOMPARE(lane.spans(0, monotonicNs()).size(), std::size_t(1));
}

void SegmentsTest::withoutWorkNothingIsMarked()
{
    noteSegment(1); // nobody observes
    Read read;
    std::jthread([&] {
        read.recorder.attachThisThread(QStringLiteral("export 1"), ThreadRole::Worker);
        noteSegment(1);
    }).join();
    QVERIFY(read.workerLane().segments().empty());
}

void SegmentsTest::whatBeganBeforeTheMinuteGoesOn()
{
    Lane lane(LaneKind::Worker, 0, 0, 100);
    for (int number = 1; number <= 4; ++number) {
        Span mark;
        mark.beginNs = number * 1'000;
        mark.endNs = mark.beginNs + 1;
        mark.activity = 5;
        mark.kind = SpanKind::Segment;
        mark.part = quint16(number);
        lane.add(mark);
    }
    lane.forgetBefore(3'500);
    QCOMPARE(lane.segments().size(), std::size_t(2));
    QCOMPARE(lane.segmentAt(5, 3'600)->number, 3);
    QCOMPARE(lane.segmentAt(5, 4'000)->number, 4);
}

void SegmentsTest::tracesHoldNoMarks()
{
    Read read;
    const ActivityId id = read.recorder.registerActivity(QStringLiteral("a"), ActivityRole::Export);
    std::jthread([&] {
        read.recorder.attachThisThread(QStringLiteral("export 1"), ThreadRole::Worker);
        const WorkSpan work(id);
        noteSegment(1);
        std::this_thread::sleep_for(1ms);
    }).join();
    const Recorder::Snapshot snapshot = read.recorder.snapshot();
    QCOMPARE(snapshot.spans.size(), std::size_t(1));
    QCOMPARE(snapshot.spans.front().kind, SpanKind::Work);
}

void SegmentsTest::whatMeasuresALoopIsNotItsWork()
{
    Recorder recorder;
    std::jthread([&] {
        recorder.attachThisThread(QStringLiteral("network"), ThreadRole::Network);
        const auto event = [](bool isProbe, std::chrono::milliseconds length) {
            Recorder::eventBegan(LoopTask::Timer, "QTimer");
            if (isProbe)
                Recorder::eventWasProbe();
            std::this_thread::sleep_for(length);
            Recorder::eventEnded(LoopTask::Timer);
            std::this_thread::sleep_for(1ms); // not one stretch with the next
        };
        event(true, 0ms);
        event(false, 2ms);
        event(true, 0ms);
        event(true, 0ms);
        event(true, 5ms); // a late loop is told, whatever it was that took so long
        event(false, 0ms); // tells of the one before
    }).join();
    std::vector<qint64> lengths;
    for (const Span &span : recorder.snapshot().spans) {
        QCOMPARE(span.kind, SpanKind::Busy);
        lengths.push_back(span.lengthNs());
    }
    QCOMPARE(lengths.size(), std::size_t(2));
    QVERIFY(lengths[0] >= 2'000'000 && lengths[0] < lengths[1]);
    QVERIFY(lengths[1] >= 5'000'000);
}

QTEST_GUILESS_MAIN(SegmentsTest)
#include "tst_segments.moc"
