// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// WindowSession: one run of the window: starts the application under it, shows it before the queue
// is loaded, and brings both to rest at the end, however that comes.

#include "app/application.h"
#include "app/cli/output.h"
#include "app/cli/run_verb.h"
#include "app/owner/owner_server.h"
#include "core/base/task_scope.h"
#include "ui/window_services.h"

#include <QCoroTask>
#include <QObject>

#include <memory>

namespace sendoff::ui {
class Appearance;
class MainWindow;
} // namespace sendoff::ui

namespace sendoff::app {

// Whether this process could show a window.
bool hasDisplay();
// Makes the QApplication, shows the window and returns the exit code when it has quit.
int runWindow(int argc, char **argv, const CommandLine &line);

// Main thread, with a QApplication.
class WindowSession : public QObject {
    Q_OBJECT

public:
    // The operands of `line` are files to add.
    explicit WindowSession(CommandLine line);
    ~WindowSession() override;

    void start();
    // Everything to rest and saved, within two seconds; then finished().
    void quit();
    // The desktop's session may end at any moment: returns when all is durable. Nothing is stopped.
    void save();
    int exitCode() const { return m_exitCode; }

    // Null before the window is shown.
    ui::MainWindow *window() const { return m_window.get(); }
    Application *application() const { return m_application.get(); }

Q_SIGNALS:
    void queueLoaded();
    void finished();

private:
    QCoro::Task<void> open(std::stop_token stop);
    QCoro::Task<bool> enter(std::stop_token stop);
    void serveOthers();
    QCoro::Task<void> close();
    QCoro::Task<void> saveAll();
    QCoro::Task<ui::WindowServices> services(std::stop_token stop);
    void showStartTrouble(const Error &error);

    CommandLine m_line;
    StandardOutput m_output;
    WindowFront m_front;
    std::unique_ptr<OwnerServer> m_server; // hears the commands of other processes
    std::unique_ptr<Application> m_application;
    std::unique_ptr<ui::Appearance> m_appearance;
    std::unique_ptr<ui::MainWindow> m_window;
    int m_exitCode = 0;
    bool m_isQuitting = false;
    TaskScope m_tasks;
};

} // namespace sendoff::app
