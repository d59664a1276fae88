// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// makeThumbnails(): small pictures out of a video, as plain RGB that anything may paint. Decoded
// here, within the limits of input.h: nobody else ever opens a user's file as a picture. Not for:
// keeping them (whoever shows them knows how many he needs).

#include "core/base/result.h"
#include "core/base/source_file.h"

#include <QByteArray>
#include <QList>

#include <memory>
#include <stop_token>

namespace sendoff::media {

struct Thumbnail {
    int width = 0;
    int height = 0;
    qint64 timeUs = 0; // from the file's first timestamp
    QByteArray rgb24; // rows from the top, tightly packed
};

struct ThumbnailWishes {
    int count = 1; // ≥ 1
    int maxWidth = 160; // the shape is the video's; never enlarged
    int maxHeight = 90;
};

// Up to `count` pictures, spread evenly over the video, in order of time and each another: fewer
// where the video has fewer, or only few that can be reached quickly. Upright, with square pixels,
// HDR shown as SDR; where the video is black, the next picture that is not. Blocking, typically
// 50–100 ms: I/O pool. SourceNoStreams for a file without pictures, SourceDamaged where none can be
// decoded, NoDecoder, SourceProtected, Cancelled, and what opening a file meets (input.h).
Result<QList<Thumbnail>> makeThumbnails(std::shared_ptr<const SourceFile> source,
                                        ThumbnailWishes wishes, std::stop_token stop);

// As a PNG file. NoEncoder where this build cannot write any.
Result<QByteArray> toPng(const Thumbnail &thumbnail);

} // namespace sendoff::media
