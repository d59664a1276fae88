// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Trace export: a snapshot as Chrome trace JSON (complete events, one tid per thread or upload),
// and the summary figures of CLI.md.

#include "core/activity/recorder.h"
#include "core/base/file_path.h"
#include "core/base/result.h"

namespace sendoff::activity {

// `cat` is export, turn, ready, wait or loop; `ts` and `dur` in microseconds; thread names as
// metadata events. Written through a temporary file and renamed. The kinds of
// Error::fromErrno() for an output. Blocking: I/O pool.
Result<void> writeChromeTrace(const Recorder::Snapshot &snapshot, const FilePath &path);

// The same spans as RFC 4180: begin_us, duration_us (from the first span on), kind, reason, thread,
// activity; one line each, in order of their beginning. As above.
Result<void> writeCsv(const Recorder::Snapshot &snapshot, const FilePath &path);

// Length of the intersection of the union of export spans with the union of upload activity, in
// seconds. An upload is active from its first span to its last, but for where it waits for the
// export: an upload that has nothing to send yet does not overlap.
double overlapSeconds(const Recorder::Snapshot &snapshot);
// Length of the union of export spans in seconds.
double exportSeconds(const Recorder::Snapshot &snapshot);

} // namespace sendoff::activity
