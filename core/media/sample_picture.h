// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a sample clip shows and plays: a drifting gradient with noise and a clock, and a melody.
// Pure functions of seed and time. Private to core/media.

#include "core/media/av.h"

namespace sendoff::media {

// Fills a writable yuv420p (or yuvj420p) frame with the picture at `seconds`. The four corners
// carry squares of fixed colours, so that a test can tell which way up a picture is: top left
// red, top right green, bottom left blue, bottom right white.
void drawSamplePicture(AVFrame *frame, int seed, double seconds);

// The melody at sample `index` in one channel, within ±0.5.
double sampleMelody(int seed, int channel, qint64 index, int sampleRate);

} // namespace sendoff::media
