// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The rules of the queue's verbs: to which jobs each applies, and why not to the others. Pure. Not
// for: carrying them out (queue_commands.h).

#include "core/queue/job.h"

#include <optional>

namespace sendoff::queue {

enum class QueueVerb {
    Pause,
    Resume,
    Cancel, // can be undone for cancelGrace, then what was made is removed, here and remotely
    UndoCancel,
    Retry, // keeps what is safe
    StartOver, // discards what was made
    Remove, // the row only; never a file
    Move,
    ChangeRecipe, // of what has not begun
};

// Why a verb does not apply to a job now. Menus show it as the reason of a disabled entry.
enum class Refusal {
    UnknownJob,
    NothingToDo, // already so
    AlreadyDone,
    IsCancelled,
    IsRunning, // remove: cancel it first
    HasBegun, // its recipe is fixed
    GraceIsOver, // a cancel that can no longer be undone: start over instead
};

// Nothing where `verb` applies to the job now.
std::optional<Refusal> refusalOf(QueueVerb verb, const Job &job);

} // namespace sendoff::queue
