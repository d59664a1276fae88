// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Application: builds the services and threads of a running Sendoff in order and tears them down
// in reverse. The only place that knows every part.

#include "app/shelf_thread.h"
#include "core/activity/loop_lag.h"
#include "core/activity/recorder.h"
#include "core/base/profile.h"
#include "core/base/worker_pool.h"
#include "core/queue/intake.h"
#include "core/queue/job_queue.h"
#include "core/queue/job_runner.h"
#include "core/queue/job_store.h"
#include "core/queue/network_thread.h"
#include "core/queue/queue_commands.h"
#include "core/queue/scheduler.h"
#include "core/queue/session_log.h"
#include "core/transfer/credentials.h"
#include "core/transfer/destination_store.h"
#include "core/transfer/limits/upload_limit_setting.h"

#include <QCoroTask>
#include <QTimer>

#include <memory>

namespace sendoff::app {

// Main thread. close() is awaited before it dies.
class Application {
public:
    enum class Load { Now, Later }; // of the stored queue
    // For the process that holds the profile's lock. Store…
    static QCoro::Task<Result<std::unique_ptr<Application>>>
    start(Profile profile, std::unique_ptr<ProcessLock> lock, Load load = Load::Now);
    // The same with a profile that nobody else may be using. ProfileInUse, OutputNotWritable, …
    static QCoro::Task<Result<std::unique_ptr<Application>>> start(FilePath profileFolder);
    // The stored queue, where start() left it for later: the window is shown first.
    QCoro::Task<Result<void>> load(queue::SessionKind kind = queue::SessionKind::Command);
    ~Application();

    const Profile &profile() const { return m_profile; }
    WorkerPool &io() { return *m_io; }
    activity::Recorder &recorder() { return *m_recorder; }
    queue::NetworkThread &network() { return *m_network; }
    queue::JobStore &store() { return *m_store; }
    queue::JobQueue &queue() { return *m_queue; }
    queue::JobRunner &runner() { return *m_runner; }
    // Runs nothing before its start().
    queue::Scheduler &scheduler() { return *m_scheduler; }
    queue::QueueCommands &commands() { return *m_commands; }
    queue::Intake &intake() { return *m_intake; }
    ShelfThread *shelf() { return m_shelf.get(); }
    activity::LagSummary mainLag() const { return m_mainLag->summary(); }
    const queue::StartReport &startReport() const { return m_startReport; }
    const QStringList &problems() const { return m_startReport.problems; }

    // The secrets of a destination that came with a command, for as long as this process lives.
    // They are nearer than those of this process's own environment.
    void keepSecrets(const QString &place, const transfer::SecretVariables &given);
    transfer::DestinationStore &destinations() { return *m_destinations; }
    transfer::Credentials &credentials() { return *m_credentials; }
    transfer::UploadLimitSetting &uploadLimit() { return *m_uploadLimit; }
    // Checks a destination (a name or an address) and starts what it needs (the Shelf). With the
    // secrets that are known by now.
    Result<transfer::DestinationConfig> prepareDestination(const QString &place);
    // The same with all of its secrets; may wait until the keychain is opened. SignInNeeded where
    // it stays locked.
    QCoro::Task<Result<transfer::DestinationConfig>> openDestination(QString place,
                                                                     std::stop_token stop);
    // Everything is saved afterwards.
    QCoro::Task<void> close();

private:
    Application(Profile profile, std::unique_ptr<ProcessLock> lock);
    void startThreads();
    void assemble();
    Result<transfer::DestinationConfig> resolveDestination(const QString &place) const;
    QCoro::Task<Result<void>> loadSecrets(QString place, std::stop_token stop);

    Profile m_profile;
    std::unique_ptr<ProcessLock> m_lock;
    queue::StartReport m_startReport;
    transfer::SecretVariables m_variables = transfer::secretVariablesOfThisProcess();
    QMap<QString, transfer::SecretVariables> m_given; // by place
    std::unique_ptr<activity::Recorder> m_recorder;
    std::unique_ptr<activity::LoopLag> m_mainLag;
    std::unique_ptr<WorkerPool> m_io;
    std::unique_ptr<WorkerPool> m_exports;
    std::unique_ptr<queue::NetworkThread> m_network;
    std::unique_ptr<transfer::DestinationStore> m_destinations;
    std::unique_ptr<transfer::Credentials> m_credentials;
    std::unique_ptr<transfer::UploadLimitSetting> m_uploadLimit;
    std::unique_ptr<ShelfThread> m_shelf;
    std::unique_ptr<queue::JobStore> m_store;
    std::unique_ptr<queue::JobQueue> m_queue;
    std::unique_ptr<queue::JobRunner> m_runner;
    std::unique_ptr<queue::Scheduler> m_scheduler;
    std::unique_ptr<queue::QueueCommands> m_commands;
    std::unique_ptr<queue::Intake> m_intake;
    QTimer m_settled; // a minute after the start
};

} // namespace sendoff::app
