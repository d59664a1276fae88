// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/experiment.h"

#include "core/base/worker_pool.h"
#include "core/lessons/export_experiment.h"
#include "core/lessons/upload_experiment.h"

#include <QThread>

#include <algorithm>

namespace sendoff::lessons {

namespace {

constexpr qint64 remarkableNs = 20'000'000;

// Reads all that was recorded. The loupe shows the end of what kept the uploads' thread for long,
// or the middle.
Outcome outcomeOf(const activity::Recorder &recorder, qint64 beginNs, qint64 endNs)
{
    activity::Recorder::Cursor cursor;
    activity::Recorder::Update update;
    recorder.readSince(cursor, update);
    Outcome outcome;
    outcome.cores = std::max(1, QThread::idealThreadCount());
    outcome.seconds = double(endNs - beginNs) / 1e9;
    outcome.beginNs = beginNs;
    outcome.timeline.take(update);
    outcome.tellingNs = (beginNs + endNs) / 2;
    for (const activity::Lane &lane : outcome.timeline.lanes()) {
        if (lane.kind() != activity::LaneKind::NetworkLoop)
            continue;
        qint64 worst = 0;
        const auto consider = [&](const activity::LaneSpan &span) {
            if (span.endNs - span.beginNs <= worst)
                return;
            worst = span.endNs - span.beginNs;
            if (worst >= remarkableNs)
                outcome.tellingNs = span.endNs;
        };
        for (const activity::LaneSpan &span : lane.events(beginNs, endNs))
            consider(span);
        for (const activity::LaneSpan &span : lane.spans(beginNs, endNs))
            consider(span);
        outcome.worstDelayMs = double(worst) / 1e6;
    }
    return outcome;
}

} // namespace

Result<Outcome> run(Experiment experiment, const FilePath &scratch,
                    const std::function<void(double)> &tell, std::stop_token stop)
{
    activity::Recorder recorder;
    qint64 beginNs = 0;
    switch (experiment) {
    case Experiment::OneWorker:
    case Experiment::TwoWorkers: {
        SO_TRY(const auto exports, prepareExports(scratch, stop));
        beginNs = monotonicNs();
        const int workers = experiment == Experiment::TwoWorkers ? 2 : 1;
        SO_TRY_VOID(runExports(exports, workers, recorder, tell, stop));
        break;
    }
    case Experiment::OneUpload:
    case Experiment::ThreeUploads:
    case Experiment::FreeLoop:
    case Experiment::BlockedLoop: {
        UploadWishes wishes;
        wishes.atOnce = experiment == Experiment::OneUpload ? 1 : 3;
        wishes.isLoopBlocked = experiment == Experiment::BlockedLoop;
        beginNs = monotonicNs();
        SO_TRY_VOID(runUploads(wishes, recorder, tell, stop));
        break;
    }
    }
    return outcomeOf(recorder, beginNs, monotonicNs());
}

} // namespace sendoff::lessons
