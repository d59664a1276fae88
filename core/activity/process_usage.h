// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What this process and the machine have used so far, from the operating system.

namespace sendoff::activity {

struct ProcessUsage {
    double cpuSeconds = 0; // user + system, all threads
    // Of that, what exports used: their pool's threads and those that codecs made run at a lower
    // priority, so it is the total less what the threads of normal priority used.
    double lowPriorityCpuSeconds = 0;
    double peakRssMib = 0;
};

// Reads a few files of the kernel for each thread: I/O pool.
ProcessUsage processUsage();

struct MachineUsage {
    double busySeconds = 0; // of all cores together
    double totalSeconds = 0; // busy or not
};
// Zeros where the system does not tell.
MachineUsage machineUsage();

// Processor time of the calling thread in nanoseconds.
long long threadCpuNs();

} // namespace sendoff::activity
