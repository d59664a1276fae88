// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Activity view costs: recording a span, reading them, drawing 5,000 of them 30 times a
// second with 1, 7 and 64 lanes, and the whole dock with its gauges in ordinary use, shown and
// hidden. Processor time of the threads that do it, so that other load hardly matters. Each figure
// with its bound; exits with 1 where one is over. Usage: bench_activity [seconds]
#include "core/activity/loop_event.h"
#include "core/activity/process_usage.h"
#include "core/activity/recorder.h"
#include "core/activity/span_ring.h"
#include "core/base/segment_hook.h"
#include "core/base/worker_pool.h"
#include "tests/ui/activity/busy_program.h"
#include "ui/activity/activity_dock.h"
#include "ui/activity/activity_feed.h"
#include "ui/activity/gauges.h"
#include "ui/activity/story_strips.h"
#include "ui/activity/timeline_painter.h"
#include "ui/activity/timeline_widget.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFontMetrics>
#include <QImage>
#include <QMainWindow>
#include <QPainter>
#include <QStatusBar>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <future>

using namespace sendoff;
using namespace sendoff::activity;
using namespace sendoff::ui;

namespace {

constexpr int spanRounds = 2'000'000;
constexpr qint64 secondNs = 1'000'000'000;

constexpr double spanBoundNs = 100;
constexpr double drawingBoundPercent = 3;
constexpr double openBoundPercent = 2;
constexpr double hiddenBoundPercent = 0.1; // reading what was recorded, once a second

int figuresOver = 0;

void tell(const QString &what, double figure, const char *unit, double bound)
{
    const bool isOver = figure > bound;
    figuresOver += isOver ? 1 : 0;
    std::printf("%s  %s: %.2f %s (bound %g)\n", isOver ? "over" : "PASS", qPrintable(what), figure,
                unit, bound);
    std::fflush(stdout);
}

template <typename Work> double nanosecondsEach(int rounds, Work work)
{
    const long long begin = threadCpuNs();
    for (int round = 0; round < rounds; ++round)
        work();
    return double(threadCpuNs() - begin) / rounds;
}

void measureRecording()
{
    SpanRing ring(1 << 16);
    Span span;
    span.beginNs = 1;
    span.endNs = 2;
    tell(QStringLiteral("a span into its ring"),
         nanosecondsEach(spanRounds, [&] { ring.push(span); }), "ns", spanBoundNs);

    Recorder recorder;
    const ActivityId id = recorder.registerActivity(QStringLiteral("a"), ActivityRole::Upload);
    tell(QStringLiteral("a turn that nobody observes"),
         nanosecondsEach(spanRounds, [&] { const Turn turn(id); }), "ns", spanBoundNs);
    recorder.attachThisThread(QStringLiteral("network"), ThreadRole::Network);
    std::printf("      a reading of the clock: %.2f ns\n",
                nanosecondsEach(spanRounds, [] { (void)monotonicNs(); }));
    const double turn = nanosecondsEach(spanRounds, [&] {
        const Turn working(id, 1);
        noteWait(WaitReason::Network);
    });
    tell(QStringLiteral("each of the three spans of a turn with its readiness and its wait"),
         turn / 3, "ns", spanBoundNs);
    QObject receiver;
    const QEvent call(QEvent::MetaCall);
    tell(QStringLiteral("an event of a loop"), nanosecondsEach(spanRounds, [&] {
             const LoopEvent event(&receiver, &call);
         }),
         "ns", spanBoundNs);
    {
        const LoopEvent outer(&receiver, &call);
        tell(QStringLiteral("an event inside of another"), nanosecondsEach(spanRounds, [&] {
                 const LoopEvent event(&receiver, &call);
             }),
             "ns", spanBoundNs);
    }
    const WorkSpan work(id);
    tell(QStringLiteral("the mark of a segment"),
         nanosecondsEach(spanRounds, [] { noteSegment(1); }), "ns", spanBoundNs);
    recorder.detachThisThread();
}

void measureReading()
{
    Recorder recorder;
    const ActivityId id = recorder.registerActivity(QStringLiteral("a"), ActivityRole::Upload);
    recorder.attachThisThread(QStringLiteral("network"), ThreadRole::Network);
    Recorder::Cursor cursor;
    Recorder::Update update;
    recorder.readSince(cursor, update);
    for (int number = 0; number < 5'000; ++number) {
        const Turn working(id);
        noteWait(WaitReason::Network);
    }
    const long long begin = threadCpuNs();
    recorder.readSince(cursor, update);
    std::printf("      reading %zu new spans: %.0f µs\n", update.spans.size(),
                double(threadCpuNs() - begin) / 1e3);
    recorder.detachThisThread();
}

// 5,000 spans over the last minute, spread over so many uploads.
Timeline timelineWith(int uploads, int spans)
{
    Recorder::Update update;
    update.threads = {{QStringLiteral("network"), 0, ThreadRole::Network}};
    update.activities.emplace_back();
    for (int number = 1; number <= uploads; ++number)
        update.activities.push_back({QStringLiteral("Upload %1").arg(number), ActivityRole::Upload, {}});
    update.nowNs = 100 * secondNs;
    const qint64 step = Timeline::keptNs / spans;
    for (int number = 0; number < spans; ++number) {
        const qint64 begin = 40 * secondNs + number * step;
        Span span;
        span.beginNs = begin;
        span.endNs = begin + step / 4;
        span.activity = ActivityId(1 + number % uploads);
        update.spans.push_back(span);
    }
    Timeline timeline;
    timeline.take(update);
    return timeline;
}

// Everything anew in each frame, as while the picture scrolls by one column a frame.
void measurePainting(int lanes)
{
    constexpr int frames = 300;
    const Timeline timeline = timelineWith(lanes, 5'000);
    QImage image(1200, 400, QImage::Format_RGB32);
    const ActivityColors colors = activityColors(QApplication::palette());
    TimelineCaches caches;
    TimelineView view;
    view.storyEndNs = timeline.nowNs() - secondNs;
    view.loupeBeginNs = 90 * secondNs;
    const TimelineLayout layout({&timeline, QFontMetrics(QApplication::font()), image.width(),
                                 Qt::LeftToRight, 2});
    view.exposed = image.rect(); // more lanes than fit are scrolled
    const qint64 column = view.storyLengthNs / layout.story().width();
    const double frame = nanosecondsEach(frames, [&] {
        view.storyEndNs += column / 4;
        QPainter painter(&image);
        painter.fillRect(image.rect(), Qt::white);
        TimelinePainter(painter, layout, timeline, view, colors, caches).paint({});
    });
    tell(QStringLiteral("%1 lanes, 5,000 spans, 30 frames a second").arg(lanes),
         frame * 30 / 1e9 * 100, "% of a core", drawingBoundPercent);
}

void runLoop(double seconds)
{
    QEventLoop loop; // processEvents() with a time does not wait: it would be measured itself
    QTimer::singleShot(int(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
}

// What the thread of the I/O pool, of which there is one here, has used so far.
qint64 poolCpuNs(WorkerPool &pool)
{
    std::promise<qint64> used;
    auto answer = used.get_future();
    pool.start([&used] { used.set_value(threadCpuNs()); });
    return answer.get();
}

// In percent of a core: this thread, and the pool's, which measures the processor.
double percentWhile(WorkerPool &io, double seconds)
{
    const qint64 before = threadCpuNs() + poolCpuNs(io);
    QElapsedTimer timer;
    timer.start();
    runLoop(seconds);
    const qint64 used = threadCpuNs() + poolCpuNs(io) - before;
    return double(used) / double(timer.nsecsElapsed()) * 100;
}

// A window as the program's, with nothing in it but the view: what is measured is the view's.
void measureDock(double seconds)
{
    Recorder recorder;
    const test::AttachedWindow attached(recorder);
    const test::BusyProgram program(recorder, 2, 3);
    WorkerPool io(QStringLiteral("io"), 1, 0);
    QMainWindow window;
    window.resize(1280, 420);
    window.show();
    runLoop(1);
    std::printf("      a window without the view: %.2f %% of a core\n", percentWhile(io, seconds));

    ActivityFeed feed(&recorder);
    feed.measureProcessorOn(&io);
    auto *const dock = new ActivityDock(&feed);
    window.addDockWidget(Qt::BottomDockWidgetArea, dock);
    for (QWidget *gauge : std::initializer_list<QWidget *>{
             new CpuGauge(&feed), new NetworkGauge(&feed), new LagGauge(&feed)})
        window.statusBar()->addPermanentWidget(gauge);
    runLoop(2);
    tell(QStringLiteral("the view and its gauges, open, two exports and three uploads"),
         percentWhile(io, seconds), "% of a core", openBoundPercent);

    dock->hide();
    window.statusBar()->hide();
    runLoop(1);
    const quint64 painted = dock->timeline()->framesPainted();
    tell(QStringLiteral("the view, hidden: it paints nothing and is read once a second"),
         percentWhile(io, seconds), "% of a core", hiddenBoundPercent);
    tell(QStringLiteral("frames painted while it was hidden"),
         double(dock->timeline()->framesPainted() - painted), "frames", 0);
}

} // namespace

int main(int argc, char **argv)
{
    ObservedApplication<QApplication> application(argc, argv);
    const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
    measureRecording();
    measureReading();
    for (const int lanes : {1, 7, 64})
        measurePainting(lanes);
    measureDock(seconds);
    return figuresOver == 0 ? 0 : 1;
}
