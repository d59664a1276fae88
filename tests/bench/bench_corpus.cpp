// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an export of every file of a folder costs: CSV with how it ended, wall, CPU and peak memory,
// each in a process of its own.
//   bench_corpus [FOLDER]        without one: SENDOFF_SHARED_MEDIA
// Exit code 1 where one crashes, takes more than 60 s of the processor, or more than 512 MiB.

#include "tests/bench/bench_process.h"

#include "core/media/export.h"
#include "core/media/probe.h"

#include <QDirIterator>
#include <QTemporaryDir>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace sendoff;
using namespace sendoff::media;

namespace {

constexpr double mostCpu = 60; // seconds
constexpr double mostMib = 512;

// How it ended: 0 done, 1 done with warnings, else refused with the kind of error + 2.
int exportOne(const FilePath &source, const FilePath &target)
{
    const auto file = SourceFile::open(source);
    if (!file)
        return int(file.error().kind) + 2;
    const auto info = probe(*file, {});
    if (!info)
        return int(info.error().kind) + 2;
    const auto preset = findPreset(QStringLiteral("web-1080p"), FilePath());
    const auto plan = makePlan(*info, *preset, {}, Codecs::ofThisBuild());
    if (!plan)
        return int(plan.error().kind) + 2;
    ExportRequest request;
    request.source = *file;
    request.plan = *plan;
    request.partial = target;
    request.codecThreads = 2;
    request.progress = std::make_shared<ExportProgress>();
    const auto result = exportMedia(std::move(request), {});
    if (!result)
        return int(result.error().kind) + 2;
    return result->warnings.isEmpty() && plan->warnings.isEmpty() ? 0 : 1;
}

QString wordFor(int status)
{
    if (!WIFEXITED(status))
        return QStringLiteral("crashed");
    const int code = WEXITSTATUS(status);
    return code == 0 ? QStringLiteral("done")
        : code == 1  ? QStringLiteral("warned")
                     : kindName(ErrorKind(code - 2));
}

bool report(const QString &file, const FilePath &target)
{
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(exportOne(file.toStdString(), target));
    int status = 0;
    struct rusage usage {};
    ::wait4(child, &status, 0, &usage);
    std::filesystem::remove(target);
    const double cpu = double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    const double mib = double(usage.ru_maxrss) / 1024;
    std::printf("%s,%s,%.2f,%.0f\n", qPrintable(file), qPrintable(wordFor(status)), cpu, mib);
    std::fflush(stdout);
    return WIFEXITED(status) && cpu <= mostCpu && mib <= mostMib;
}

} // namespace

int main(int argc, char **argv)
{
    const QString folder = argc > 1 ? QString::fromLocal8Bit(argv[1])
                                    : qEnvironmentVariable("SENDOFF_SHARED_MEDIA");
    const QTemporaryDir scratch;
    const FilePath target = scratch.filePath(QStringLiteral("out.mp4")).toStdString();
    if (folder.isEmpty()) {
        std::fprintf(stderr, "no folder with media\n");
        return 0;
    }
    QStringList files;
    QDirIterator all(folder, QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext())
        files.append(all.next());
    files.sort();
    bool isWithin = true;
    std::printf("file,end,cpu_s,peak_mib\n");
    for (const QString &file : std::as_const(files))
        isWithin = report(file, target) && isWithin;
    return isWithin ? 0 : 1;
}
