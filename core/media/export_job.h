// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The two ways of carrying out a plan. Private to core/media; the way in is export.h.

#include "core/media/export.h"

#include <optional>

namespace sendoff::media {

// Stream by stream: copy, or decode, filter and encode; then check the file. Begins anew where the
// journal is not of this source, or the head that was kept free turned out too small.
Result<ExportResult> exportStreams(const ExportRequest &request, std::stop_token stop);

// One attempt at that.
struct StreamAttempt {
    Result<ExportResult> result;
    std::optional<int> refusedTrack; // its journaled pictures are not the source's: a stream's index
    bool isHeadTooSmall = false;
};
StreamAttempt attemptStreams(const ExportRequest &request, std::stop_token stop);

// The source as it is, byte for byte, sealed as it goes.
Result<ExportResult> exportBytes(const ExportRequest &request, std::stop_token stop);

} // namespace sendoff::media
