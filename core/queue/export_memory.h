// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How much memory an export will take, roughly, and how much all of them together may. An estimate
// that keeps many large pictures from being encoded at once, not an account.

#include "core/media/media_info.h"
#include "core/media/plan.h"

namespace sendoff::queue {

// Frames held at once: by the decoder one per thread and up to 16 for reference, four between the
// filters; by the encoder 40 of look-ahead, 16 for reference and two per thread. 1.5 bytes per
// pixel, 3 above eight bits; 64 MiB for everything else. A copy takes those only.
qint64 estimatedExportBytes(const media::ExportPlan &plan, const media::MediaInfo &source,
                            int codecThreads);

// Six tenths of the machine's memory, or of what this process is limited to.
qint64 exportMemoryBudget();

} // namespace sendoff::queue
