// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample_videos.h"

#include "core/base/run_on.h"
#include "core/media/sample_clip.h"

#include <array>

namespace sendoff::app {

namespace {

constexpr std::array samples{
    SampleVideo{"Birthday.mkv", 12, 1280, 720, media::Layout::Progressive},
    SampleVideo{"Holiday.mkv", 15, 1280, 720, media::Layout::Progressive},
    SampleVideo{"Lesson.mkv", 18, 1280, 720, media::Layout::Fragmented},
};

Error cannotWrite(const std::error_code &code, const QString &step, const FilePath &path)
{
    return Error::fromErrno(code.value(), Error::FileRole::Output, step, displayPath(path));
}

// Under its name stands only a whole clip.
Result<FilePath> makeInFolder(const SampleVideo &video, int seed, const FilePath &folder,
                              const std::stop_token &stop)
{
    const FilePath path = folder / video.name;
    std::error_code code;
    if (std::filesystem::exists(path, code))
        return path;
    std::filesystem::create_directories(folder, code);
    if (code)
        return failure(cannotWrite(code, QStringLiteral("make folder"), folder));
    media::SampleClip clip;
    clip.width = video.width;
    clip.height = video.height;
    clip.seconds = video.seconds;
    clip.seed = seed;
    const FilePath partial = partialPath(path, QStringLiteral("sample"));
    SO_TRY_VOID(media::makeSampleClip(clip, partial, stop));
    std::filesystem::rename(partial, path, code);
    if (code)
        return failure(cannotWrite(code, QStringLiteral("rename the sample"), path));
    return path;
}

} // namespace

std::span<const SampleVideo> sampleVideos()
{
    return samples;
}

QCoro::Task<Result<FilePath>> makeSampleVideo(WorkerPool *io, SampleVideo video, FilePath folder,
                                              std::stop_token stop)
{
    int seed = 1; // another picture and sound for each
    for (const SampleVideo &sample : samples)
        seed += sample.seconds < video.seconds ? 1 : 0;
    auto making = runOn(
        *io, [video, seed, folder, stop] { return makeInFolder(video, seed, folder, stop); }, stop);
    co_return co_await std::move(making);
}

} // namespace sendoff::app
