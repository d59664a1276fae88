// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The exports of the lessons: two clips, each with one codec thread. Blocking.

#include "core/activity/recorder.h"
#include "core/media/export.h"

#include <functional>
#include <stop_token>
#include <vector>

namespace sendoff::lessons {

// Makes the clips where they are not there yet, and plans their exports.
Result<std::vector<media::ExportRequest>> prepareExports(const FilePath &scratch,
                                                         std::stop_token stop);
// All of them, `workers` at once. The results are thrown away.
Result<void> runExports(const std::vector<media::ExportRequest> &exports, int workers,
                        activity::Recorder &recorder, const std::function<void(double)> &tell,
                        std::stop_token stop);

} // namespace sendoff::lessons
