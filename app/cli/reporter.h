// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Reporter: what a verb says while it works: JSON lines for programs (CLI.md, Events), or progress
// lines and sentences for people.

#include "app/cli/output.h"
#include "core/activity/loop_lag.h"
#include "core/base/error.h"
#include "core/queue/job.h"
#include "core/queue/job_runner.h"

#include <QJsonObject>
#include <QString>

#include <memory>
#include <optional>

namespace sendoff::app {

// Which leg an event is about.
struct LegRef {
    QString job; // id
    queue::LegKind kind = queue::LegKind::Export;
    int leg = 0; // index in the job
    QString file; // displayed name of the source
    QString place; // of an upload leg: the destination as the user wrote it
    bool isForUploadOnly = false; // an export whose file is removed once it is delivered
};

struct Summary {
    double wallSeconds = 0;
    double cpuSeconds = 0;
    double peakRssMib = 0;
    double coresUsed = 0; // export CPU seconds ÷ length of the union of export spans
    double overlapSeconds = 0;
    activity::LagSummary mainLag;
    activity::LagSummary networkLag;
    int done = 0; // jobs
    int total = 0;
};

class Reporter {
public:
    virtual ~Reporter() = default;
    virtual void state(const LegRef &leg, const queue::Leg &value) = 0;
    // At most ten times a second for each leg.
    virtual void progress(const LegRef &leg, const queue::LegProgress &progress,
                          std::optional<double> secondsLeft) = 0;
    virtual void warning(const LegRef &leg, const QString &kind, const QString &text) = 0;
    virtual void retrying(const LegRef &leg, const Error &error, qint64 delayMs) = 0;
    // `leg` absent: about a file that did not become a job, or about the whole command.
    virtual void error(const std::optional<LegRef> &leg, const QString &file,
                       const Error &error) = 0;
    virtual void done(const LegRef &leg, const QJsonObject &result, bool wasDoneBefore) = 0;
    virtual void summary(const Summary &summary) = 0;
    // The answer of an inspecting verb: as JSON, or as text.
    virtual void answer(const QJsonObject &json, const QString &text) = 0;
};

// `output` outlives it.
std::unique_ptr<Reporter> makeReporter(bool isJson, Output *output);

} // namespace sendoff::app
