// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Experiments: small real jobs, done in two ways, of which the lessons tell the difference. They
// have threads and a recorder of their own: the queue of the running program knows nothing of them.

#include "core/activity/timeline.h"
#include "core/base/file_path.h"
#include "core/base/result.h"

#include <functional>
#include <stop_token>

namespace sendoff::lessons {

enum class Experiment {
    OneWorker, // two exports, one after another
    TwoWorkers, // the same two at once
    OneUpload, // three uploads, one after another
    ThreeUploads, // the same three at once, on one thread
    FreeLoop, // three uploads at once …
    BlockedLoop, // … while something keeps their thread for blockLength
};

inline constexpr std::chrono::milliseconds blockLength{500};

struct Outcome {
    double seconds = 0; // from the beginning to the end of the work
    activity::Timeline timeline; // of all of it
    qint64 beginNs = 0;
    qint64 tellingNs = 0; // where the loupe shows most
    double worstDelayMs = 0; // how long an upload's event had to wait for the thread
    int cores = 1;
};

// Blocks for some seconds: a thread of its own. `scratch` is an empty folder; what is made in it
// stays. `tell` is called from other threads, with 0…1.
Result<Outcome> run(Experiment experiment, const FilePath &scratch,
                    const std::function<void(double)> &tell, std::stop_token stop);

} // namespace sendoff::lessons
