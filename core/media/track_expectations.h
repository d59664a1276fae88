// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a finished file must hold, by its plan and by what went into the muxer. Private to
// core/media.

#include "core/media/stream_path.h"
#include "core/media/verify.h"

#include <memory>
#include <vector>

namespace sendoff::media {

ExpectedFile expectedFile(const std::vector<std::unique_ptr<StreamPath>> &paths,
                          const PacketMerge &merge, const MuxOutput &mux);

} // namespace sendoff::media
