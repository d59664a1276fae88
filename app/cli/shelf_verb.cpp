// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// shelf: the built-in upload server alone, in the foreground.

#include "app/cli/run_verb.h"
#include "app/shelf_thread.h"
#include "core/base/async_event.h"
#include "core/base/profile.h"

namespace sendoff::app {

namespace {

Result<shelf::ShelfOptions> shelfOptions(const CommandLine &line, const Profile &profile)
{
    shelf::ShelfOptions options;
    options.stateFolder = profile.shelfState();
    options.folder = line.has(u"--dir") ? line.path(u"--dir") : profile.shelfFolder();
    if (line.has(u"--port")) {
        bool ok = false;
        options.port = line.value(u"--port").toUShort(&ok);
        if (!ok || options.port == 0)
            return failure(Error(ErrorKind::BadUsage)
                               .with(argument::reason,
                                     QStringLiteral("--port is a number from 1 to 65535, not “%1”")
                                         .arg(line.value(u"--port"))));
    }
    return options;
}

} // namespace

QCoro::Task<int> runShelfVerb(CommandLine line, Reporter *reporter, std::stop_token stop)
{
    const auto profile = Profile::open(line.profile);
    if (!profile)
        co_return reportError(reporter, profile.error());
    auto options = shelfOptions(line, *profile);
    if (!options)
        co_return reportError(reporter, options.error());
    const QString folder = displayPath(options->folder);
    const auto shelf = ShelfThread::start(std::move(*options));
    if (!shelf)
        co_return reportError(reporter, shelf.error());
    const QString url = (*shelf)->uploadUrl().toString();
    // The token stays in the profile (0600): never on a screen or in a log.
    reporter->answer({{QStringLiteral("event"), QStringLiteral("listening")},
                      {QStringLiteral("url"), url},
                      {QStringLiteral("folder"), folder}},
                     QStringLiteral("The Shelf listens on %1 and keeps finished videos in %2.\n"
                                    "Stop it with Ctrl+C; unfinished uploads go on later.")
                         .arg(url, folder));
    AsyncEvent never;
    co_await never.wait(stop);
    co_return int(ExitCode::Stopped);
}

} // namespace sendoff::app
