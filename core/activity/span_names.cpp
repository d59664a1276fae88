// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/span_names.h"

namespace sendoff::activity {

const char *kindName(SpanKind kind)
{
    switch (kind) {
    case SpanKind::Work:
        return "work";
    case SpanKind::Turn:
        return "turn";
    case SpanKind::Ready:
        return "ready";
    case SpanKind::Wait:
        return "wait";
    case SpanKind::Loop:
        return "late";
    case SpanKind::Busy:
        return "busy";
    case SpanKind::Paint:
        return "paint";
    case SpanKind::Segment:
        return "segment";
    }
    return "";
}

const char *reasonName(WaitReason reason)
{
    switch (reason) {
    case WaitReason::None:
        return "nothing";
    case WaitReason::Network:
        return "network";
    case WaitReason::Reply:
        return "reply";
    case WaitReason::SpeedLimit:
        return "speed limit";
    case WaitReason::Backoff:
        return "backoff";
    case WaitReason::Export:
        return "export";
    case WaitReason::Disk:
        return "disk";
    case WaitReason::Other:
        return "other";
    }
    return "";
}

} // namespace sendoff::activity
