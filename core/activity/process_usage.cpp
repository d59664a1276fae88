// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/process_usage.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace sendoff::activity {

namespace {

double seconds(const timeval &time)
{
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
}

// proc(5): of /proc/self/task/N/stat, field 14 utime, 15 stime, 19 nice. The name (field 2) may
// hold spaces, so counting starts behind its closing parenthesis.
double normalPriorityCpuSeconds()
{
    double total = 0;
    const int ownNiceness = ::getpriority(PRIO_PROCESS, 0); // of the main thread
    const double ticks = double(::sysconf(_SC_CLK_TCK));
    std::error_code code;
    for (const auto &task : std::filesystem::directory_iterator("/proc/self/task", code)) {
        std::ifstream file(task.path() / "stat");
        std::string line;
        std::getline(file, line);
        const std::size_t nameEnd = line.rfind(')');
        if (nameEnd == std::string::npos)
            continue;
        std::istringstream fields(line.substr(nameEnd + 1));
        std::string skipped;
        for (int field = 3; field < 14; ++field)
            fields >> skipped;
        double user = 0;
        double system = 0;
        int nice = 0;
        fields >> user >> system >> skipped >> skipped >> skipped >> nice;
        if (fields && nice <= ownNiceness)
            total += (user + system) / ticks;
    }
    return total;
}

} // namespace

ProcessUsage processUsage()
{
    ProcessUsage usage;
    rusage own{};
    ::getrusage(RUSAGE_SELF, &own);
    usage.cpuSeconds = seconds(own.ru_utime) + seconds(own.ru_stime);
    usage.peakRssMib = double(own.ru_maxrss) / 1024.0;
    usage.lowPriorityCpuSeconds = std::max(0.0, usage.cpuSeconds - normalPriorityCpuSeconds());
    return usage;
}

// proc(5): the first line of /proc/stat: user nice system idle iowait irq softirq steal.
MachineUsage machineUsage()
{
    MachineUsage usage;
    std::ifstream file("/proc/stat");
    std::string name;
    file >> name;
    const double ticks = double(::sysconf(_SC_CLK_TCK));
    for (int field = 0; field < 8; ++field) {
        double value = 0;
        if (!(file >> value))
            return {};
        const bool isIdle = field == 3 || field == 4;
        usage.totalSeconds += value / ticks;
        usage.busySeconds += isIdle ? 0 : value / ticks;
    }
    return usage;
}

long long threadCpuNs()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1'000'000'000LL * time.tv_sec + time.tv_nsec;
}

} // namespace sendoff::activity
