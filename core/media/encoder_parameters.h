// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What encoders only understand in a language of their own. Private to core/media.

#include "core/media/plan.h"

#include <QString>

namespace sendoff::media {

struct EncoderParameters {
    const char *option = nullptr; // "x265-params"
    QString value;
};
// How the picture was mastered, and that the encoder be quiet and repeat itself. Empty where there
// is nothing to say. Of an encoded video stream, with the encoder's number of threads.
EncoderParameters privateParameters(const StreamPlan &stream, int threads);

// How many threads an encoder gets of an export that may use `codecThreads` processors.
int encoderThreads(const StreamPlan &stream, int codecThreads);

} // namespace sendoff::media
