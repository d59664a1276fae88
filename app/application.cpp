// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/application.h"

#include "app/crash_mark.h"

#include <QThread>

#include <algorithm>

namespace sendoff::app {

namespace {

constexpr int ioThreads = 4;
constexpr int exportNiceness = 10; // half the lateness of the loops at no cost (PERF 3)
constexpr auto addressSecret = "SENDOFF_SECRET"; // of a destination given as an address

// The slots decide how many run; the pool must not be what holds one back when there are more.
// Threads are made when they are first needed.
int mostExportsAtOnce(int cores)
{
    return std::max(4, 2 * cores);
}

// DESIGN, Threads: as many exports at once as cores, up to 4.
queue::RunnerOptions runnerOptions()
{
    queue::RunnerOptions options;
    options.cores = std::max(1, QThread::idealThreadCount());
    options.exportsAtOnce = std::clamp(options.cores, 1, 4);
    return options;
}

} // namespace

Application::Application(Profile profile, std::unique_ptr<ProcessLock> lock)
    : m_profile(std::move(profile)), m_lock(std::move(lock))
{
}

Application::~Application()
{
    // In reverse: what uses a thread goes before the thread.
    m_intake.reset();
    m_commands.reset();
    m_scheduler.reset();
    m_runner.reset();
    m_queue.reset();
    m_store.reset();
    m_uploadLimit.reset();
    m_credentials.reset();
    m_destinations.reset();
    m_network.reset();
    m_shelf.reset();
    m_exports.reset();
    m_io.reset();
    if (m_recorder)
        m_recorder->detachThisThread();
}

QCoro::Task<Result<std::unique_ptr<Application>>> Application::start(FilePath profileFolder)
{
    SO_CO_TRY(Profile profile, Profile::open(profileFolder));
    SO_CO_TRY(auto lock, profile.lock());
    auto starting = start(std::move(profile), std::move(lock));
    co_return co_await std::move(starting);
}

QCoro::Task<Result<std::unique_ptr<Application>>>
Application::start(Profile profile, std::unique_ptr<ProcessLock> lock, Load load)
{
    std::unique_ptr<Application> application(new Application(std::move(profile), std::move(lock)));
    application->startThreads();
    SO_CO_TRY(application->m_destinations,
              co_await transfer::DestinationStore::open(
                  application->m_profile.destinationList(), application->m_io.get()));
    application->m_credentials = std::make_unique<transfer::Credentials>(
        application->m_profile.secretFile(), application->m_io.get());
    SO_CO_TRY(application->m_uploadLimit,
              co_await transfer::UploadLimitSetting::open(application->m_profile.uploadLimit(),
                                                          application->m_io.get()));
    SO_CO_TRY(application->m_store,
              co_await queue::JobStore::open(application->m_profile.database()));
    application->m_queue = std::make_unique<queue::JobQueue>(application->m_store.get());
    application->assemble();
    if (load == Load::Now)
        SO_CO_TRY_VOID(co_await application->load());
    co_return application;
}

QCoro::Task<Result<void>> Application::load(queue::SessionKind kind)
{
    SO_CO_TRY(const auto loaded, co_await m_queue->load());
    const bool hasCrashed = takeCrashMark(m_profile.root());
    m_startReport = queue::beginSession(*m_queue, loaded, kind, hasCrashed);
    m_startReport.problems.append(m_destinations->problems());
    markCrashesIn(m_profile.root());
    const auto begun = co_await m_queue->saved();
    (void)begun; // the queue says so itself, and goes on trying
    m_settled.start(std::chrono::minutes(1));
    co_return Result<void>();
}

void Application::assemble()
{
    queue::RunnerServices services;
    services.exports = m_exports.get();
    services.io = m_io.get();
    services.network = m_network.get();
    services.recorder = m_recorder.get();
    services.workFolder = m_profile.workFolder();
    services.presetFolder = m_profile.presetFolder();
    services.resolveDestination = [this](QString place, std::stop_token stop) {
        return openDestination(std::move(place), std::move(stop));
    };
    m_runner = std::make_unique<queue::JobRunner>(m_queue.get(), services, runnerOptions());
    m_scheduler = std::make_unique<queue::Scheduler>(m_queue.get(), m_runner.get());
    m_commands = std::make_unique<queue::QueueCommands>(m_queue.get(), m_scheduler.get());
    m_intake = std::make_unique<queue::Intake>(m_queue.get(), m_commands.get(), m_io.get());
    m_intake->setOwnFolders({m_profile.workFolder(), m_profile.shelfFolder()});
    m_network->setUploadLimit(m_uploadLimit->timetable());
    QObject::connect(m_uploadLimit.get(), &transfer::UploadLimitSetting::changed,
                     m_uploadLimit.get(),
                     [this] { m_network->setUploadLimit(m_uploadLimit->timetable()); });
    m_settled.setSingleShot(true);
    m_settled.callOnTimeout([this] { queue::settleSession(*m_queue); });
}

void Application::startThreads()
{
    m_recorder = std::make_unique<activity::Recorder>();
    m_recorder->attachThisThread(QStringLiteral("main"), activity::ThreadRole::Window);
    m_mainLag = std::make_unique<activity::LoopLag>();
    m_mainLag->start();
    const auto attachAs = [recorder = m_recorder.get()](activity::ThreadRole role) {
        return [recorder, role](const QString &name) { recorder->attachThisThread(name, role); };
    };
    m_io = std::make_unique<WorkerPool>(QStringLiteral("io"), ioThreads, 0,
                                        attachAs(activity::ThreadRole::Other));
    const queue::RunnerOptions options = runnerOptions();
    m_exports = std::make_unique<WorkerPool>(QStringLiteral("export"),
                                             mostExportsAtOnce(options.cores)
                                                 + options.copiesAtOnce,
                                             exportNiceness,
                                             attachAs(activity::ThreadRole::Worker));
    m_network = std::make_unique<queue::NetworkThread>(m_io.get(), m_recorder.get());
}

Result<transfer::DestinationConfig> Application::resolveDestination(const QString &place) const
{
    transfer::SecretVariables variables = m_variables;
    variables.insert(m_given.value(place));
    if (const transfer::StoredDestination *stored = m_destinations->find(place)) {
        transfer::DestinationConfig config = stored->config;
        config.secrets =
            transfer::secretsFrom(variables, config, transfer::secretVariable(config.name),
                                  m_credentials->known(stored->id));
        return config;
    }
    SO_TRY(auto config, transfer::destinationFromUrl(place));
    config.secrets = transfer::secretsFrom(variables, config, addressSecret);
    return config;
}

void Application::keepSecrets(const QString &place, const transfer::SecretVariables &given)
{
    m_given[place].insert(given);
}

QCoro::Task<Result<transfer::DestinationConfig>>
Application::openDestination(QString place, std::stop_token stop)
{
    const transfer::StoredDestination *stored = m_destinations->find(place);
    const bool hasSecret = stored && !transfer::mainSecretOf(stored->config).isEmpty();
    if (!hasSecret)
        co_return prepareDestination(place);
    auto loading = m_credentials->load(stored->id, stop);
    const auto loaded = co_await std::move(loading);
    SO_CO_TRY(auto config, prepareDestination(place));
    const bool isGiven = config.secrets.contains(transfer::mainSecretOf(config));
    if (!loaded && (stop.stop_requested() || !isGiven)) {
        Error error = loaded.error();
        co_return failure(std::move(error.with(argument::destination, config.name)));
    }
    co_return config;
}

Result<transfer::DestinationConfig> Application::prepareDestination(const QString &place)
{
    SO_TRY(auto config, resolveDestination(place));
    m_network->applyLiveSettings(config);
    if (config.type == u"shelf" && !m_shelf) {
        shelf::ShelfOptions options;
        options.folder = m_profile.shelfFolder();
        options.stateFolder = m_profile.shelfState();
        SO_TRY(m_shelf, ShelfThread::start(std::move(options)));
        m_network->setShelf({m_shelf->uploadUrl(), m_shelf->token()});
    }
    return config;
}

QCoro::Task<void> Application::close()
{
    co_await m_intake->close();
    co_await m_commands->close();
    m_settled.stop();
    queue::endSession(*m_queue);
    co_await m_scheduler->close();
    co_await m_credentials->close();
}

} // namespace sendoff::app
