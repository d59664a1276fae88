// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// HdrLight between files, encoders and us: what a stream or its first picture says, what an encoder
// takes, what a container stores. Private to core/media.

#include "core/base/result.h"
#include "core/media/input.h"
#include "core/media/media_info.h"

namespace sendoff::media {

// What the container says of the stream.
HdrLight lightOfStream(const AVStream *stream);
// What the bit stream says: in its first picture, for which `input` goes back to the beginning.
// Nothing where none can be decoded among the first few.
HdrLight lightOfFirstPicture(Input &input, int streamIndex);

// The encoder's own words for it, for its private parameters, and that it be quiet and repeat
// itself. Empty where the encoder takes none.
struct EncoderParameters {
    const char *option = nullptr; // "x265-params"
    QString value;
};
EncoderParameters privateParameters(const QString &encoder, const HdrLight &light);

// Side data for a stream that is about to be written. OutOfMemory.
Result<void> addLight(AVStream *stream, const HdrLight &light);

} // namespace sendoff::media
