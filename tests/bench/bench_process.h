// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Measures work in a process of its own, and two kinds of it in turns.

#include "core/base/result.h"

#include <QByteArray>

#include <cstdio>
#include <cstdlib>
#include <functional>

namespace sendoff::bench {

[[noreturn]] inline void giveUp(const Error &error)
{
    std::fprintf(stderr, "%s: %s\n", qPrintable(kindName(error.kind)), qPrintable(error.detail));
    std::exit(2);
}

template <typename T> T valueOf(Result<T> result)
{
    if (!result)
        giveUp(result.error());
    return std::move(*result);
}

struct Cost {
    double wall = 0; // seconds
    double cpu = 0;
    double peakMib = 0; // of the largest process
};

// Forks: nothing may run in other threads yet. Ends the program where the work fails.
Cost measure(const std::function<void()> &work);

// /bin/sh; ends the program where the command fails.
void runShell(const QByteArray &command);

// Each at most this; 0 = does not matter.
struct Bounds {
    double wallRatio = 0;
    double cpuRatio = 0;
    double memoryRatio = 0;
    double extraMib = 0;
};

struct Medians {
    double wallRatio = 0;
    double cpuRatio = 0;
    double memoryRatio = 0;
    double extraMib = 0;
    bool isWithin(const Bounds &bounds) const; // and says where it is not
};

// Ours ÷ theirs, per round; whoever goes first changes, because the second has warmer caches.
Medians compare(const char *name, int rounds, const std::function<void()> &ours,
                const std::function<void()> &theirs);

} // namespace sendoff::bench
