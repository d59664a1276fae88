// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_verb.h"

namespace sendoff::app {

QCoro::Task<int> runVerb(CommandLine line, Output *output, Reporter *reporter,
                         std::stop_token stop)
{
    const QString verb = line.verb->name;
    if (line.verb->queueUse != QueueUse::None)
        co_return co_await runOwnedVerb(line, output, reporter, stop);
    if (verb == u"shelf")
        co_return co_await runShelfVerb(line, reporter, stop);
    if (verb == u"demo")
        co_return co_await runDemoVerb(line, reporter, stop);
    if (verb == u"check")
        co_return co_await runCheckVerb(line, reporter, stop);
    if (verb == u"thumbs")
        co_return co_await runThumbsVerb(line, reporter, stop);
    co_return co_await runInspectVerb(line, reporter, stop);
}

int reportError(Reporter *reporter, const Error &error)
{
    if (error.kind == ErrorKind::Cancelled)
        return int(ExitCode::Stopped);
    reporter->error(std::nullopt, {}, error);
    switch (error.kind) {
    case ErrorKind::BadUsage:
    case ErrorKind::PresetUnknown:
    case ErrorKind::PresetInvalid:
    case ErrorKind::DestinationUnknown:
    case ErrorKind::DestinationInvalid:
    case ErrorKind::JobUnknown:
        return int(ExitCode::BadUsage);
    default:
        return int(ExitCode::NeedsAttention);
    }
}

} // namespace sendoff::app
