// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// forecastSize(): between which sizes the result of a plan will be, and what its journal takes at
// least. Private to core/media.

#include "core/media/plan.h"

namespace sendoff::media {

// Sets minBytes and maxBytes from the streams and durationUs of `plan`; 0 and 0 where the duration
// is not known and something is encoded. The least is one that is hardly ever missed, because
// checkTarget() asks for that much room.
void forecastSize(ExportPlan &plan, const MediaInfo &info);

// Of the video that is encoded, which the journal holds until the result is delivered.
qint64 leastJournalBytes(const ExportPlan &plan);

} // namespace sendoff::media
