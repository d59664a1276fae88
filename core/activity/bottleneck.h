// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Bottleneck: what one video, or all of them, wait for most, told from the spans of a stretch of
// time. Pure; words for it are the window's.

#include "core/activity/timeline.h"

#include <QString>

namespace sendoff::activity {

enum class Bottleneck : quint8 {
    Nothing, // nothing runs
    Encoding, // the processor: the export takes all it gets
    Disk, // reading or writing files: the export leaves the processor idle, or an upload its file
    Network, // bytes are on their way all the time
    SpeedLimit, // the user's own
    Server, // all is sent: its answer is what is missing
    Connection, // none: it will be tried again
    Export, // the upload has sent all that the export has made
    Thread, // ready, but the network thread is busy
};

// What happened in one stretch of time, of one video or of all.
struct Load {
    qint64 exportNs = 0; // Σ work of its exports
    qint64 uploadNs = 0; // Σ turns, readiness and waits of its uploads
    qint64 readyNs = 0;
    std::array<qint64, waitReasonCount> waitNs{}; // of its uploads, by WaitReason
    // Processor time that exports used, of what they could have: their codec threads, on the cores
    // there are. Negative = not measured.
    double exportCpuShare = -1;
};

// The export's own limit wherever an upload only waits for it; else what the upload waits for most.
Bottleneck bottleneckOf(const Load &load);

// Of the videos whose job is `job` (empty: all) in [fromNs, toNs).
Load loadOf(const Timeline &timeline, const QString &job, qint64 fromNs, qint64 toNs,
            double exportCpuShare);

} // namespace sendoff::activity
