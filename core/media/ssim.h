// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Structural similarity of two pictures (Wang et al. 2004), over their luma. Private to core/media.

#include "core/media/av.h"

namespace sendoff::media {

// 1 = equal. Both planar, with the same size and the same depth of 8 to 16 bits.
double ssimOfLuma(const AVFrame *one, const AVFrame *other);

} // namespace sendoff::media
