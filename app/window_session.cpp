// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_session.h"

#include "app/sample_videos.h"
#include "app/stop_signals.h"
#include "app/translations.h"
#include "core/activity/loop_event.h"
#include "core/base/error_text.h"
#include "core/base/run_on.h"
#include "ui/appearance.h"
#include "ui/main_window.h"
#include "ui/theme/icons.h"

#include <QApplication>
#include <QMessageBox>
#include <QSessionManager>
#include <QTimer>

#include <cstdio>

namespace sendoff::app {

namespace {

constexpr auto settingsFileName = "window.ini";
constexpr auto sampleFolderName = "samples";

} // namespace

bool hasDisplay()
{
#if defined(Q_OS_MACOS) || defined(Q_OS_WIN)
    return true;
#else
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        || !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
#endif
}

int runWindow(int argc, char **argv, const CommandLine &line)
{
    activity::ObservedApplication<QApplication> application(argc, argv);
    installTranslations(&application, QLocale());
    QApplication::setApplicationDisplayName(QStringLiteral("Sendoff"));
    QApplication::setDesktopFileName(QStringLiteral("org.sendoff.Sendoff"));
    QApplication::setQuitOnLastWindowClosed(false); // the session quits when all is at rest
    WindowSession session(line);
    const StopSignals signalHandler([&session] { session.quit(); });
    QObject::connect(&application, &QGuiApplication::commitDataRequest, &session,
                     [&session](QSessionManager &) { session.save(); }, Qt::DirectConnection);
    QObject::connect(&session, &WindowSession::finished, &application, &QCoreApplication::quit);
    session.start();
    QApplication::exec();
    return session.exitCode();
}

WindowSession::WindowSession(CommandLine line) : m_line(std::move(line)) {}

WindowSession::~WindowSession() = default;

void WindowSession::start()
{
    m_appearance = std::make_unique<ui::Appearance>();
    m_tasks.spawn([this](std::stop_token stop) { return open(std::move(stop)); });
}

QCoro::Task<void> WindowSession::open(std::stop_token stop)
{
    auto entering = enter(stop);
    const bool isOurs = co_await std::move(entering);
    if (!isOurs)
        co_return;
    auto gathering = services(stop);
    ui::WindowServices parts = co_await std::move(gathering);
    m_window = std::make_unique<ui::MainWindow>(std::move(parts), m_appearance.get());
    connect(m_window.get(), &ui::MainWindow::quitWanted, this, &WindowSession::quit);
    std::vector<FilePath> files;
    for (const FilePath &name : m_line.operands)
        files.push_back(m_line.absolute(name));
    m_window->addFiles(std::move(files));
    m_window->show();
    // Behind the first paint.
    QTimer::singleShot(0, this, [] { QApplication::setWindowIcon(ui::applicationIcon()); });
    const auto loaded = co_await m_application->load(queue::SessionKind::Window);
    if (!loaded) {
        showStartTrouble(loaded.error());
        co_return;
    }
    m_window->queueLoaded(m_application->startReport());
    m_application->intake().checkStored(); // what was not yet opened when the program ended
    m_application->scheduler().start(queue::Scheduler::Scope::AllJobs);
    serveOthers();
    Q_EMIT queueLoaded();
}

// True where this process owns the profile now. Else the running Sendoff has taken the files, or
// the user was told why there is no window.
QCoro::Task<bool> WindowSession::enter(std::stop_token stop)
{
    auto entering = enterProfile(entryRequest(m_line, m_output), &m_output, [](EntryNews) {}, stop);
    auto entry = co_await std::move(entering);
    if (!entry) {
        showStartTrouble(entry.error());
        co_return false;
    }
    if (const int *code = std::get_if<int>(&*entry)) {
        m_exitCode = *code;
        QTimer::singleShot(0, this, &WindowSession::quit);
        co_return false;
    }
    Ownership ownership = std::move(std::get<Ownership>(*entry));
    m_server = std::move(ownership.server);
    auto starting = Application::start(std::move(ownership.profile), std::move(ownership.lock),
                                       Application::Load::Later);
    auto application = co_await std::move(starting);
    if (!application) {
        showStartTrouble(application.error());
        co_return false;
    }
    m_application = std::move(*application);
    co_return true;
}

void WindowSession::serveOthers()
{
    m_front.open = [this](std::vector<FilePath> files) { m_window->addFiles(std::move(files)); };
    m_front.raise = [this](const QByteArray &activationToken) {
        if (!activationToken.isEmpty())
            qputenv("XDG_ACTIVATION_TOKEN", activationToken);
        m_window->raiseWindow();
    };
    m_server->serve([this](HandOver handOver, Output *output, std::stop_token stop) {
        return runHandedOver(std::move(handOver), m_application.get(), &m_front, output,
                             std::move(stop));
    });
}

// What the window needs from disk is read before it is made.
QCoro::Task<ui::WindowServices> WindowSession::services(std::stop_token stop)
{
    const Profile &profile = m_application->profile();
    ui::WindowServices parts;
    parts.queue = &m_application->queue();
    parts.commands = &m_application->commands();
    parts.scheduler = &m_application->scheduler();
    parts.runner = &m_application->runner();
    parts.intake = &m_application->intake();
    parts.network = &m_application->network();
    parts.destinations = &m_application->destinations();
    parts.uploadLimit = &m_application->uploadLimit();
    parts.recorder = &m_application->recorder();
    parts.io = &m_application->io();
    parts.shelfFolder = profile.shelfFolder();
    parts.workFolder = profile.workFolder();
    const FilePath sampleFolder = profile.root() / sampleFolderName;
    for (const SampleVideo &video : sampleVideos()) {
        parts.samples.append([io = parts.io, video, sampleFolder](std::stop_token token) {
            return makeSampleVideo(io, video, sampleFolder, std::move(token));
        });
    }
    struct OnDisk {
        ui::WindowSettings settings;
        media::PresetList presets;
    };
    auto reading = runOn(
        *parts.io,
        [file = profile.root() / settingsFileName, folder = profile.presetFolder()]() -> Result<OnDisk> {
            OnDisk found;
            found.settings = ui::loadWindowSettings(file);
            found.presets = media::loadPresets(folder);
            return found;
        },
        stop);
    auto onDisk = co_await std::move(reading);
    if (onDisk) {
        parts.settings = std::move(onDisk->settings);
        parts.presets = std::move(onDisk->presets.presets);
    }
    co_return parts;
}

void WindowSession::showStartTrouble(const Error &error)
{
    m_exitCode = 1;
    const QString text = describe(error).sentence();
    std::fprintf(stderr, "%s\n", text.toUtf8().constData());
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Sendoff can't start"), text);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->addButton(tr("&Quit"), QMessageBox::AcceptRole);
    connect(box, &QMessageBox::finished, this, &WindowSession::quit);
    box->open();
}

void WindowSession::quit()
{
    if (std::exchange(m_isQuitting, true))
        return;
    if (m_window)
        m_window->hide(); // quitting is felt at once; saving takes up to two seconds
    m_tasks.cancel();
    QCoro::connect(close(), this, [this] { Q_EMIT finished(); });
}

QCoro::Task<void> WindowSession::close()
{
    co_await m_tasks.join();
    if (m_server)
        co_await m_server->close();
    co_await saveAll();
    if (m_window)
        co_await m_window->leave();
    if (m_application)
        co_await m_application->close();
    m_window.reset();
    m_server.reset(); // before the lock, which the application holds
    m_application.reset();
}

QCoro::Task<void> WindowSession::saveAll()
{
    if (!m_window)
        co_return;
    const std::stop_token never;
    auto saving = runOn(
        m_application->io(),
        [file = m_application->profile().root() / settingsFileName,
         settings = m_window->settingsNow()] { return ui::saveWindowSettings(file, settings); },
        never);
    const auto saved = co_await std::move(saving);
    if (!saved) // only the window's own look is lost
        std::fprintf(stderr, "%s\n", describe(saved.error()).sentence().toUtf8().constData());
    co_await m_application->queue().flush();
}

void WindowSession::save()
{
    QCoro::waitFor(saveAll());
}

} // namespace sendoff::app
