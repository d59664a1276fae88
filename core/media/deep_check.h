// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// deepCheck(): a video decoded from its beginning to its end, and compared with what it was made
// from. Takes as long as watching it at full speed; what every export is checked by is verify.h.

#include "core/base/result.h"
#include "core/base/source_file.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::media {

struct Likeness {
    double mean = 0; // SSIM of the luma, 1 = equal
    double least = 0;
    qint64 leastAtUs = 0; // where the least is
    int pictures = 0; // that were compared
};

struct DeepCheck {
    qint64 pictures = 0; // decoded
    qint64 soundUs = 0; // of the first sound track, decoded
    qint64 damaged = 0; // packets or frames
    std::optional<Likeness> likeness; // nothing where there was nothing to compare
};

// `original` may be null; else key frames of `video`, spread over its length, are compared with the
// original's pictures at the same times, brought into the video's form. Both must begin with the
// same picture. Blocking: I/O pool. What opening and decoding a file meets, Cancelled.
Result<DeepCheck> deepCheck(std::shared_ptr<const SourceFile> video,
                            std::shared_ptr<const SourceFile> original, std::stop_token stop);

} // namespace sendoff::media
