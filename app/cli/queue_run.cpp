// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// queue run: everything that is stored.

#include "app/application.h"
#include "app/cli/job_session.h"
#include "app/cli/run_verb.h"
#include "core/queue/row_state.h"

namespace sendoff::app {

namespace {

// What a person has given up or holds is as it should be.
ExitCode codeOfQueue(Application &application, Reporter *reporter)
{
    ExitCode code = ExitCode::Done;
    for (const QString &id : application.queue().order()) {
        const queue::RowState state = queue::rowStateOf(*application.queue().find(id), false);
        const bool isAsItShouldBe = state.word == queue::RowWord::Done
            || state.word == queue::RowWord::Cancelled || state.word == queue::RowWord::Paused;
        if (!isAsItShouldBe)
            code = ExitCode::NeedsAttention;
    }
    if (application.commands().isPausedAll())
        tellPausedAll(reporter, true);
    return code;
}

} // namespace

void tellPausedAll(Reporter *reporter, bool isPaused)
{
    reporter->answer({{QStringLiteral("event"), QStringLiteral("paused-all")},
                      {QStringLiteral("paused"), isPaused}},
                     isPaused
                         ? QStringLiteral("Everything is paused. “sendoff queue resume-all” lets it "
                                          "go on.\n")
                         : QStringLiteral("Everything goes on as it was.\n"));
}

// Everything that is stored, and what is added meanwhile, until nothing of it goes on by itself.
QCoro::Task<int> runQueueRun(Application *application, Reporter *reporter, std::stop_token stop)
{
    application->intake().checkStored();
    application->scheduler().start(queue::Scheduler::Scope::AllJobs);
    JobSession session(*application, *reporter);
    while (!stop.stop_requested()) {
        const QStringList left = session.notWatched(application->queue().order());
        if (left.isEmpty())
            break;
        session.watch(left);
        co_await session.run(stop);
    }
    reporter->summary(session.summary());
    if (stop.stop_requested())
        co_return int(ExitCode::Stopped);
    co_return int(codeOfQueue(*application, reporter));
}

} // namespace sendoff::app
