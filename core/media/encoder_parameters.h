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
// encoder takes none.
EncoderParameters privateParameters(const QString &encoder, const HdrLight &light);

} // namespace sendoff::media
