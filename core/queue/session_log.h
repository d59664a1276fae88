// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The session log: how the program ended the last times, and what follows from it: a job that was
// being worked on at two crashes in a row is not touched again by itself, and a window that crashed
// twice right after its start begins with everything paused. Kept in the queue's settings.

#include "core/queue/job_queue.h"

#include <QStringList>

namespace sendoff::queue {

enum class SessionKind { Window, Command };

// Ended: close() was called. Killed: it was not, as after a power cut or SIGKILL, which is no
// fault of what ran. Crashed: by the program's own fault.
enum class LastEnd { Ended, Killed, Crashed };

// For the window's notice (UX.md 8, Restart).
struct StartReport {
    int restored = 0; // jobs
    int resumedExports = 0;
    int resumedUploads = 0;
    bool wasUnclean = false; // the last session did not end by itself
    bool startsPaused = false; // because the window stopped twice right after its start
    QStringList heldBack; // ids of jobs at which the program crashed twice
    QStringList problems; // one sentence for each record that could not be read
};

// Once, after JobQueue::load() and before anything runs. `hasCrashed`: whether the last session left
// the mark of a crash.
StartReport beginSession(JobQueue &queue, const LoadReport &loaded, SessionKind kind,
                         bool hasCrashed);
// When it has run for a minute: what happens now is no crash at its start.
void settleSession(JobQueue &queue);
// At an orderly end, before the last flush().
void endSession(JobQueue &queue);

} // namespace sendoff::queue
