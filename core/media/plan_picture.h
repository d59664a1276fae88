// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What stands in the way of copying a video stream, and the measures of its picture by which that
// is judged. Pure. Private to core/media.

#include "core/media/plan_stream.h"

namespace sendoff::media {

struct Dimensions {
    int width = 0;
    int height = 0;
    bool operator==(const Dimensions &) const = default;
};

// As shown: square pixels, upright.
Dimensions shownSize(const StreamInfo &stream);
// A box for landscape holds portrait pictures turned by a quarter.
Dimensions boxFor(Dimensions picture, int width, int height);
// Beyond what measuring may be off; never where `limit` is 0.
bool isFaster(const StreamInfo &stream, double limit);

std::optional<Obstacle> videoObstacle(const PlanInput &input, const StreamInfo &stream);

} // namespace sendoff::media
