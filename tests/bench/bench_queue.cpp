// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What 10,000 jobs cost: to add 1,000 files, to start with all of them, to move, pause and remove
// many, and in memory.
#include "tests/core/queue/queue_lab.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <cstdio>
#include <malloc.h>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

qint64 heapBytes()
{
    return qint64(::mallinfo2().uordblks);
}

void say(const char *what, const QElapsedTimer &timer)
{
    std::printf("%-52s %8.1f ms\n", what, double(timer.nsecsElapsed()) / 1e6);
}

QList<Job> someJobs(const FilePath &file, int number)
{
    const auto source = SourceFile::open(file);
    Recipe recipe;
    recipe.preset = QStringLiteral("web-1080p");
    recipe.destinations = {QStringLiteral("tus+https://example.org/files")};
    QList<Job> jobs;
    for (int index = 0; index < number; ++index)
        jobs.append(makeJob(**source, recipe));
    return jobs;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    QueueLab lab(folder.path().toStdString());
    const FilePath file = lab.randomFile("a.mp4", 100'000);
    QElapsedTimer timer;
    std::vector<FilePath> files;
    for (int index = 0; index < 1'000; ++index)
        files.push_back(lab.randomFile("v" + std::to_string(index) + ".mp4", 1'000));
    timer.start();
    lab.intake().add(files, someJobs(file, 1).first().recipe);
    say("1,000 files: rows in memory", timer);
    QCoro::waitFor(lab.queue().saved());
    say("1,000 files: stored", timer);
    const auto allChecked = [&] {
        return std::all_of(lab.queue().order().begin(), lab.queue().order().end(),
                           [&](const QString &id) { return lab.queue().find(id)->isChecked; });
    };
    if (!QTest::qWaitFor(allChecked, 600'000))
        return 1;
    say("1,000 files: opened and checked", timer);

    const qint64 before = heapBytes();
    timer.start();
    (void)QCoro::waitFor(lab.queue().add(someJobs(file, 9'000)));
    say("9,000 jobs: added and stored", timer);
    std::printf("%-52s %8.2f KiB\n", "memory of a job in the queue",
                double(heapBytes() - before) / 9'000 / 1024);
    lab.close();

    const qint64 empty = heapBytes();
    timer.start();
    QueueLab again(folder.path().toStdString());
    say("10,000 jobs: opened, checked and loaded", timer);
    again.commands().pauseAll();
    again.start();
    say("10,000 jobs: scheduler started", timer);
    std::printf("%-52s %8.1f MiB\n", "memory of the whole queue",
                double(heapBytes() - empty) / 1024 / 1024);

    QStringList some = again.queue().order().mid(4'000, 1'000);
    timer.start();
    again.commands().move(some, MoveTo::Top);
    say("1,000 jobs moved to the top", timer);
    timer.start();
    again.commands().pause(again.queue().order());
    say("10,000 jobs paused", timer);
    timer.start();
    again.commands().resume(again.queue().order());
    say("10,000 jobs resumed", timer);
    timer.start();
    again.commands().remove(some);
    if (!QTest::qWaitFor([&] { return again.queue().order().size() == 9'000; }, 60'000))
        return 1;
    say("1,000 jobs removed", timer);
    timer.start();
    again.commands().restore(some);
    say("1,000 jobs restored", timer);
    QCoro::waitFor(again.queue().saved());
    say("all of that stored", timer);
    return 0;
}
