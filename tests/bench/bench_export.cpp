// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Exports against what people would use instead: the ffmpeg command that the plan prints, and
// HandBrakeCLI where it is installed. Each side runs in processes of its own, in turns; wall, CPU
// and peak memory come from wait4(). CSV per round, then the medians of the rounds' ratios.
//   bench_export [case] [rounds]        cases: long clips remux handbrake memory segments; all without one
// Verification (the result read again to its end) is part of our time, not of theirs. Exit code 1
// where a median is over its bound.

#include "tests/bench/bench_process.h"

#include "core/media/encoder_parameters.h"
#include "core/media/export.h"
#include "core/media/probe.h"
#include "core/media/sample_clip.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <thread>

using namespace sendoff;
using namespace sendoff::media;
using namespace sendoff::bench;

namespace {

constexpr int clipCount = 12;

ExportPlan planFor(const FilePath &source, const QString &presetId, bool encodes)
{
    const auto file = valueOf(SourceFile::open(source));
    const MediaInfo info = valueOf(probe(file, {}));
    const Preset preset = valueOf(findPreset(presetId, FilePath()));
    PlanWishes wishes;
    wishes.encodeAlways = encodes;
    return valueOf(makePlan(info, preset, wishes, Codecs::ofThisBuild()));
}

void exportOne(const FilePath &source, const ExportPlan &plan, const FilePath &target, int threads)
{
    ExportRequest request;
    request.source = valueOf(SourceFile::open(source));
    request.plan = plan;
    request.partial = target;
    request.codecThreads = threads;
    request.progress = std::make_shared<ExportProgress>();
    (void)valueOf(exportMedia(std::move(request), {}));
    std::filesystem::remove(target);
}

// ffmpeg's own defaults are other numbers of threads for decoder, filters and encoder.
QByteArray ffmpegWithThreads(const ExportPlan &plan, const FilePath &source, const FilePath &target,
                             int threads)
{
    QString command = ffmpegCommand(plan, QString::fromStdString(source.string()),
                                    QString::fromStdString(target.string()));
    const QString count = QString::number(threads);
    command.insert(command.indexOf(QStringLiteral("-i ")),
                   QStringLiteral("-v error -y -threads %1 ").arg(count));
    command.replace(QStringLiteral(" -n "), QStringLiteral(" ")); // a round overwrites the last one's
    const qsizetype encoder = command.indexOf(QStringLiteral("-c:v:0 "));
    if (plan.encodesVideo())
        command.insert(encoder, QStringLiteral("-threads:v:0 %1 ")
                                    .arg(encoderThreads(plan.streams.first(), threads)));
    return command.toLocal8Bit();
}

FilePath makeClip(const QTemporaryDir &folder, const QString &name, int width, int height,
                  double seconds, qint64 bitrate, int seed)
{
    SampleClip clip;
    clip.width = width;
    clip.height = height;
    clip.seconds = seconds;
    clip.videoBitrate = bitrate;
    clip.seed = seed;
    const FilePath path = folder.filePath(name).toStdString();
    if (const Result<void> made = makeSampleClip(clip, path, {}); !made)
        giveUp(made.error());
    return path;
}

// 60 s of 1080p to 720p.
bool benchLong(const QTemporaryDir &folder, int rounds)
{
    const FilePath source = makeClip(folder, QStringLiteral("long.mkv"), 1920, 1080, 60,
                                     12'000'000, 1);
    const FilePath ours = folder.filePath(QStringLiteral("ours.mp4")).toStdString();
    const FilePath theirs = folder.filePath(QStringLiteral("theirs.mp4")).toStdString();
    const ExportPlan plan = planFor(source, QStringLiteral("web-720p"), true);
    const QByteArray command = ffmpegWithThreads(plan, source, theirs, 2);
    std::fprintf(stderr, "%s\n", command.constData());
    const Medians medians = compare(
        "long: ffmpeg", rounds, [&] { exportOne(source, plan, ours, 2); },
        [&] { runShell(command); });
    return medians.isWithin({1.03, 1.03, 0, 30});
}

// 720p to 360p, two at once with one codec thread each, as the queue runs short clips.
bool benchClips(const QTemporaryDir &folder, int rounds)
{
    std::vector<FilePath> sources;
    for (int i = 0; i < clipCount; ++i)
        sources.push_back(makeClip(folder, QStringLiteral("clip-%1.mkv").arg(i), 1280, 720, 3,
                                   5'000'000, i + 1));
    ExportPlan plan = planFor(sources.front(), QStringLiteral("web-720p"), true);
    plan.streams.first().width = 640;
    plan.streams.first().height = 360;
    const auto ours = [&] {
        std::atomic<std::size_t> next{0};
        const auto work = [&] {
            for (std::size_t i = next++; i < sources.size(); i = next++)
                exportOne(sources[i], plan, sources[i].string() + ".mp4", 1);
        };
        std::jthread first(work);
        std::jthread second(work);
    };
    const auto theirs = [&] {
        for (const FilePath &source : sources)
            runShell(ffmpegWithThreads(plan, source, source.string() + ".ffmpeg.mp4", 2));
    };
    return compare("12 clips of 3 s: a process each", rounds, ours, theirs)
        .isWithin({0.65, 0, 0, 0});
}

bool benchRemux(const QTemporaryDir &folder, int rounds)
{
    std::vector<FilePath> sources;
    for (int i = 0; i < clipCount; ++i)
        sources.push_back(
            makeClip(folder, QStringLiteral("small-%1.mkv").arg(i), 320, 180, 3, 500'000, i + 1));
    const ExportPlan plan = planFor(sources.front(), QStringLiteral("remux-mp4"), false);
    const auto ours = [&] {
        for (const FilePath &source : sources)
            exportOne(source, plan, source.string() + ".mp4", 1);
    };
    const auto theirs = [&] {
        for (const FilePath &source : sources)
            runShell(ffmpegWithThreads(plan, source, source.string() + ".ffmpeg.mp4", 1));
    };
    return compare("12 remuxes of 3 s: a process each", rounds, ours, theirs)
        .isWithin({0, 0.25, 0, 0});
}

// The same x264 settings; its scan for titles is part of what it does.
bool benchHandBrake(const QTemporaryDir &folder, int rounds)
{
    if (std::system("command -v HandBrakeCLI >/dev/null") != 0) {
        std::fprintf(stderr, "HandBrakeCLI is not installed: left out\n");
        return true;
    }
    const FilePath source = makeClip(folder, QStringLiteral("for-handbrake.mkv"), 1920, 1080, 60,
                                     12'000'000, 1);
    const FilePath ours = folder.filePath(QStringLiteral("ours.mp4")).toStdString();
    const ExportPlan plan = planFor(source, QStringLiteral("web-720p"), true);
    const StreamPlan &video = plan.streams.first();
    const QByteArray command =
        QStringLiteral("HandBrakeCLI -i '%1' -o '%2' -f av_mp4 -O -e x264 --encoder-preset %3 "
                       "--encoder-profile high -q %4 -x threads=%7 --vfr -w %5 -l %6 --crop 0:0:0:0 "
                       "-E av_aac -B 160 --mixdown stereo --no-comb-detect --no-deinterlace "
                       ">/dev/null 2>&1")
            .arg(QString::fromStdString(source.string()),
                 folder.filePath(QStringLiteral("handbrake.mp4")),
                 video.options.value(QStringLiteral("preset")),
                 video.options.value(QStringLiteral("crf")))
            .arg(video.width)
            .arg(video.height)
            .arg(encoderThreads(video, 2))
            .toLocal8Bit();
    std::fprintf(stderr, "%s\n", command.constData());
    return compare(
               "handbrake", rounds, [&] { exportOne(source, plan, ours, 2); },
               [&] { runShell(command); })
        .isWithin({0.9, 0, 0.5, 0});
}

// With a journal, in the program's own segments or in others.
void exportInSegments(const FilePath &source, const ExportPlan &plan, const FilePath &target,
                      std::optional<qint64> segmentUs)
{
    const FilePath journal = target.string() + ".journal";
    ExportRequest request;
    request.source = valueOf(SourceFile::open(source));
    (void)valueOf(prepareJournal(journal, *request.source, plan, 2));
    const QString manifest = QString::fromStdString((journal / "journal.json").string());
    QFile file(manifest);
    if (!file.open(QIODevice::ReadWrite))
        giveUp(Error(ErrorKind::Internal, manifest));
    QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    if (segmentUs)
        json[u"segment_us"] = *segmentUs;
    file.resize(0);
    file.write(QJsonDocument(json).toJson());
    file.close();
    request.plan = plan;
    request.partial = target;
    request.codecThreads = 2;
    request.journal = journal;
    request.progress = std::make_shared<ExportProgress>();
    (void)valueOf(exportMedia(std::move(request), {}));
    std::filesystem::remove_all(journal);
}

// What the segments cost against one that is as long as the video; sizes are those of the files.
bool benchSegments(const QTemporaryDir &folder, int rounds)
{
    struct Kind {
        const char *name;
        double seconds;
        double sizeRatio;
        double cpuRatio;
    };
    bool isWithin = true;
    for (const Kind &kind : {Kind{"short: segments of 2 s", 40, 1.025, 1.08},
                             Kind{"long: segments of 6 s", 240, 1.005, 1.03}}) {
        const FilePath source = makeClip(folder, QStringLiteral("segments.mkv"), 1280, 720,
                                         kind.seconds, 6'000'000, 3);
        ExportPlan plan = planFor(source, QStringLiteral("web-720p"), true);
        plan.streams.first().width = 640;
        plan.streams.first().height = 360;
        const FilePath ours = folder.filePath(QStringLiteral("ours.mp4")).toStdString();
        const FilePath whole = folder.filePath(QStringLiteral("whole.mp4")).toStdString();
        constexpr qint64 forEver = 1'000'000'000'000;
        const Medians medians = compare(
            kind.name, rounds,
            [&] {
                std::filesystem::remove(ours);
                exportInSegments(source, plan, ours, std::nullopt);
            },
            [&] {
                std::filesystem::remove(whole);
                exportInSegments(source, plan, whole, forEver);
            });
        const double size =
            double(std::filesystem::file_size(ours)) / double(std::filesystem::file_size(whole));
        std::printf("%s,size %.4f\n", kind.name, size);
        const double extraMib = kind.seconds > 200 ? 1 : 0; // 0: not bounded
        isWithin = medians.isWithin({0, kind.cpuRatio, 0, extraMib}) && size <= kind.sizeRatio
            && isWithin;
    }
    return isWithin;
}

// Eight times as long, not more memory.
bool benchMemory(const QTemporaryDir &folder, int)
{
    const FilePath minute = makeClip(folder, QStringLiteral("minute.mkv"), 640, 360, 60, 2'000'000, 1);
    const FilePath longer = folder.filePath(QStringLiteral("longer.mkv")).toStdString();
    runShell(QStringLiteral("ffmpeg -v error -nostdin -y -stream_loop 7 -i '%1' -c copy '%2'")
                 .arg(QString::fromStdString(minute.string()),
                      QString::fromStdString(longer.string()))
                 .toLocal8Bit());
    const FilePath target = folder.filePath(QStringLiteral("memory.mp4")).toStdString();
    const auto peak = [&](const FilePath &source) {
        const ExportPlan plan = planFor(source, QStringLiteral("web-720p"), true);
        return measure([&] { exportOne(source, plan, target, 2); }).peakMib;
    };
    const double ofOne = peak(minute);
    const double ofEight = peak(longer);
    std::printf("memory,1 min %.0f MiB,8 min %.0f MiB\n", ofOne, ofEight);
    return ofEight <= ofOne + 16;
}

} // namespace

int main(int argc, char **argv)
{
    const QTemporaryDir folder;
    struct Case {
        const char *name;
        std::function<bool(const QTemporaryDir &, int)> run;
    };
    const Case cases[] = {{"long", benchLong},
                          {"clips", benchClips},
                          {"remux", benchRemux},
                          {"handbrake", benchHandBrake},
                          {"memory", benchMemory},
                          {"segments", benchSegments}};
    const char *wanted = argc > 1 ? argv[1] : "all";
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    bool isWithin = true;
    std::printf("case,round,their_wall,their_cpu,their_mib,our_wall,our_cpu,our_mib\n");
    for (const Case &each : cases) {
        if (std::strcmp(wanted, "all") == 0 || std::strcmp(wanted, each.name) == 0)
            isWithin = each.run(folder, rounds) && isWithin;
    }
    return isWithin ? 0 : 1;
}
