// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The three clips of “Try with a sample” and of the demo: short, with a moving picture and sound,
// of a kind that web-1080p must encode.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/media/preset.h"

#include <QCoroTask>

#include <span>
#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::app {

struct SampleVideo {
    const char *name;
    double seconds;
    int width;
    int height;
    media::Layout layout; // how it is exported: one of them uploads while it exports
};

std::span<const SampleVideo> sampleVideos();

// Makes `video` in `folder`, which is made too, or finds the one of before; its path.
QCoro::Task<Result<FilePath>> makeSampleVideo(WorkerPool *io, SampleVideo video, FilePath folder,
                                              std::stop_token stop);

} // namespace sendoff::app
