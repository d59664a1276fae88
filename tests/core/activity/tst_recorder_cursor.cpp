// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/loop_event.h"
#include "core/activity/recorder.h"

#include <QCoreApplication>
#include <QTest>
#include <QTimer>

#include <atomic>
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

class Attached {
public:
    Attached(Recorder &recorder, const char *name, ThreadRole role)
        : m_recorder(recorder)
    {
        m_recorder.attachThisThread(QString::fromLatin1(name), role);
    }
    ~Attached() { m_recorder.detachThisThread(); }
    Attached(const Attached &) = delete;
    Attached &operator=(const Attached &) = delete;

private:
    Recorder &m_recorder;
};

std::size_t count(const std::vector<Span> &spans, SpanKind kind)
{
    return std::size_t(std::count_if(spans.begin(), spans.end(),
                                     [kind](const Span &span) { return span.kind == kind; }));
}

qint64 longest(const std::vector<Span> &spans, SpanKind kind)
{
    qint64 longest = 0;
    for (const Span &span : spans)
        longest = std::max(longest, span.kind == kind ? span.lengthNs() : 0);
    return longest;
}

} // namespace

class RecorderCursorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachSpanIsReadOnce();
    void whatWasMissedIsCounted();
    void newThreadsAndActivitiesAppear();
    void whatIsOpenIsTold();
    void eachSpanIsReadOnceWhileThreadsRecord();
    void eventsOfALoopBecomeBusySpans();
    void aStallOfFiveMillisecondsIsSeen();
    void aLongEventIsRemembered();
    void sentBytesAddUp();
};

void RecorderCursorTest::eachSpanIsReadOnce()
{
    Recorder recorder;
    const Attached attached(recorder, "network", ThreadRole::Network);
    const ActivityId id = recorder.registerActivity(QStringLiteral("a"), ActivityRole::Upload);
    Recorder::Cursor cursor;
    Recorder::Update update;
    for (int round = 0; round < 3; ++round) {
        for (int turn = 0; turn < 10; ++turn) {
            const Turn working(id);
            spin(2us);
        }
        recorder.readSince(cursor, update);
        QCOMPARE(count(update.spans, SpanKind::Turn), std::size_t(10));
        QCOMPARE(update.lost, quint64(0));
    }
    recorder.readSince(cursor, update);
    QVERIFY(update.spans.empty());
    // Another reader begins at the beginning.
    Recorder::Cursor other;
    Recorder::Update all;
    recorder.readSince(other, all);
    QCOMPARE(count(all.spans, SpanKind::Turn), std::size_t(30));
}

void RecorderCursorTest::whatWasMissedIsCounted()
{
    Recorder recorder(8);
    const Attached attached(recorder, "network", ThreadRole::Network);
    Recorder::Cursor cursor;
    Recorder::Update update;
    const auto turns = [&](int number) {
        for (int turn = 0; turn < number; ++turn) {
            const Turn working(1);
            spin(2us);
        }
    };
    turns(5);
    recorder.readSince(cursor, update);
    turns(20);
    recorder.readSince(cursor, update);
    QCOMPARE(update.spans.size(), std::size_t(8));
    QCOMPARE(update.lost, quint64(12));
    turns(1);
    recorder.readSince(cursor, update);
    QCOMPARE(update.spans.size(), std::size_t(1));
    QCOMPARE(update.lost, quint64(0));
}

void RecorderCursorTest::newThreadsAndActivitiesAppear()
{
    Recorder recorder;
    Recorder::Cursor cursor;
    Recorder::Update update;
    recorder.readSince(cursor, update);
    QVERIFY(update.threads.empty());
    QCOMPARE(update.activities.size(), std::size_t(1));
    const ActivityId id =
        recorder.registerActivity(QStringLiteral("clip.mkv"), ActivityRole::Export, QStringLiteral("job"));
    recorder.setCodecThreads(id, 2);
    std::jthread([&] {
        const Attached attached(recorder, "export 1", ThreadRole::Worker);
        const WorkSpan work(id);
        spin(50us);
    });
    recorder.readSince(cursor, update);
    QCOMPARE(update.threads.size(), std::size_t(1));
    QCOMPARE(update.threads[0].role, ThreadRole::Worker);
    QCOMPARE(update.activities.size(), std::size_t(2));
    QCOMPARE(update.activities[id].title, QStringLiteral("clip.mkv"));
    QCOMPARE(update.activities[id].job, QStringLiteral("job"));
    QCOMPARE(count(update.spans, SpanKind::Work), std::size_t(1));
    QCOMPARE(recorder.codecThreads(id), 2);
    QCOMPARE(recorder.codecThreads(7), 0);
}

void RecorderCursorTest::whatIsOpenIsTold()
{
    Recorder recorder;
    const Attached attached(recorder, "network", ThreadRole::Network);
    const ActivityId working = recorder.registerActivity(QStringLiteral("a"));
    const ActivityId waiting = recorder.registerActivity(QStringLiteral("b"));
    {
        const Turn turn(waiting);
        noteWait(WaitReason::SpeedLimit);
    }
    Recorder::Cursor cursor;
    Recorder::Update update;
    {
        const WorkSpan work(working);
        spin(50us);
        recorder.readSince(cursor, update);
        QCOMPARE(update.open.size(), std::size_t(2));
        QCOMPARE(update.open[0].kind, SpanKind::Work);
        QCOMPARE(update.open[0].activity, working);
        QVERIFY(update.open[0].lengthNs() >= 50'000);
        QCOMPARE(update.open[1].kind, SpanKind::Wait);
        QCOMPARE(update.open[1].activity, waiting);
        QCOMPARE(update.open[1].reason, WaitReason::SpeedLimit);
        QCOMPARE(update.open[1].endNs, update.nowNs);
    }
    {
        const Turn last(waiting); // ends without a reason: it has finished
    }
    recorder.readSince(cursor, update);
    QVERIFY(update.open.empty());
}

// Four writers, one reader that is often too slow: every span that was not overwritten comes once,
// whole and in order.
void RecorderCursorTest::eachSpanIsReadOnceWhileThreadsRecord()
{
    constexpr int writers = 4;
    Recorder recorder(512);
    std::atomic<quint64> written{0};
    std::vector<std::jthread> threads;
    for (int number = 0; number < writers; ++number) {
        threads.emplace_back([&](const std::stop_token &stop) {
            const Attached attached(recorder, "worker", ThreadRole::Worker);
            while (!stop.stop_requested()) {
                const WorkSpan work(1);
                spin(1us);
                ++written;
            }
        });
    }
    Recorder::Cursor cursor;
    Recorder::Update update;
    std::vector<qint64> lastEnd(writers, 0);
    quint64 read = 0;
    quint64 lost = 0;
    const auto take = [&] {
        recorder.readSince(cursor, update);
        for (const Span &span : update.spans) {
            QCOMPARE(span.kind, SpanKind::Work);
            QVERIFY(span.beginNs >= lastEnd[span.thread]);
            QVERIFY(span.endNs > span.beginNs);
            lastEnd[span.thread] = span.endNs;
        }
        read += update.spans.size();
        lost += update.lost;
    };
    while (read < 20'000)
        take();
    threads.clear(); // stops and joins
    take();
    QCOMPARE(read + lost, written.load());
}

void RecorderCursorTest::eventsOfALoopBecomeBusySpans()
{
    Recorder recorder;
    const Attached attached(recorder, "main", ThreadRole::Window);
    Recorder::Cursor cursor;
    Recorder::Update update;
    QObject receiver;
    const QEvent call(QEvent::MetaCall);
    const QEvent paint(QEvent::Paint);
    {
        const LoopEvent outer(&receiver, &call);
        spin(100us);
        const LoopEvent inner(&receiver, &paint); // a part of it
        spin(200us);
    }
    {
        const LoopEvent next(&receiver, &call); // right after it: the same stretch
        spin(100us);
    }
    spin(100us);
    {
        const LoopEvent later(&receiver, &call); // the stretch before has ended
    }
    recorder.readSince(cursor, update);
    QCOMPARE(count(update.spans, SpanKind::Paint), std::size_t(1));
    QVERIFY(longest(update.spans, SpanKind::Paint) >= 200'000);
    QVERIFY(count(update.spans, SpanKind::Busy) >= 1); // two where the machine came in between
    qint64 busy = 0;
    for (const Span &span : update.spans)
        busy += span.kind == SpanKind::Busy ? span.lengthNs() : 0;
    QVERIFY(busy >= 400'000);
}

// The program's own application object, a real event loop, something that blocks it: nobody's turn.
void RecorderCursorTest::aStallOfFiveMillisecondsIsSeen()
{
    Recorder recorder;
    const Attached attached(recorder, "network", ThreadRole::Network);
    QTimer::singleShot(1, qApp, [] { spin(5ms); });
    QTimer other;
    other.start(2); // goes on meanwhile: a stretch is told once the next one begins
    QTest::qWait(50);
    Recorder::Cursor cursor;
    Recorder::Update update;
    recorder.readSince(cursor, update);
    QVERIFY(longest(update.spans, SpanKind::Busy) >= 5'000'000);
    QCOMPARE(count(update.spans, SpanKind::Turn), std::size_t(0));
}

void RecorderCursorTest::aLongEventIsRemembered()
{
    Recorder recorder;
    const Attached attached(recorder, "main", ThreadRole::Window);
    const qint64 before = monotonicNs();
    QVERIFY(!recorder.longEventSince(0, before));
    QTimer timer;
    {
        const QEvent event(QEvent::Timer);
        const LoopEvent observed(&timer, &event);
        spin(std::chrono::microseconds(ThreadRecord::longEventNs / 1000 + 1000));
    }
    const auto held = recorder.longEventSince(0, before);
    QVERIFY(held);
    QCOMPARE(held->task, LoopTask::Timer);
    QCOMPARE(QByteArray(held->receiver), QByteArray("QTimer"));
    QVERIFY(held->endNs - held->beginNs >= ThreadRecord::longEventNs);
    QVERIFY(!recorder.longEventSince(0, held->endNs));
    QVERIFY(!recorder.longEventSince(9, before));
}

void RecorderCursorTest::sentBytesAddUp()
{
    Recorder recorder;
    const Attached attached(recorder, "network", ThreadRole::Network);
    const ActivityId id = recorder.registerActivity(QStringLiteral("a"));
    noteSent(id, 1000);
    noteSent(id, -5); // nothing new was acknowledged
    noteSent(id, 24);
    noteSent(0, 99);
    QCOMPARE(recorder.sentBytes(id), 1024);
    QCOMPARE(recorder.sentBytes(0), 0);
}

int main(int argc, char **argv)
{
    activity::ObservedApplication<QCoreApplication> application(argc, argv);
    RecorderCursorTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_recorder_cursor.moc"
