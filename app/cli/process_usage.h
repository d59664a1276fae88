// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What this process has used so far, from the operating system.

namespace sendoff::app {

struct ProcessUsage {
    double cpuSeconds = 0; // user + system, all threads
    // Of that, what exports used: their pool's threads and those that codecs made run at a lower
    // priority, so it is the total less what the threads of normal priority used.
    double lowPriorityCpuSeconds = 0;
    double peakRssMib = 0;
};

ProcessUsage processUsage();

} // namespace sendoff::app
