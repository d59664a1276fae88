// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crash_point.h"

#ifdef SENDOFF_CRASH_POINTS

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace sendoff {

void crashPoint(const char *name) noexcept
{
    static const char *const wanted = std::getenv("SENDOFF_CRASH_AT");
    if (!wanted)
        return;
    const std::size_t length = std::strlen(name);
    if (std::strncmp(wanted, name, length) != 0)
        return;
    static std::atomic<int> passes{0};
    int pass = 1;
    if (wanted[length] == ':')
        pass = std::atoi(wanted + length + 1);
    else if (wanted[length] != '\0')
        return;
    if (++passes == pass)
        ::kill(::getpid(), SIGKILL); // nothing is flushed, no destructor runs
}

} // namespace sendoff

#endif
