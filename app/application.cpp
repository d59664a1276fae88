// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/application.h"

#include <QThread>

#include <algorithm>

namespace sendoff::app {

namespace {

constexpr int ioThreads = 4;
constexpr int exportNiceness = 10; // half the lateness of the loops at no cost (PERF 3)
constexpr auto secretVariable = "SENDOFF_SECRET";

// For a destination given as a URL: its one secret comes from the environment.
void addSecrets(transfer::DestinationConfig &config)
{
    const QByteArray secret = qgetenv(secretVariable);
    const QString option = transfer::mainSecretOf(config);
    if (!secret.isEmpty() && !option.isEmpty())
        config.secrets.insert(option, secret);
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

Application::Application(Profile profile) : m_profile(std::move(profile)) {}

Application::~Application()
{
    // In reverse: what uses a thread goes before the thread.
    m_runner.reset();
    m_queue.reset();
    m_store.reset();
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
    std::unique_ptr<Application> application(new Application(std::move(profile)));
    SO_CO_TRY(application->m_lock, application->m_profile.lock());
    application->startThreads();
    SO_CO_TRY(application->m_store,
              co_await queue::JobStore::open(application->m_profile.database()));
    SO_CO_TRY(const auto loaded, co_await application->m_store->load());
    application->m_problems = loaded.problems;
    application->m_queue = std::make_unique<queue::JobQueue>(application->m_store.get());

    queue::RunnerServices services;
    services.exports = application->m_exports.get();
    services.io = application->m_io.get();
    services.network = application->m_network.get();
    services.recorder = application->m_recorder.get();
    services.workFolder = application->m_profile.workFolder();
    services.presetFolder = application->m_profile.presetFolder();
    services.resolveDestination = [app = application.get()](const QString &place) {
        return app->resolveDestination(place);
    };
    application->m_runner = std::make_unique<queue::JobRunner>(application->m_queue.get(),
                                                               services, runnerOptions());
    co_return application;
}

void Application::startThreads()
{
    m_recorder = std::make_unique<activity::Recorder>();
    m_recorder->attachThisThread(QStringLiteral("main"));
    m_mainLag = std::make_unique<activity::LoopLag>();
    m_mainLag->start();
    const auto attach = [recorder = m_recorder.get()](const QString &name) {
        recorder->attachThisThread(name);
    };
    m_io = std::make_unique<WorkerPool>(QStringLiteral("io"), ioThreads, 0, attach);
    const queue::RunnerOptions options = runnerOptions();
    m_exports = std::make_unique<WorkerPool>(QStringLiteral("export"),
                                             options.exportsAtOnce + options.copiesAtOnce,
                                             exportNiceness, attach);
    m_network = std::make_unique<queue::NetworkThread>(m_io.get(), m_recorder.get());
}

Result<transfer::DestinationConfig> Application::resolveDestination(const QString &place) const
{
    SO_TRY(auto config, transfer::destinationFromUrl(place));
    addSecrets(config);
    return config;
}

Result<transfer::DestinationConfig> Application::prepareDestination(const QString &place)
{
    SO_TRY(auto config, resolveDestination(place));
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
    co_await m_queue->flush();
}

} // namespace sendoff::app
