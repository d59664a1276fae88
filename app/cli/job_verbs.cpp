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
    const FilePath folder = line.absolute(line.path(u"--out"));
    if (!std::filesystem::is_directory(folder, code))
        return failure(Error(ErrorKind::OutputFolderMissing)
                           .with(argument::folder, displayPath(line.path(u"--out"))));
    return folder;
}

// Of --at-once; nothing where it is not given.
Result<std::optional<int>> uploadsAtOnce(const CommandLine &line)
{
    if (!line.has(u"--at-once"))
        return std::optional<int>();
    bool ok = false;
    const int number = line.value(u"--at-once").toInt(&ok);
    if (!ok || number < 1 || number > 10'000)
        return failure(Error(ErrorKind::BadUsage)
                           .with(argument::reason,
                                 QStringLiteral("--at-once is a number from 1 to 10000, not “%1”")
                                     .arg(line.value(u"--at-once"))));
    return std::optional<int>(number);
}

} // namespace

Result<queue::Recipe> jobRecipe(const CommandLine &line, Application &application)
{
    queue::Recipe recipe;
    if (line.verb->name != u"upload" && !line.has(u"--as-is")) {
        SO_TRY(recipe, recipeFrom(line, application.profile().presetFolder()));
    }
    if (line.has(u"--out")) {
        SO_TRY(recipe.outputFolder, outputFolder(line));
        recipe.overwrite = line.has(u"--overwrite");
    }
    recipe.destinations = line.values(u"--to");
    recipe.destinations.removeDuplicates();
    for (const QString &place : recipe.destinations) {
        application.keepSecrets(place, line.origin.secrets);
        SO_TRY_VOID(application.prepareDestination(place));
    }
    return recipe;
}

QCoro::Task<int> runJobVerb(CommandLine line, Application *application, Reporter *reporter,
                            std::stop_token stop)
{
    const auto atOnce = uploadsAtOnce(line);
    if (!atOnce)
        co_return reportError(reporter, atOnce.error());
    const auto recipe = jobRecipe(line, *application);
    if (!recipe)
        co_return reportError(reporter, recipe.error());
    for (const QString &place : recipe->destinations) {
        auto opening = application->openDestination(place, stop);
        const auto opened = co_await std::move(opening);
        if (!opened)
            co_return reportError(reporter, opened.error());
    }
    if (*atOnce)
        application->scheduler().setUploadsAtOnce(**atOnce);
    if (application->commands().isPausedAll())
        tellPausedAll(reporter, true);
    JobSession session(*application, *reporter);
    const auto again =
        line.has(u"--again") ? JobSession::Again::StartOver : JobSession::Again::GoOn;
    for (const FilePath &name : line.operands) {
        const FilePath file = line.absolute(name);
        co_await session.add(file, *recipe, again, stop);
    }
    co_await session.run(stop);
    reporter->summary(session.summary());
    if (stop.stop_requested())
        co_return int(ExitCode::Stopped);
    co_return session.exitCode();
}

} // namespace sendoff::app
