// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What is carried over of the words in a file: title, date, creation time, chapters; not where it
// was recorded. Private to core/media.

#include "core/media/av.h"
#include "core/media/plan.h"

namespace sendoff::media {

// Before the muxer's header.
void copyMetadata(const AVFormatContext *source, AVFormatContext *target, const ExportPlan &plan);

} // namespace sendoff::media
