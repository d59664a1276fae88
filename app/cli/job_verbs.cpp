// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// export, upload, send.

#include "app/application.h"
#include "app/cli/job_session.h"
#include "app/cli/run_verb.h"

namespace sendoff::app {

namespace {

Result<FilePath> outputFolder(const CommandLine &line)
{
    std::error_code code;
    const FilePath folder = std::filesystem::absolute(line.path(u"--out"), code);
    if (!std::filesystem::is_directory(folder, code))
        return failure(Error(ErrorKind::OutputFolderMissing)
                           .with(argument::folder, displayPath(line.path(u"--out"))));
    return folder;
}

Result<queue::Recipe> recipeOf(const CommandLine &line, Application &application)
{
    queue::Recipe recipe;
    if (line.verb->name != u"upload") {
        SO_TRY(recipe, recipeFrom(line, application.profile().presetFolder()));
    }
    if (line.verb->name == u"export") {
        SO_TRY(recipe.outputFolder, outputFolder(line));
        recipe.overwrite = line.has(u"--overwrite");
    } else {
        recipe.destinations = line.values(u"--to");
        recipe.destinations.removeDuplicates();
        for (const QString &place : recipe.destinations)
            SO_TRY_VOID(application.prepareDestination(place));
    }
    return recipe;
}

} // namespace

QCoro::Task<int> runJobVerb(CommandLine line, Reporter *reporter, std::stop_token stop)
{
    auto application = co_await Application::start(line.profile);
    if (!application)
        co_return reportError(reporter, application.error());
    const auto recipe = recipeOf(line, **application);
    if (!recipe)
        co_return reportError(reporter, recipe.error());
    JobSession session(**application, *reporter);
    const auto again =
        line.has(u"--again") ? JobSession::Again::StartOver : JobSession::Again::GoOn;
    for (const FilePath &file : line.operands)
        co_await session.add(file, *recipe, again, stop);
    co_await session.run(stop);
    co_await (*application)->close();
    reporter->summary(session.summary());
    if (stop.stop_requested())
        co_return int(ExitCode::Stopped);
    co_return session.exitCode();
}

} // namespace sendoff::app
