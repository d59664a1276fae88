// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// bench_window start    how long from the start of the process to the first paint, with an empty
//                       queue and with 10,000 finished jobs
// bench_window smooth   how late the window's loop is while two exports and eight uploads run and
//                       the list scrolls; what a hidden window paints
#include "app/window_session.h"
#include "app/translations.h"
#include "core/queue/job_queue.h"
#include "core/queue/network_thread.h"
#include "core/queue/scheduler.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "ui/main_window.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace sendoff;
using namespace sendoff::test;

namespace {

constexpr int manyJobs = 10'000;
constexpr int rounds = 9;
constexpr qint64 uplinkBytes = 20'000'000 / 8; // per second

// proc(5): field 22, the start of this process since boot in clock ticks (10 ms).
double millisecondsSinceStart()
{
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string field;
    for (int number = 3; number <= 22; ++number)
        fields >> field;
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const double started = std::stod(field) / double(::sysconf(_SC_CLK_TCK));
    return (double(now.tv_sec) + double(now.tv_nsec) / 1e9 - started) * 1000;
}

// Counts what is painted in all windows.
class PaintCounter : public QObject {
public:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() != QEvent::Paint)
            return false;
        if (count++ == 0)
            firstAt = millisecondsSinceStart();
        return false;
    }
    int count = 0;
    double firstAt = 0;
};

std::unique_ptr<app::WindowSession> startSession(const FilePath &profile)
{
    app::CommandLine line;
    line.profile = profile;
    auto session = std::make_unique<app::WindowSession>(line);
    QSignalSpy loaded(session.get(), &app::WindowSession::queueLoaded);
    session->start();
    loaded.wait(60'000);
    return session;
}

void end(app::WindowSession &session)
{
    QSignalSpy finished(&session, &app::WindowSession::finished);
    session.quit();
    if (finished.isEmpty())
        finished.wait(60'000);
}

// One start; prints when the first paint came and when the queue was there.
int startOnce(const FilePath &profile)
{
    PaintCounter paints;
    QApplication::instance()->installEventFilter(&paints);
    const auto session = startSession(profile);
    QTest::qWait(1);
    std::printf("%.0f %.0f\n", paints.firstAt, millisecondsSinceStart());
    end(*session);
    return 0;
}

void fillProfile(const FilePath &profile, const FilePath &clip)
{
    const auto session = startSession(profile);
    const auto source = SourceFile::open(clip);
    queue::Recipe recipe;
    recipe.preset = QStringLiteral("web-1080p");
    recipe.destinations = QStringList{QStringLiteral("shelf:")};
    QList<queue::Job> jobs;
    for (int number = 0; number < manyJobs; ++number) {
        queue::Job job = queue::makeJob(**source, recipe);
        job.source = clip.parent_path() / ("Holiday " + std::to_string(number) + ".mkv");
        for (queue::Leg &leg : job.legs)
            leg.state = queue::LegState::Done;
        jobs.append(std::move(job));
    }
    (void)QCoro::waitFor(session->application()->queue().add(std::move(jobs)));
    end(*session);
}

void measureStart(const char *program, const FilePath &profile, const char *label)
{
    std::vector<double> first;
    std::vector<double> loaded;
    for (int round = 0; round < rounds; ++round) {
        const Finished run = runProgram({program, "start-once", profile.string()});
        const QList<QByteArray> words = run.output.trimmed().split(' ');
        if (run.exitCode != 0 || words.size() != 2)
            qFatal("no figures: %s%s", run.output.constData(), run.errorOutput.constData());
        first.push_back(words[0].toDouble());
        loaded.push_back(words[1].toDouble());
    }
    std::sort(first.begin(), first.end());
    std::sort(loaded.begin(), loaded.end());
    std::printf("%-13s first paint %4.0f ms (%.0f…%.0f), queue shown %4.0f ms (%.0f…%.0f)\n", label,
                first[rounds / 2], first.front(), first.back(), loaded[rounds / 2],
                loaded.front(), loaded.back());
}

int benchStart(const char *program)
{
    Scratch scratch;
    measureStart(program, scratch.folder("empty"), "empty queue");
    const FilePath full = scratch.folder("full");
    fillProfile(full, scratch.clip("clip.mkv", 0.2));
    measureStart(program, full, "10,000 jobs");
    return 0;
}

// Ten that take a while to export and thirty that soon give the uploads something to send.
std::vector<FilePath> manyClips(Scratch &scratch)
{
    media::SampleClip clip;
    clip.width = 1280;
    clip.height = 720;
    clip.seconds = 60;
    const FilePath longClip = scratch.clipOf("long.mkv", clip);
    clip.seconds = 5;
    const FilePath shortClip = scratch.clipOf("short.mkv", clip);
    const FilePath folder = scratch.folder("clips");
    std::vector<FilePath> clips;
    for (int number = 0; number < 40; ++number) {
        clips.push_back(folder / ("Clip " + std::to_string(number) + ".mkv"));
        std::filesystem::copy_file(number < 10 ? longClip : shortClip, clips.back());
    }
    return clips;
}

int benchSmooth()
{
    Scratch scratch;
    const std::vector<FilePath> clips = manyClips(scratch); // before the loop's lag is measured
    const auto session = startSession(scratch.profile());
    app::Application &application = *session->application();
    application.network().setUploadLimit(uplinkBytes);
    application.scheduler().setUploadsAtOnce(8);
    application.scheduler().setExportsAtOnce(2);
    session->window()->addFiles(clips);
    auto *view = session->window()->findChild<QAbstractItemView *>(QStringLiteral("queueView"));
    QElapsedTimer timer;
    timer.start();
    int direction = 3;
    while (timer.elapsed() < 40'000) {
        QScrollBar *bar = view->verticalScrollBar();
        if (bar->value() == bar->maximum() || bar->value() == bar->minimum())
            direction = bar->value() == bar->minimum() ? 3 : -3;
        bar->setValue(bar->value() + direction);
        QTest::qWait(16);
    }
    const activity::LagSummary lag = application.mainLag();
    std::printf("window's loop while it works and scrolls: p50 %.1f ms, p99 %.1f ms, max %.1f ms\n",
                lag.p50, lag.p99, lag.max);
    session->window()->hide();
    QTest::qWait(500);
    PaintCounter paints;
    QApplication::instance()->installEventFilter(&paints);
    QTest::qWait(5'000);
    std::printf("hidden for 5 s while it works: %d repaints\n", paints.count);
    end(*session);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "";
    QApplication application(argc, argv);
    app::installTranslations(&application, QLocale());
    if (what == "start-once" && argc == 3)
        return startOnce(argv[2]);
    if (what == "start")
        return benchStart(argv[0]);
    if (what == "smooth")
        return benchSmooth();
    if (what.empty())
        return benchStart(argv[0]) + benchSmooth();
    std::fprintf(stderr, "usage: bench_window [start|smooth]\n");
    return 2;
}
