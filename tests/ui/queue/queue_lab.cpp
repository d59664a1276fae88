// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_lab.h"

#include <QDateTime>

namespace sendoff::ui::test {

using namespace std::chrono_literals;
using queue::Job;
using queue::LegState;

QueueLab::QueueLab()
{
    const FilePath folder(m_folder.path().toStdString());
    auto opened = QCoro::waitFor(queue::JobStore::open(folder / "sendoff.db"));
    if (!opened)
        qFatal("store: %s", qPrintable(opened.error().detail));
    store = std::move(*opened);
    queue = std::make_unique<queue::JobQueue>(store.get());
    runner = std::make_unique<queue::JobRunner>(queue.get(), queue::RunnerServices(),
                                                queue::RunnerOptions());
    scheduler = std::make_unique<queue::Scheduler>(queue.get(), runner.get()); // never started
    commands = std::make_unique<queue::QueueCommands>(queue.get(), scheduler.get());
    model = std::make_unique<QueueModel>(
        queue.get(), commands.get(),
        [this](const QString &id, int leg) {
            return progress.value({id, leg});
        },
        [this] { return now; });
    model->setPresetTitles({{QStringLiteral("web-1080p"), QStringLiteral("Web 1080p")},
                            {QStringLiteral("web-720p"), QStringLiteral("Web 720p")},
                            {QStringLiteral("original"), QStringLiteral("Original")}});
    filter = std::make_unique<QueueFilter>(model.get());
    undo.setUndoLimit(50);
    actions = std::make_unique<QueueActions>(QueueTarget{queue.get(), commands.get()}, &undo);
}

QueueLab::~QueueLab()
{
    actions.reset();
    filter.reset();
    model.reset();
    undo.clear();
    QCoro::waitFor(commands->close());
    QCoro::waitFor(scheduler->close());
    QCoro::waitFor(queue->flush());
}

void QueueLab::add(const QList<Job> &jobs)
{
    const auto added = QCoro::waitFor(queue->add(jobs));
    if (!added)
        qFatal("add: %s", qPrintable(added.error().detail));
}

void QueueLab::pass(std::chrono::milliseconds span)
{
    for (const auto end = now + span; now < end;) {
        now += 100ms;
        model->sample();
    }
}

Job waitingJob(const char *name)
{
    Job job;
    job.id = queue::newJobId();
    job.source = FilePath("/videos") / name;
    job.identity.inode = 7;
    job.identity.size = 1'900'000'000;
    job.recipe.preset = QStringLiteral("web-1080p");
    job.recipe.destinations = {QStringLiteral("Family server")};
    queue::Leg exporting;
    queue::Leg uploading;
    uploading.kind = queue::LegKind::Upload;
    uploading.waitFor = queue::WaitFor::Export;
    job.legs = {exporting, uploading};
    job.createdUs = QDateTime::currentMSecsSinceEpoch() * 1'000;
    return job;
}

Job jobIn(const char *name, LegState exporting, LegState uploading)
{
    Job job = waitingJob(name);
    job.legs[0].state = exporting;
    job.legs[1].state = uploading;
    return job;
}

namespace {

queue::LegProgress at(double fraction, qint64 total)
{
    queue::LegProgress progress;
    progress.fraction = fraction;
    progress.bytes = qint64(double(total) * fraction);
    progress.totalBytes = total;
    return progress;
}

Job uploadOnly(const char *name)
{
    Job job = jobIn(name, LegState::NotNeeded, LegState::Running);
    job.recipe.preset.clear();
    job.recipe.destinations = {QStringLiteral("NAS")};
    return job;
}

Job needingAttention(const char *name)
{
    Job job = jobIn(name, LegState::NeedsAttention, LegState::Waiting);
    job.legs[0].error = Error(ErrorKind::DiskFull)
                            .with(argument::folder, QStringLiteral("Archive"))
                            .with(argument::needed, QStringLiteral("3100000000"))
                            .with(argument::available, QStringLiteral("1200000000"));
    job.legs[0].doneBytes = 33;
    job.legs[0].totalBytes = 100;
    return job;
}

Job pausedAt(const char *name, int percent)
{
    Job job = jobIn(name, LegState::Paused, LegState::Waiting);
    job.legs[0].doneBytes = percent;
    job.legs[0].totalBytes = 100;
    return job;
}

Job finished(const char *name)
{
    Job job = jobIn(name, LegState::Done, LegState::Done);
    job.legs[1].result = {{QStringLiteral("bytes"), 190'000'000},
                          {QStringLiteral("url"), QStringLiteral("https://family.example/v/1")}};
    return job;
}

} // namespace

void addMixedRows(QueueLab &lab)
{
    const Job birthday = jobIn("Birthday 2026-03-14.mov", LegState::Running, LegState::Waiting);
    const Job beach = jobIn("Beach day drone.mp4", LegState::Running, LegState::Running);
    const Job play = uploadOnly("School play act 1.mkv");
    Job second = jobIn("School play act 2.mkv", LegState::Done, LegState::Running);
    second.recipe.preset = QStringLiteral("web-720p");
    const Job grandma = jobIn("Grandma interview.avi", LegState::Done, LegState::Retrying);
    lab.add({birthday, beach, play, second, grandma, needingAttention("Garden timelapse.mp4"),
             pausedAt("Snow trip.mp4", 25), waitingJob("New Year.mp4"), finished("Picnic.mp4")});
    for (int tenth = 0; tenth <= 80; ++tenth) {
        const double part = tenth / 80.0;
        lab.progress[{birthday.id, 0}] = at(0.55 + 0.07 * part, 240'000'000);
        lab.progress[{beach.id, 0}] = at(0.10 + 0.08 * part, 300'000'000);
        queue::LegProgress beside;
        beside.bytes = qint64(20e6 + 25e6 * part);
        lab.progress[{beach.id, 1}] = beside;
        lab.progress[{play.id, 1}] = at(0.45 + 0.025 * part, 660'000'000);
        lab.progress[{second.id, 1}] = at(0.71 + 0.1 * part, 118'000'000);
        queue::LegProgress retrying = at(0.544, 390'000'000);
        retrying.nextTryMs = QDateTime::currentMSecsSinceEpoch() + 14'000;
        lab.progress[{grandma.id, 1}] = retrying;
        lab.pass(100ms);
    }
}

} // namespace sendoff::ui::test
