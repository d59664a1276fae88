// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/export_experiment.h"

#include "core/base/worker_pool.h"
#include "core/media/probe.h"
#include "core/media/sample_clip.h"

#include <array>
#include <filesystem>
#include <mutex>

namespace sendoff::lessons {

namespace {

constexpr std::array clipNames{"Picnic.mkv", "Birthday.mkv"};
constexpr int exportNiceness = 10; // as the program's own exports

Result<media::ExportRequest> requestFor(const FilePath &clip, std::stop_token stop)
{
    SO_TRY(const auto source, SourceFile::open(clip));
    SO_TRY(const auto info, media::probe(source, stop));
    SO_TRY(const auto preset, media::findPreset(QStringLiteral("web-1080p"), FilePath()));
    media::PlanWishes wishes;
    wishes.encodeAlways = true;
    SO_TRY(const auto plan, media::makePlan(info, preset, wishes, media::Codecs::ofThisBuild()));
    media::ExportRequest request;
    request.source = source;
    request.plan = plan;
    request.partial = clip;
    request.partial += ".export";
    request.codecThreads = 1;
    return request;
}

} // namespace

Result<std::vector<media::ExportRequest>> prepareExports(const FilePath &scratch,
                                                         std::stop_token stop)
{
    std::vector<media::ExportRequest> exports;
    for (std::size_t number = 0; number < clipNames.size(); ++number) {
        const FilePath path = scratch / clipNames[number];
        media::SampleClip clip;
        clip.width = 960;
        clip.height = 540;
        clip.seconds = 8;
        clip.seed = int(number) + 1;
        if (!std::filesystem::exists(path))
            SO_TRY_VOID(media::makeSampleClip(clip, path, stop));
        SO_TRY(auto request, requestFor(path, stop));
        exports.push_back(std::move(request));
    }
    return exports;
}

Result<void> runExports(const std::vector<media::ExportRequest> &exports, int workers,
                        activity::Recorder &recorder, const std::function<void(double)> &tell,
                        std::stop_token stop)
{
    std::mutex mutex; // of `result` and `done`
    Result<void> result;
    std::size_t done = 0;
    {
        WorkerPool pool(QStringLiteral("export"), workers, exportNiceness,
                        [&recorder](const QString &name) {
                            recorder.attachThisThread(name, activity::ThreadRole::Worker);
                        });
        for (media::ExportRequest request : exports) {
            const QString title = QString::fromStdString(request.partial.stem().string());
            const ActivityId id =
                recorder.registerActivity(title, activity::ActivityRole::Export, title);
            recorder.setCodecThreads(id, request.codecThreads);
            request.progress = std::make_shared<media::ExportProgress>();
            pool.start([&, request, id] {
                const FilePath partial = request.partial;
                Result<media::ExportResult> exported;
                {
                    const WorkSpan working(id);
                    exported = media::exportMedia(request, stop);
                }
                std::error_code ignored; // it lies in a scratch folder
                std::filesystem::remove(partial, ignored);
                const std::lock_guard lock(mutex);
                if (!exported && result)
                    result = failure(exported.error());
                tell(double(++done) / double(exports.size()));
            });
        }
    } // waits for all
    return result;
}

} // namespace sendoff::lessons
