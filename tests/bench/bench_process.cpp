// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_process.h"

#include <algorithm>
#include <chrono>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sendoff::bench {

namespace {

double seconds(const timeval &time)
{
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace

Cost measure(const std::function<void()> &work)
{
    std::fflush(nullptr);
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        std::fflush(nullptr);
        ::_exit(0);
    }
    int status = 0;
    struct rusage usage {};
    if (child < 0 || ::wait4(child, &status, 0, &usage) != child || status != 0)
        giveUp(Error(ErrorKind::Internal, QStringLiteral("what was to be measured failed")));
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    return {wall.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime),
            double(usage.ru_maxrss) / 1024};
}

void runShell(const QByteArray &command)
{
    if (std::system(command.constData()) != 0)
        giveUp(Error(ErrorKind::Internal, QString::fromLocal8Bit(command)));
}

bool Medians::isWithin(const Bounds &bounds) const
{
    const auto check = [](const char *what, double value, double bound) {
        const bool isOver = bound > 0 && value > bound;
        if (isOver)
            std::printf("over its bound,%s,%.3f,%.3f\n", what, value, bound);
        return !isOver;
    };
    const bool wall = check("wall", wallRatio, bounds.wallRatio);
    const bool cpu = check("cpu", cpuRatio, bounds.cpuRatio);
    const bool memory = check("memory", memoryRatio, bounds.memoryRatio);
    const bool extra = check("MiB more", extraMib, bounds.extraMib);
    return wall && cpu && memory && extra;
}

Medians compare(const char *name, int rounds, const std::function<void()> &ours,
                const std::function<void()> &theirs)
{
    std::vector<double> wall;
    std::vector<double> cpu;
    std::vector<double> memory;
    std::vector<double> extra;
    for (int round = 1; round <= rounds; ++round) {
        Cost their;
        if (round % 2 == 1)
            their = measure(theirs);
        const Cost our = measure(ours);
        if (round % 2 == 0)
            their = measure(theirs);
        wall.push_back(our.wall / their.wall);
        cpu.push_back(our.cpu / their.cpu);
        memory.push_back(our.peakMib / their.peakMib);
        extra.push_back(our.peakMib - their.peakMib);
        std::printf("%s,%d,%.2f,%.2f,%.0f,%.2f,%.2f,%.0f\n", name, round, their.wall, their.cpu,
                    their.peakMib, our.wall, our.cpu, our.peakMib);
        std::fflush(stdout);
    }
    const Medians medians{median(wall), median(cpu), median(memory), median(extra)};
    std::printf("%s,median,wall %.3f,cpu %.3f,memory %.3f,%+.0f MiB\n", name, medians.wallRatio,
                medians.cpuRatio, medians.memoryRatio, medians.extraMib);
    std::fflush(stdout);
    return medians;
}

} // namespace sendoff::bench
