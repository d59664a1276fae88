// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What encoders only understand in a language of their own. Private to core/media.

#include "core/media/media_info.h"

#include <QString>

namespace sendoff::media {

struct EncoderParameters {
    const char *option = nullptr; // "x265-params"
    QString value;
};
// How the picture was mastered, and that the encoder be quiet and repeat itself. Empty where the
// encoder takes none. `threads` is that of the encoder.
EncoderParameters privateParameters(const QString &encoder, const HdrLight &light, int threads);

// How many threads an encoder gets of an export that may use `codecThreads` processors.
int encoderThreads(const QString &encoder, int codecThreads);

} // namespace sendoff::media
