// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The words that exported files use for kinds of spans and for reasons: stable, English.

#include "core/activity/span.h"

namespace sendoff::activity {

// work, turn, ready, wait, late, busy, paint
const char *kindName(SpanKind kind);
// network, reply, speed limit, …
const char *reasonName(WaitReason reason);

} // namespace sendoff::activity
