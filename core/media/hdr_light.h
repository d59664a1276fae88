// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HdrLight between files and us: what a stream or its first picture says, what a container stores.
// Private to core/media.

#include "core/base/result.h"
#include "core/media/input.h"
#include "core/media/media_info.h"

namespace sendoff::media {

// HdrLight holds whole numbers of these parts of 1 and of a cd/m².
inline constexpr int chromaticityUnits = 50'000;
inline constexpr int luminanceUnits = 10'000;

// What the container says of the stream.
HdrLight lightOfStream(const AVStream *stream);
// What the bit stream says: in its first picture, for which `input` goes back to the beginning.
// Nothing where none can be decoded among the first few.
HdrLight lightOfFirstPicture(Input &input, int streamIndex);

// Side data for a stream that is about to be written. OutOfMemory.
Result<void> addLight(AVStream *stream, const HdrLight &light);

} // namespace sendoff::media
