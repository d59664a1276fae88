// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/stop_signals.h"

#include "app/exit_code.h"

#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace sendoff::app {

namespace {

std::array<int, 2> signalPipe{-1, -1};
volatile std::sig_atomic_t signalsSeen = 0;

// Only async-signal-safe calls.
void signalArrived(int)
{
    signalsSeen = signalsSeen + 1;
    if (signalsSeen > 1)
        ::_exit(int(ExitCode::Stopped));
    const char byte = 1;
    const auto written = ::write(signalPipe[1], &byte, 1);
    (void)written;
}

void handle(void (*handler)(int))
{
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        ::sigaction(number, &action, nullptr);
}

} // namespace

StopSignals::StopSignals(std::function<void()> stop) : m_stop(std::move(stop))
{
    ::signal(SIGPIPE, SIG_IGN); // a closed terminal or socket is an error code, not our end
    ::signal(SIGXFSZ, SIG_IGN); // so is a file that may not grow any more
    if (::pipe2(signalPipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // without it a signal still ends the program, and nothing is lost
    m_notifier = std::make_unique<QSocketNotifier>(signalPipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        const auto got = ::read(signalPipe[0], &byte, 1);
        if (got != 1 || m_requested)
            return;
        m_requested = true;
        m_stop();
    });
    handle(&signalArrived);
}

StopSignals::~StopSignals()
{
    handle(SIG_DFL);
    m_notifier.reset();
    for (int &end : signalPipe) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
    signalsSeen = 0;
}

} // namespace sendoff::app
