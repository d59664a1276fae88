// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// verifyOutput(): a finished file opened again as any other file would be, read to its end, and
// compared with what was meant to be in it. Private to core/media.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QList>
#include <QString>

#include <optional>
#include <stop_token>

namespace sendoff::media {

struct ExpectedTrack {
    bool isVideo = false;
    bool isAudio = false;
    QString codec; // libav's codec name
    int width = 0; // video; 0 = whatever it is
    int height = 0;
    QString pixelFormat; // empty = whatever it is
    qint64 packets = 0; // as muxed
    qint64 hiddenPackets = 0; // of those, before the first shown frame: may be left out
    qint64 spanUs = 0; // beginning of the first shown to beginning of the last, as muxed
    qint64 frameUs = 0; // of one frame, for the tolerance
};

struct ExpectedFile {
    QList<ExpectedTrack> tracks; // in the order of the file
    bool isProgressiveIso = false; // MP4 or MOV whose index must stand in front
    bool hasChapters = false; // which MP4 and MOV also keep as a last track of their own
};

struct VerifiedFile {
    qint64 durationUs = 0;
    // End of the last sound minus end of the last picture; nothing without both.
    std::optional<qint64> soundEndsLaterUs;
};

// OutputDamaged with a reason, Cancelled, or whatever reading the file meets.
Result<VerifiedFile> verifyOutput(const FilePath &file, const ExpectedFile &expected,
                                  std::stop_token stop);

} // namespace sendoff::media
