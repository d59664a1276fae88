// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// JobMeters: what is known of the speed and the progress of the jobs at work, gathered a few times
// a second. Progress that is shown never decreases while anything of it is kept.

#include "core/queue/eta_estimate.h"
#include "core/queue/queue_estimate.h"
#include "core/queue/row_text.h"

#include <QHash>

#include <chrono>
#include <functional>
#include <vector>

namespace sendoff::ui {

// What a leg does at this moment: JobRunner::progress().
using ProgressSource = std::function<queue::LegProgress(const QString &jobId, int leg)>;

using SteadyClock = std::function<std::chrono::milliseconds()>;
std::chrono::milliseconds steadyNow();

class JobMeters {
public:
    explicit JobMeters(ProgressSource source);

    // Looks at what runs; `now` of a steady clock. Returns whether the row may read differently.
    bool sample(const queue::Job &job, std::chrono::milliseconds now);
    // A leg changed its state: what is not kept is forgotten, what stands still is frozen.
    void settle(const queue::Job &job);
    void forget(const QString &jobId);
    // Everything but position and the time of day.
    queue::RowFacts facts(const queue::Job &job) const;
    // What is left of it, for an estimate of the whole queue.
    queue::JobWork work(const queue::Job &job) const;

private:
    struct LegMeter {
        queue::LegProgress shown; // with the fraction that was reached
        queue::EtaEstimate work; // in fractions of the whole
        queue::EtaEstimate bytes;
        queue::EtaEstimate frames;
    };
    using LegMeters = std::vector<LegMeter>;

    bool sampleLeg(const queue::Job &job, int leg, std::chrono::milliseconds now);

    ProgressSource m_source;
    QHash<QString, LegMeters> m_meters;
};

} // namespace sendoff::ui
