// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ExportPlaces: where an export ends, and where it is made until then.

#include "core/base/file_path.h"

namespace sendoff::queue {

inline constexpr int exportLegIndex = 0; // of Job::legs

struct ExportPlaces {
    FilePath folder; // that was chosen; empty as `target`
    FilePath target; // empty: it stays where it is made, for the uploads
    FilePath partial;
};

} // namespace sendoff::queue
