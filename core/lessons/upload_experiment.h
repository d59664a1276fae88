// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The uploads of the lessons: three of them to a slow server, all by coroutines of one thread.
// Blocking.

#include "core/activity/recorder.h"
#include "core/base/result.h"

#include <functional>
#include <stop_token>

namespace sendoff::lessons {

struct UploadWishes {
    int atOnce = 3;
    bool isLoopBlocked = false; // for blockLength, in the middle
};

Result<void> runUploads(UploadWishes wishes, activity::Recorder &recorder,
                        const std::function<void(double)> &tell, std::stop_token stop);

} // namespace sendoff::lessons
