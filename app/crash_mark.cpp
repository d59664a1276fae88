// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/crash_mark.h"

#include <array>
#include <climits>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sendoff::app {

namespace {

constexpr std::array crashSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
std::array<struct sigaction, crashSignals.size()> earlierActions;
std::array<char, PATH_MAX> markPath{};

FilePath markIn(const FilePath &folder)
{
    return folder / "crashed";
}

// Only async-signal-safe calls.
void crashed(int signal)
{
    const int mark = ::open(markPath.data(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (mark >= 0)
        ::close(mark);
    for (std::size_t index = 0; index < crashSignals.size(); ++index)
        ::sigaction(crashSignals[index], &earlierActions[index], nullptr);
    ::raise(signal);
}

} // namespace

void markCrashesIn(const FilePath &folder)
{
    const std::string path = markIn(folder).string();
    const bool isFirst = markPath[0] == '\0';
    if (path.size() >= markPath.size())
        return;
    std::memcpy(markPath.data(), path.c_str(), path.size() + 1);
    if (!isFirst)
        return;
    struct sigaction action {};
    action.sa_handler = crashed;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (std::size_t index = 0; index < crashSignals.size(); ++index)
        ::sigaction(crashSignals[index], &action, &earlierActions[index]);
}

bool takeCrashMark(const FilePath &folder)
{
    std::error_code code;
    return std::filesystem::remove(markIn(folder), code);
}

} // namespace sendoff::app
