// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/lane.h"
#include "core/activity/overlap.h"
#include "core/activity/sent_rates.h"
#include "core/activity/timeline.h"

#include <QTest>

#include <rapidcheck.h>

using namespace sendoff;
using namespace sendoff::activity;

namespace {

constexpr qint64 ms = 1'000'000;
constexpr qint64 second = 1000 * ms;
constexpr quint16 worker1 = 0;
constexpr quint16 worker2 = 1;
constexpr quint16 network = 2;
constexpr quint16 window = 3;

Span span(SpanKind kind, qint64 beginNs, qint64 endNs, ActivityId activity, quint16 thread,
          WaitReason reason = WaitReason::None)
{
    Span made;
    made.beginNs = beginNs;
    made.endNs = endNs;
    made.activity = activity;
    made.thread = thread;
    made.kind = kind;
    made.reason = reason;
    return made;
}

// Two workers, both loops; activity 1 is an export, 2 and 3 are uploads.
Recorder::Update updateAt(qint64 nowNs, std::vector<Span> spans, std::vector<Span> open = {})
{
    Recorder::Update update;
    update.threads = {{QStringLiteral("export 1"), 0, ThreadRole::Worker},
                      {QStringLiteral("export 2"), 0, ThreadRole::Worker},
                      {QStringLiteral("network"), 0, ThreadRole::Network},
                      {QStringLiteral("main"), 0, ThreadRole::Window}};
    update.activities = {ActivityFacts(),
                         {QStringLiteral("a.mkv"), ActivityRole::Export, QStringLiteral("job a")},
                         {QStringLiteral("a.mkv"), ActivityRole::Upload, QStringLiteral("job a")},
                         {QStringLiteral("b.mkv"), ActivityRole::Upload, QStringLiteral("job b")}};
    update.spans = std::move(spans);
    update.open = std::move(open);
    update.nowNs = nowNs;
    return update;
}

const Lane &laneOf(const Timeline &timeline, LaneKind kind, ActivityId activity = 0)
{
    for (const Lane &lane : timeline.lanes()) {
        if (lane.kind() == kind && lane.activity() == activity)
            return lane;
    }
    qFatal("no such lane");
}

QString kinds(const Timeline &timeline)
{
    static const char *const names[] = {"worker", "network", "upload", "window"};
    QStringList list;
    for (const Lane &lane : timeline.lanes())
        list.append(QString::fromLatin1(names[std::size_t(lane.kind())]));
    return list.join(u' ');
}

} // namespace

class TimelineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lanesComeInTheOrderInWhichTheyAreShown()
    {
        Timeline timeline;
        timeline.take(updateAt(10 * second, {}));
        QCOMPARE(kinds(timeline), QStringLiteral("worker worker network window"));
        timeline.take(updateAt(11 * second, {span(SpanKind::Turn, 10 * second, 10 * second + ms, 3,
                                                  network),
                                             span(SpanKind::Turn, 10 * second + ms,
                                                  10 * second + 2 * ms, 2, network)}));
        QCOMPARE(kinds(timeline), QStringLiteral("worker worker network upload upload window"));
        QCOMPARE(timeline.lanes()[3].activity(), ActivityId(2));
        // The upload's turns are the loop's too.
        QCOMPARE(laneOf(timeline, LaneKind::NetworkLoop).duty(0, 11 * second).turnNs, 2 * ms);
    }

    void turnsOnTheWindowsThreadAreNotAnUploads()
    {
        Timeline timeline;
        timeline.take(updateAt(11 * second, {span(SpanKind::Turn, 10 * second, 10 * second + ms, 2,
                                                  window)}));
        QCOMPARE(kinds(timeline), QStringLiteral("worker worker network window"));
    }

    void aMinuteIsKept()
    {
        Timeline timeline;
        timeline.take(updateAt(11 * second, {span(SpanKind::Turn, 10 * second, 10 * second + ms, 2,
                                                  network)}));
        timeline.take(updateAt(69 * second, {}));
        QCOMPARE(laneOf(timeline, LaneKind::Upload, 2).duty(0, 70 * second).turnNs, ms);
        timeline.take(updateAt(71 * second, {}));
        QCOMPARE(kinds(timeline), QStringLiteral("worker worker network window"));
    }

    void anUploadThatWaitsForLongKeepsItsLane()
    {
        Timeline timeline;
        timeline.take(updateAt(11 * second, {span(SpanKind::Turn, 10 * second, 10 * second + ms, 2,
                                                  network)}));
        const Span wait = span(SpanKind::Wait, 10 * second + ms, 100 * second, 2, 0,
                               WaitReason::Backoff);
        timeline.take(updateAt(100 * second, {}, {wait}));
        const Lane &lane = laneOf(timeline, LaneKind::Upload, 2);
        const Duty duty = lane.duty(90 * second, 100 * second);
        QCOMPARE(duty.waitNs[std::size_t(WaitReason::Backoff)], 10 * second);
        QCOMPARE(duty.mainReason(), WaitReason::Backoff);
        QCOMPARE(lane.at(95 * second)->reason, WaitReason::Backoff);
    }

    void whatIsOpenGoesUpToNow()
    {
        Timeline timeline;
        timeline.take(updateAt(20 * second, {},
                               {span(SpanKind::Work, 15 * second, 16 * second, 1, worker1)}));
        QCOMPARE(laneOf(timeline, LaneKind::Worker).duty(10 * second, 20 * second).workNs,
                 5 * second);
        // Read once more after its end: it counts once.
        timeline.take(updateAt(21 * second,
                               {span(SpanKind::Work, 15 * second, 20 * second + ms, 1, worker1)},
                               {span(SpanKind::Work, 15 * second, 20 * second, 1, worker1)}));
        QCOMPARE(laneOf(timeline, LaneKind::Worker).duty(10 * second, 21 * second).workNs,
                 5 * second + ms);
    }

    void theMomentNamesWhoRunsAndWhoWaits()
    {
        Timeline timeline;
        const qint64 t = 10 * second;
        timeline.take(updateAt(
            11 * second,
            {span(SpanKind::Turn, t, t + ms, 2, network),
             span(SpanKind::Wait, t + ms, t + 8 * ms, 2, network, WaitReason::Network),
             span(SpanKind::Ready, t + ms, t + 5 * ms, 3, network),
             span(SpanKind::Turn, t + 5 * ms, t + 8 * ms, 3, network),
             span(SpanKind::Busy, t, t + 9 * ms, 0, network),
             span(SpanKind::Busy, t, t + 4 * ms, 0, window),
             span(SpanKind::Paint, t + ms, t + 3 * ms, 0, window)},
            {span(SpanKind::Work, t - second, t, 1, worker1),
             span(SpanKind::Work, t - second, t, 1, worker2)}));
        const Timeline::Moment first = timeline.at(t + 2 * ms);
        QCOMPARE(first.exporting.size(), 2);
        QCOMPARE(first.turn, QString());
        QVERIFY(first.isNetworkLoopBusy);
        QCOMPARE(first.ready, QStringList(QStringLiteral("b.mkv")));
        QCOMPARE(first.waiting, 1);
        QVERIFY(first.isPainting);
        const Timeline::Moment second_ = timeline.at(t + 6 * ms);
        QCOMPARE(second_.turn, QStringLiteral("b.mkv"));
        QVERIFY(second_.ready.isEmpty());
        QVERIFY(!second_.isPainting);
    }

    // A stall of 5 ms that is nobody's turn is seen as such: in its place, at its length.
    void aStallOfTheLoopIsThere()
    {
        Timeline timeline;
        const qint64 t = 10 * second;
        timeline.take(updateAt(11 * second, {span(SpanKind::Busy, t, t + 5 * ms, 0, network)}));
        const Lane &loop = laneOf(timeline, LaneKind::NetworkLoop);
        QCOMPARE(loop.worstDelayNs(t - second, t + second), 5 * ms);
        QCOMPARE(loop.events(t, t + ms).size(), std::size_t(1));
        QCOMPARE(loop.events(t - second, t).size(), std::size_t(0));
    }

    // Against the plain sum, whatever the spans and the columns are.
    void columnsAddUpToTheSpans()
    {
        const auto holds = rc::check("columns", [] {
            Lane lane(LaneKind::Upload, 0, 1, 1 << 14);
            qint64 time = 1000;
            const auto lengths = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 500));
            for (std::size_t index = 0; index < lengths.size(); ++index) {
                const SpanKind kind = index % 3 == 0 ? SpanKind::Turn
                    : index % 3 == 1                 ? SpanKind::Wait
                                                     : SpanKind::Ready;
                lane.add(span(kind, time, time + lengths[index], 1, 0, WaitReason::Network));
                time += lengths[index];
            }
            const qint64 columnNs = *rc::gen::inRange<qint64>(1, 300);
            const int count = int((time - 1000) / columnNs) + 1;
            qint64 all = 0;
            for (const Duty &duty : lane.columns(1000, columnNs, count)) {
                const qint64 own = duty.turnNs + duty.readyNs + duty.waitTotalNs();
                RC_ASSERT(own <= columnNs);
                all += own;
            }
            RC_ASSERT(all == time - 1000);
        });
        QVERIFY(holds);
    }

    void aFullLaneLosesDetailButNoTime()
    {
        constexpr std::size_t capacity = 1000;
        Lane lane(LaneKind::Upload, 0, 1, capacity);
        qint64 time = second;
        for (int turn = 0; turn < 20'000; ++turn) {
            lane.add(span(SpanKind::Turn, time, time + ms / 10, 1, 0));
            lane.add(span(SpanKind::Wait, time + ms / 10, time + ms, 1, 0, WaitReason::Network));
            time += ms;
        }
        const Duty duty = lane.duty(second, time);
        QVERIFY(std::abs(duty.turnNs - 2 * second) < 2 * ms);
        QVERIFY(std::abs(duty.waitTotalNs() - 18 * second) < 20 * ms);
        // The newest are exact, the oldest are joined, and the lane stays small.
        QVERIFY(lane.spans(time - 100 * ms, time).back().isExact());
        QVERIFY(!lane.spans(second, second + ms).front().isExact());
        QVERIFY(lane.spans(0, time).size() <= 4 * capacity);
    }

    void theVisibleSpansAreThoseThatTouchTheWindow()
    {
        Lane lane(LaneKind::Worker, 0, 0, 1 << 14);
        for (qint64 number = 0; number < 1000; ++number)
            lane.add(span(SpanKind::Work, number * 10, number * 10 + 8, 1, 0));
        const auto visible = lane.spans(105, 131);
        QCOMPARE(visible.size(), std::size_t(4)); // 100–108, 110–118, 120–128, 130–138
        QCOMPARE(visible.front().beginNs, 100);
        QCOMPARE(lane.spans(108, 110).size(), std::size_t(0));
        QVERIFY(!lane.at(109));
        QCOMPARE(lane.at(110)->beginNs, 110);
    }

    void overlapIsThatOfTheWholeRun()
    {
        Overlap overlap;
        overlap.take(updateAt(10 * second, {span(SpanKind::Work, 0, 4 * second, 1, worker1)},
                              {span(SpanKind::Work, 5 * second, 6 * second, 1, worker1)}));
        QCOMPARE(overlap.exportSeconds(), 9.0);
        QCOMPARE(overlap.overlapSeconds(), 0.0);
        overlap.take(updateAt(
            100 * second,
            {span(SpanKind::Work, 5 * second, 20 * second, 1, worker1),
             span(SpanKind::Turn, 15 * second, 16 * second, 2, network),
             span(SpanKind::Wait, 16 * second, 18 * second, 2, network, WaitReason::Network),
             span(SpanKind::Wait, 18 * second, 40 * second, 2, network, WaitReason::Export)}));
        QCOMPARE(overlap.exportSeconds(), 19.0);
        QCOMPARE(overlap.uploadSeconds(), 3.0);
        QCOMPARE(overlap.overlapSeconds(), 3.0);
    }

    void ratesAreBytesPerSecondOfEachUpload()
    {
        SentRates rates;
        for (qint64 tick = 0; tick <= 100; ++tick) {
            rates.take(2, tick * 1'000'000, tick * 100 * ms); // 10 MB/s
            rates.take(3, tick * 500'000, tick * 100 * ms);
        }
        const qint64 now = 10 * second;
        QCOMPARE(rates.slot(0, now).at(2), 10e6);
        QCOMPARE(rates.slot(0, now).at(3), 5e6);
        QCOMPARE(rates.total(now), 15e6);
        rates.forgetIdle(now + 61 * second);
        QVERIFY(rates.slot(0, now).empty());
    }
};

QTEST_GUILESS_MAIN(TimelineTest)
#include "tst_timeline.moc"
