// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// bench_rows [rows] [seconds]: what the queue view costs while it shows progress ten times a
// second, as CPU time of this thread in percent of a core.

#include "queue_lab.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QScrollBar>

#include <cstdio>
#include <ctime>
#include <functional>

using namespace sendoff;
using namespace sendoff::ui;
using namespace sendoff::ui::test;
using namespace std::chrono_literals;

namespace {

double threadSeconds()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

// Runs the event loop in real time, calling `turn` ten times a second.
double percentOfACore(int seconds, const std::function<void(int)> &turn)
{
    QElapsedTimer wall;
    wall.start();
    const double before = threadSeconds();
    QTimer timer;
    int count = 0;
    QObject::connect(&timer, &QTimer::timeout, [&] { turn(count++); });
    timer.start(100);
    QEventLoop loop; // processEvents() with a time does not wait: it would be measured itself
    QTimer::singleShot(seconds * 1'000, &loop, &QEventLoop::quit);
    loop.exec();
    return (threadSeconds() - before) / (double(wall.elapsed()) / 1'000) * 100;
}

QList<queue::Job> manyJobs(int rows, int running)
{
    QList<queue::Job> jobs;
    for (int number = 0; number < rows; ++number) {
        jobs.append(number < running ? jobIn("A video with a name.mp4", queue::LegState::Running,
                                             queue::LegState::Waiting)
                                     : waitingJob("Another video with a name.mp4"));
    }
    return jobs;
}

void measure(int rows, int running, int seconds)
{
    QueueLab lab;
    QElapsedTimer adding;
    adding.start();
    lab.add(manyJobs(rows, running));
    const qint64 added = adding.elapsed();
    QueueView view(lab.filter.get(), lab.actions.get());
    view.resize(700, 560);
    view.show();
    const auto advance = [&](int turn) {
        for (int number = 0; number < running; ++number) {
            queue::LegProgress progress;
            progress.fraction = double(turn % 1'000) / 1'000;
            lab.progress[{lab.queue->order()[number], 0}] = progress;
        }
        lab.now += 100ms;
    };
    advance(1);
    const double shown = percentOfACore(seconds, advance);
    const double feeding = [&] {
        view.hide();
        return percentOfACore(seconds, advance); // what the bench itself costs, and a hidden view
    }();
    view.show();
    const double scrolling = percentOfACore(seconds, [&](int turn) {
        advance(turn);
        view.verticalScrollBar()->setValue(turn * 290 % view.verticalScrollBar()->maximum());
    });
    std::printf("%d rows, %d running: added in %lld ms; shown %.2f %%, hidden %.2f %%, "
                "scrolling %.2f %% of a core\n",
                rows, running, (long long)added, shown, feeding, scrolling);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    const int rows = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 10;
    measure(rows, 12, seconds); // as many as ever run at once
    measure(rows, rows, seconds); // every row changes every time
    return 0;
}
