// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How much room there is where an export writes, and how a full disk says so. Private to
// core/media.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <optional>

namespace sendoff::media {

// Bytes that this user may still write in `folder`; nothing where the system does not say.
std::optional<qint64> freeBytes(const FilePath &folder);

// Completes a DiskFull error: at least `needed` bytes, and what is free once `released` bytes of
// an unfinished file are gone. Nothing where the system does not say.
void addSizes(Error &error, const FilePath &folder, qint64 needed, qint64 released = 0);

} // namespace sendoff::media
