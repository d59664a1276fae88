// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One minute of 1080p, exported by exportMedia() and by the ffmpeg command that the plan prints,
// in turns, with equal threads: CSV per round, medians, and the ratio of the CPU time.
//   bench_export [rounds [seconds [threads]]]
// Exit code 1 where the export needs more than 1.05 × the CPU time of ffmpeg.

#include "core/media/export.h"
#include "core/media/probe.h"
#include "core/media/sample_clip.h"

#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <sys/resource.h>
#include <vector>

using namespace sendoff;
using namespace sendoff::media;

namespace {

constexpr double allowedRatio = 1.05;

struct Cost {
    double wall = 0; // seconds
    double cpu = 0;
};

double cpuSeconds(int who)
{
    struct rusage usage {};
    ::getrusage(who, &usage);
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <typename Work> Cost measure(int who, Work work)
{
    const double before = cpuSeconds(who);
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    return {wall.count(), cpuSeconds(who) - before};
}

[[noreturn]] void giveUp(const Error &error)
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

// ffmpeg's own defaults are other numbers of threads for decoder, filters and encoder.
QString withThreads(QString command, int threads)
{
    const QString count = QString::number(threads);
    const QString first = QStringLiteral("-i ");
    const QString encoder = QStringLiteral("-c:v:0 ");
    command.insert(command.indexOf(first),
                   QStringLiteral("-v error -nostdin -y -threads %1 ").arg(count));
    command.insert(command.indexOf(encoder), QStringLiteral("-threads:v:0 %1 ").arg(count));
    return command;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace

int main(int argc, char **argv)
{
    ::mallopt(M_PERTURB, 0xff); // as the program itself
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    const double seconds = argc > 2 ? std::atof(argv[2]) : 60;
    const int threads = argc > 3 ? std::atoi(argv[3]) : 2;
    const QTemporaryDir folder;
    const FilePath source = folder.filePath(QStringLiteral("source.mkv")).toStdString();
    const FilePath ours = folder.filePath(QStringLiteral("ours.mp4")).toStdString();
    const FilePath theirs = folder.filePath(QStringLiteral("theirs.mp4")).toStdString();

    SampleClip clip;
    clip.width = 1920;
    clip.height = 1080;
    clip.seconds = seconds;
    clip.videoBitrate = 12'000'000;
    if (const Result<void> made = makeSampleClip(clip, source, {}); !made)
        giveUp(made.error());
    const auto file = valueOf(SourceFile::open(source));
    const MediaInfo info = valueOf(probe(file, {}));
    const Preset preset = valueOf(findPreset(QStringLiteral("web-1080p"), FilePath()));
    PlanWishes wishes;
    wishes.encodeAlways = true;
    const ExportPlan plan = valueOf(makePlan(info, preset, wishes, Codecs::ofThisBuild()));
    const QByteArray command =
        withThreads(ffmpegCommand(plan, QString::fromStdString(source.string()),
                                  QString::fromStdString(theirs.string())),
                    threads)
            .toLocal8Bit();
    std::fprintf(stderr, "%s\n", command.constData());

    std::vector<double> cpuRatios;
    std::vector<double> wallRatios;
    std::printf("round,ffmpeg_wall,ffmpeg_cpu,sendoff_wall,sendoff_cpu,wall_ratio,cpu_ratio\n");
    for (int round = 1; round <= rounds; ++round) {
        const auto runTheirs = [&] {
            if (std::system(command.constData()) != 0)
                giveUp(Error(ErrorKind::Internal, QStringLiteral("ffmpeg")));
        };
        const auto runOurs = [&] {
            ExportRequest request;
            request.source = file;
            request.plan = plan;
            request.partial = ours;
            request.codecThreads = threads;
            request.progress = std::make_shared<ExportProgress>();
            (void)valueOf(exportMedia(std::move(request), {}));
            std::filesystem::remove(ours);
        };
        Cost their;
        Cost our;
        // Whoever goes first has the colder caches: in turns.
        if (round % 2 == 1)
            their = measure(RUSAGE_CHILDREN, runTheirs);
        our = measure(RUSAGE_SELF, runOurs);
        if (round % 2 == 0)
            their = measure(RUSAGE_CHILDREN, runTheirs);
        wallRatios.push_back(our.wall / their.wall);
        cpuRatios.push_back(our.cpu / their.cpu);
        std::printf("%d,%.2f,%.2f,%.2f,%.2f,%.3f,%.3f\n", round, their.wall, their.cpu, our.wall,
                    our.cpu, wallRatios.back(), cpuRatios.back());
        std::fflush(stdout);
    }
    std::printf("median,,,,,%.3f,%.3f\n", median(wallRatios), median(cpuRatios));
    return median(cpuRatios) <= allowedRatio ? 0 : 1;
}
