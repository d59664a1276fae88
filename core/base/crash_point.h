// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// crashPoint("name"): a place where tests make the program die as by SIGKILL. Compiled in only
// where SENDOFF_CRASH_POINTS is defined; otherwise nothing.

namespace sendoff {

#ifdef SENDOFF_CRASH_POINTS
// Dies when the environment variable SENDOFF_CRASH_AT is `name` or `name:N` (the Nth pass).
void crashPoint(const char *name) noexcept;
#else
inline void crashPoint(const char *) noexcept {}
#endif

} // namespace sendoff
