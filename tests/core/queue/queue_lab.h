// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueLab: a whole queue with its threads over a folder of its own, as the program builds it, for
// tests. What lies in the folder at the end is looked through for secrets (canary.h).

#include "core/activity/recorder.h"
#include "core/base/worker_pool.h"
#include "core/queue/intake.h"
#include "core/queue/job_queue.h"
#include "core/queue/job_runner.h"
#include "core/queue/network_thread.h"
#include "core/queue/queue_commands.h"
#include "core/queue/scheduler.h"
#include "core/transfer/destination.h"
#include "tests/core/queue/held_time.h"
#include "tests/support/canary.h"

#include <QCoroTask>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <vector>

namespace sendoff::queue::test {

// As the program resolves an address: with the secret that the user has given by now.
inline QCoro::Task<Result<transfer::DestinationConfig>> resolved(QString place, QByteArray token)
{
    auto config = transfer::destinationFromUrl(place);
    if (config && !token.isEmpty())
        config->secrets.insert(QStringLiteral("token"), token);
    co_return config;
}

class QueueLab {
public:
    // The lengths by which a test tells the waits apart.
    static constexpr std::chrono::milliseconds probe{40'000}; // up to twice that, with jitter
    static constexpr std::chrono::milliseconds between{1'000}; // half to one and a half times
    static constexpr std::chrono::milliseconds space{5'000};
    static constexpr std::chrono::milliseconds progress{700'000};
    static constexpr std::chrono::milliseconds leftovers{800'000};

    // Held: as HeldTime says. Hurried: no wait is longer than a hundredth of a second.
    enum class Clock { Held, Hurried };
    explicit QueueLab(FilePath folder, RunnerOptions options = {}, Clock clock = Clock::Held)
        : m_folder(std::move(folder)), m_delay(clock == Clock::Held ? m_time.delay() : hurried())
    {
        m_options = options;
        m_options.destinations.delay = m_delay;
        m_options.destinations.random = [] { return 0.5; };
        m_options.destinations.first = probe;
        m_options.destinations.longest = 2 * probe;
        m_options.destinations.between = between;
        std::filesystem::create_directories(m_folder / "work");
        open();
    }
    ~QueueLab()
    {
        close();
        sendoff::test::lookForCanaries(m_folder);
    }
    QueueLab(const QueueLab &) = delete;
    QueueLab &operator=(const QueueLab &) = delete;

    HeldTime &time() { return m_time; }
    JobQueue &queue() { return *m_queue; }
    Scheduler &scheduler() { return *m_scheduler; }
    QueueCommands &commands() { return *m_commands; }
    Intake &intake() { return *m_intake; }
    FilePath folder() const { return m_folder; }
    const LoadReport &loadReport() const { return m_report; }

    // With which tus servers are asked from the next attempt on.
    void setToken(const QByteArray &token) { m_token = token; }
    void start() { m_scheduler->start(Scheduler::Scope::AllJobs); }
    // As at quit, and at the next start.
    void reopen()
    {
        close();
        open();
    }

    FilePath randomFile(const std::string &name, qint64 bytes) const
    {
        const FilePath path = m_folder / name;
        QFile file(QString::fromStdString(path.string()));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no file");
        QByteArray content(bytes, Qt::Uninitialized);
        QRandomGenerator random(quint32(std::hash<std::string>()(name)));
        for (char &byte : content)
            byte = char(random.generate());
        file.write(content);
        return path;
    }
    static Job jobFor(const FilePath &file, const Recipe &recipe)
    {
        const auto source = SourceFile::open(file);
        if (!source)
            qFatal("no source");
        return makeJob(**source, recipe);
    }
    QString add(const FilePath &file, const Recipe &recipe)
    {
        const Job job = jobFor(file, recipe);
        const auto added = QCoro::waitFor(m_queue->add(job));
        if (!added)
            qFatal("not added: %s", qPrintable(added.error().detail));
        return job.id;
    }
    LegState stateOf(const QString &id, int leg) const { return m_queue->find(id)->legs[leg].state; }
    WaitFor waitOf(const QString &id, int leg) const { return m_queue->find(id)->legs[leg].waitFor; }
    bool allDone(const QStringList &ids) const
    {
        return std::all_of(ids.begin(), ids.end(), [this](const QString &id) {
            const Job *job = m_queue->find(id);
            return job && job->isDone();
        });
    }
    void close()
    {
        if (!m_queue)
            return;
        QCoro::waitFor(m_intake->close());
        QCoro::waitFor(m_commands->close());
        QCoro::waitFor(m_scheduler->close());
        m_intake.reset();
        m_commands.reset();
        m_scheduler.reset();
        m_runner.reset();
        m_queue.reset();
        m_store.reset();
        m_network.reset();
        m_exports.reset();
        m_io.reset();
        m_recorder.reset();
    }

    NetworkThread &network() { return *m_network; }

private:
    static Delay hurried()
    {
        return [](std::chrono::milliseconds duration, std::stop_token stop) {
            return sleepFor(std::min(duration, std::chrono::milliseconds(10)), std::move(stop));
        };
    }
    void open()
    {
        m_recorder = std::make_unique<activity::Recorder>();
        m_io = std::make_unique<WorkerPool>(QStringLiteral("io"), 4, 0);
        m_exports = std::make_unique<WorkerPool>(
            QStringLiteral("export"), m_options.exportsAtOnce + m_options.copiesAtOnce, 0);
        m_network = std::make_unique<NetworkThread>(m_io.get(), m_recorder.get());
        auto store = QCoro::waitFor(JobStore::open(m_folder / "sendoff.db"));
        if (!store)
            qFatal("no store: %s", qPrintable(store.error().detail));
        m_store = std::move(*store);
        m_queue = std::make_unique<JobQueue>(m_store.get());
        auto report = QCoro::waitFor(m_queue->load());
        if (!report)
            qFatal("not loaded: %s", qPrintable(report.error().detail));
        m_report = *report;
        RunnerServices services;
        services.exports = m_exports.get();
        services.io = m_io.get();
        services.network = m_network.get();
        services.recorder = m_recorder.get();
        services.workFolder = m_folder / "work";
        services.presetFolder = m_folder / "presets";
        services.resolveDestination = [this](QString place, std::stop_token) {
            return resolved(place, m_token);
        };
        m_runner = std::make_unique<JobRunner>(m_queue.get(), services, m_options);
        Scheduler::Timing timing;
        timing.delay = m_delay;
        timing.spaceInterval = space;
        timing.progressInterval = progress;
        timing.leftoverInterval = leftovers;
        m_scheduler = std::make_unique<Scheduler>(m_queue.get(), m_runner.get(), timing);
        m_commands = std::make_unique<QueueCommands>(m_queue.get(), m_scheduler.get());
        m_intake = std::make_unique<Intake>(m_queue.get(), m_commands.get(), m_io.get());
    }

    FilePath m_folder;
    RunnerOptions m_options;
    QByteArray m_token;
    HeldTime m_time;
    Delay m_delay;
    LoadReport m_report;
    std::unique_ptr<activity::Recorder> m_recorder;
    std::unique_ptr<WorkerPool> m_io;
    std::unique_ptr<WorkerPool> m_exports;
    std::unique_ptr<NetworkThread> m_network;
    std::unique_ptr<JobStore> m_store;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<JobRunner> m_runner;
    std::unique_ptr<Scheduler> m_scheduler;
    std::unique_ptr<QueueCommands> m_commands;
    std::unique_ptr<Intake> m_intake;
};

inline Recipe uploadTo(const QString &place)
{
    Recipe recipe;
    recipe.destinations = {place};
    return recipe;
}

} // namespace sendoff::queue::test
