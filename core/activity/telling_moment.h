// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// tellingMoment: where a magnifier over the timeline shows most of how uploads take turns. Pure.

#include "core/activity/timeline.h"

namespace sendoff::activity {

// The beginning of that stretch of `lengthNs` within [fromNs, toNs) in which turns pass from one
// upload to another most often and far enough apart to be seen; where none do, that in which most
// uploads have turns; the latest of equals. `fromNs` where the time is too short.
qint64 tellingMoment(const Timeline &timeline, qint64 fromNs, qint64 toNs, qint64 lengthNs);

} // namespace sendoff::activity
