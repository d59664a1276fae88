// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Runs one verb of the command line, each family in its own file.

#include "app/cli/command_line.h"
#include "app/cli/reporter.h"
#include "app/exit_code.h"
#include "app/owner/profile_entry.h"

#include <QCoroTask>

#include <functional>
#include <stop_token>
#include <vector>

namespace sendoff::app {

class Application;

// Main thread. Reports its own errors.
QCoro::Task<int> runVerb(CommandLine line, Output *output, Reporter *reporter,
                         std::stop_token stop);

// A verb of the queue in the process that owns the profile: its own, or one that was handed over.
QCoro::Task<int> runQueueUse(CommandLine line, Application *application, Output *output,
                             Reporter *reporter, std::stop_token stop);
// The window of the process that owns the profile, for “sendoff FILES” in another process.
struct WindowFront {
    std::function<void(std::vector<FilePath>)> open; // absolute; may be empty
    std::function<void(QByteArray activationToken)> raise;
};
// Reads a command that was handed over, and runs it; its words go to `output`. `front` is null where
// the owner has no window.
QCoro::Task<int> runHandedOver(HandOver handOver, Application *application,
                               const WindowFront *front, Output *output, std::stop_token stop);
// To enter the profile with a command, also with one that has no verb (profile_entry.h).
EntryRequest entryRequest(const CommandLine &line, const Output &output);
void tellNews(Reporter *reporter, EntryNews news);

// The families, each in the file of its name.
QCoro::Task<int> runJobVerb(CommandLine line, Application *application, Reporter *reporter,
                            std::stop_token stop);
QCoro::Task<int> runDestinationVerb(CommandLine line, Application *application, Reporter *reporter,
                                    std::stop_token stop);
QCoro::Task<int> runLimitVerb(CommandLine line, Application *application, Reporter *reporter);
QCoro::Task<int> runQueueVerb(CommandLine line, Application *application, Output *output,
                              Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runQueueAdd(CommandLine line, Application *application, Reporter *reporter,
                             std::stop_token stop);
QCoro::Task<int> runQueueRun(Application *application, Reporter *reporter, std::stop_token stop);
// Enters the profile: runs the verb here, or has the owner run it.
QCoro::Task<int> runOwnedVerb(CommandLine line, Output *output, Reporter *reporter,
                              std::stop_token stop);
QCoro::Task<int> runInspectVerb(CommandLine line, Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runShelfVerb(CommandLine line, Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runDemoVerb(CommandLine line, Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runThumbsVerb(CommandLine line, Reporter *reporter, std::stop_token stop);
QCoro::Task<int> runCheckVerb(CommandLine line, Reporter *reporter, std::stop_token stop);

// Reports an error about the whole command; returns its exit code.
int reportError(Reporter *reporter, const Error &error);

// About the overlay over all jobs.
void tellPausedAll(Reporter *reporter, bool isPaused);
// `code`, once everything that was changed is saved; else the error's.
QCoro::Task<int> saved(Application *application, Reporter *reporter, int code);

// What --preset, --as-is, --out, --to, … say about jobs; destinations are checked.
Result<queue::Recipe> jobRecipe(const CommandLine &line, Application &application);
// Of that, what --preset, --trim, --encode and --layout say.
Result<queue::Recipe> recipeFrom(const CommandLine &line, const FilePath &presetFolder);

} // namespace sendoff::app
