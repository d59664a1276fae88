// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The two ways of carrying out a plan. Private to core/media; the way in is export.h.

#include "core/media/export.h"

namespace sendoff::media {

// Stream by stream: copy, or decode, filter and encode; then check the file.
Result<ExportResult> exportStreams(const ExportRequest &request, std::stop_token stop);

// The source as it is, byte for byte, sealed as it goes.
Result<ExportResult> exportBytes(const ExportRequest &request, std::stop_token stop);

} // namespace sendoff::media
