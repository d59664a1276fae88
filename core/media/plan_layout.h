// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How the bytes of the result lie in its file. Pure. Private to core/media.

#include "core/media/plan_stream.h"

namespace sendoff::media {

// Decides on the layout, and on what does not last in it. Of a plan that has its streams and its
// container.
void resolveLayout(const PlanInput &input, ExportPlan &plan);

} // namespace sendoff::media
