// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The hook through which an export tells which segment it works at, beside what activity_hook.h
// tells of its thread. Not for: recording (core/activity/recorder.h).

#include <QtGlobal>

namespace sendoff {

// Called on the thread it was installed for. Implementations neither block nor allocate.
class SegmentObserver {
public:
    virtual ~SegmentObserver() = default;
    // From `nowNs` (CLOCK_MONOTONIC) on, this thread's work is segment `number`, from 1; 0 = what
    // comes after the last one.
    virtual void segmentBegan(int number, qint64 nowNs) noexcept = 0;
};

// For the calling thread; null removes it. The caller keeps the observer alive.
void setThreadSegmentObserver(SegmentObserver *observer) noexcept;

// Said by an export on its pool thread; a few nanoseconds where nobody observes.
void noteSegment(int number) noexcept;

} // namespace sendoff
