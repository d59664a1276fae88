// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The crash mark: a file in the profile that says that the program ended by its own fault (a wild
// pointer, an abort), as opposed to a power cut or SIGKILL. Written by signal handlers.

#include "core/base/file_path.h"

namespace sendoff::app {

// From now on a crash leaves its mark in `folder`. The signal then goes on its way.
void markCrashesIn(const FilePath &folder);
// Whether there is a mark; takes it away.
bool takeCrashMark(const FilePath &folder);

} // namespace sendoff::app
