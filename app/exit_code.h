// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the program returns (CLI.md).

namespace sendoff::app {

enum class ExitCode {
    Done = 0, // warnings included
    NeedsAttention = 1,
    BadUsage = 2,
    Stopped = 130, // as shells say for SIGINT
};

} // namespace sendoff::app
