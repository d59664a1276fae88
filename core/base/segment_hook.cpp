// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/segment_hook.h"

#include "core/base/activity_hook.h"

namespace sendoff {

namespace {

thread_local SegmentObserver *segmentObserver = nullptr;

} // namespace

void setThreadSegmentObserver(SegmentObserver *observer) noexcept
{
    segmentObserver = observer;
}

void noteSegment(int number) noexcept
{
    if (segmentObserver)
        segmentObserver->segmentBegan(number, monotonicNs());
}

} // namespace sendoff
