// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RowState: what a job's row says, as a pure function of its legs (UX.md 3, States). Not for: the
// words themselves, which are the window's and the command line's.

#include "core/queue/job.h"

#include <QString>

namespace sendoff::queue {

// The only states that a person ever reads.
enum class RowWord {
    Checking, // not yet opened
    NeedsAttention,
    Cancelled,
    Paused,
    ExportingAndUploading,
    Exporting,
    Uploading,
    Verifying,
    Retrying,
    Waiting, // for what: RowState::waitFor; for Export it reads “Waiting to upload”
    Done,
};

struct RowState {
    RowWord word = RowWord::Waiting;
    WaitFor waitFor = WaitFor::Nothing; // of Waiting
    int leg = 0; // the leg that the sentence is about: index into Job::legs
    bool isPausedByAll = false; // of Paused: by “Pause all”, not by the job's own pause

    bool operator==(const RowState &) const = default;
};

// The first that applies of: Checking, Needs attention, Cancelled, Paused (when nothing runs),
// Exporting and uploading, Exporting, Uploading, Verifying, Retrying, Waiting, Done.
// `isPausedAll`: the overlay over all jobs; it shows only where something could run.
RowState rowStateOf(const Job &job, bool isPausedAll);

QString rowWordName(RowWord word); // stable, for JSON: "needs-attention"

} // namespace sendoff::queue
