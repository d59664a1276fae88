// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// resolveResume(): what a stop would mean for the result of a plan. Private to core/media.

#include "core/media/plan.h"

namespace sendoff::media {

// Exact: the same bytes as without an interruption. Valid: what is finished stays as it is, the
// rest may be encoded otherwise. Nothing that this version plans has to start over.
void resolveResume(ExportPlan &plan);

} // namespace sendoff::media
