// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Runs one verb of the command line, each family in its own file.

#include "app/cli/command_line.h"
#include "app/cli/reporter.h"

#include <QCoroTask>

#include <stop_token>

namespace sendoff::app {

// CLI.md: 0 all done, 1 something needs attention, 2 bad usage, 130 stopped.
enum class ExitCode { Done = 0, NeedsAttention = 1, BadUsage = 2, Stopped = 130 };

// Main thread. Reports its own errors.
QCoro::Task<int> runVerb(CommandLine line, Reporter *reporter, std::stop_token stop);

// The families (inspect_verbs.cpp, job_verbs.cpp, shelf_verb.cpp, demo_verb.cpp).
QCoro::Task<int> runInspectVerb(CommandLine line, Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runJobVerb(CommandLine line, Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runShelfVerb(CommandLine line, Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runDemoVerb(CommandLine line, Reporter *reporter, std::stop_token stop);

// Reports an error about the whole command; returns its exit code.
int reportError(Reporter *reporter, const Error &error);

// What --preset, --trim, --encode and --layout say.
Result<queue::Recipe> recipeFrom(const CommandLine &line, const FilePath &presetFolder);

} // namespace sendoff::app
