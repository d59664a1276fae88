// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Span: one stretch of time of one activity, as recorded. Plain data.

#include "core/base/activity_hook.h"

#include <QString>

namespace sendoff::activity {

enum class SpanKind : quint8 {
    Work, // a worker thread runs an export
    Turn, // a loop works for an upload
    Ready, // posted, waits for the loop
    Wait, // waits for something else; see WaitReason
    Loop, // the loop was late: a missed tick
    Busy, // the loop ran events, whoever they were for
    Paint, // of these, the window painted itself
    Segment, // a mark: where its thread's work began segment `part`
};

struct Span {
    qint64 beginNs = 0; // CLOCK_MONOTONIC
    qint64 endNs = 0;
    ActivityId activity = 0;
    quint16 thread = 0; // index of the recording thread
    SpanKind kind = SpanKind::Turn;
    WaitReason reason = WaitReason::None;
    quint16 part = 0; // of Segment: its number, from 1; 0 = none any more

    qint64 lengthNs() const { return endNs - beginNs; }
};

} // namespace sendoff::activity
