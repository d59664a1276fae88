// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Activity view costs: recording a span, reading them, drawing 5,000 of them 30 times a
// second with 1, 7 and 64 lanes, and the whole dock in ordinary use, shown and hidden. Processor
// time of the thread, so that other load hardly matters. Usage: bench_activity [seconds]
#include "core/activity/loop_event.h"
#include "core/activity/process_usage.h"
#include "core/activity/recorder.h"
#include "core/activity/span_ring.h"
#include "tests/ui/activity/busy_program.h"
#include "ui/activity/activity_dock.h"
#include "ui/activity/activity_feed.h"
#include "ui/activity/story_strips.h"
#include "ui/activity/timeline_painter.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFontMetrics>
#include <QImage>
#include <QMainWindow>
#include <QPainter>
#include <QTimer>

#include <cstdio>
#include <cstdlib>

using namespace sendoff;
using namespace sendoff::activity;
using namespace sendoff::ui;

namespace {

constexpr int spanRounds = 2'000'000;
constexpr qint64 secondNs = 1'000'000'000;

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
    std::printf("a span into its ring: %.1f ns\n",
                nanosecondsEach(spanRounds, [&] { ring.push(span); }));

    Recorder recorder;
    const ActivityId id = recorder.registerActivity(QStringLiteral("a"), ActivityRole::Upload);
    std::printf("a turn that nobody observes: %.1f ns\n",
                nanosecondsEach(spanRounds, [&] { const Turn turn(id); }));
    recorder.attachThisThread(QStringLiteral("network"), ThreadRole::Network);
    std::printf("a reading of the clock: %.1f ns\n",
                nanosecondsEach(spanRounds, [] { (void)monotonicNs(); }));
    const double turn = nanosecondsEach(spanRounds, [&] {
        const Turn working(id, 1);
        noteWait(WaitReason::Network);
    });
    std::printf("a turn with its ready and its wait, three spans: %.1f ns, %.1f ns each\n", turn,
                turn / 3);
    QObject receiver;
    const QEvent call(QEvent::MetaCall);
    std::printf("an event of a loop: %.1f ns\n", nanosecondsEach(spanRounds, [&] {
                    const LoopEvent event(&receiver, &call);
                }));
    Recorder::Cursor cursor;
    Recorder::Update update;
    recorder.readSince(cursor, update);
    const long long begin = threadCpuNs();
    for (int number = 0; number < 5'000; ++number) {
        const Turn working(id);
        noteWait(WaitReason::Network);
    }
    const long long between = threadCpuNs();
    recorder.readSince(cursor, update);
    std::printf("reading %zu new spans: %.0f µs (recording them: %.0f µs)\n", update.spans.size(),
                double(threadCpuNs() - between) / 1e3, double(between - begin) / 1e3);
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
    StoryStrips strips;
    TimelineView view;
    view.storyEndNs = timeline.nowNs() - secondNs;
    view.loupeBeginNs = 90 * secondNs;
    const TimelineLayout layout({&timeline, QFontMetrics(QApplication::font()), image.width(),
                                 Qt::LeftToRight, 2});
    if (layout.height() > image.height())
        image = QImage(image.width(), layout.height(), QImage::Format_RGB32);
    const qint64 column = view.storyLengthNs / layout.story().width();
    const double frame = nanosecondsEach(frames, [&] {
        view.storyEndNs += column / 4;
        QPainter painter(&image);
        painter.fillRect(image.rect(), Qt::white);
        TimelinePainter(painter, layout, timeline, view, colors, strips).paint({});
    });
    std::printf("%d lanes, 5,000 spans: %.2f ms a frame, %.2f %% of a core at 30 frames a second\n",
                lanes, frame / 1e6, frame * 30 / 1e9 * 100);
}

void runLoop(double seconds)
{
    QEventLoop loop; // processEvents() with a time does not wait: it would be measured itself
    QTimer::singleShot(int(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
}

void measureDock(double seconds)
{
    Recorder recorder;
    const test::AttachedWindow attached(recorder);
    const test::BusyProgram program(recorder, 2, 3);
    ActivityFeed feed(&recorder);
    QMainWindow window;
    auto *const dock = new ActivityDock(&feed);
    window.addDockWidget(Qt::BottomDockWidgetArea, dock);
    window.resize(1280, 420);
    window.show();
    const auto share = [&](const char *what) {
        const long long begin = threadCpuNs();
        QElapsedTimer timer;
        timer.start();
        runLoop(seconds);
        const double used = double(threadCpuNs() - begin) / double(timer.nsecsElapsed());
        std::printf("%s: %.2f %% of a core\n", what, used * 100);
    };
    runLoop(2);
    share("the dock, shown, two exports and three uploads");
    dock->hide();
    runLoop(1);
    share("the dock, hidden (it is still read once a second)");
}

} // namespace

int main(int argc, char **argv)
{
    ObservedApplication<QApplication> application(argc, argv);
    const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
    measureRecording();
    for (const int lanes : {1, 7, 64})
        measurePainting(lanes);
    measureDock(seconds);
    return 0;
}
