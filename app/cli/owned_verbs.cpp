// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Verbs that work with the queue: they run in the process that owns the profile, which is this one
// where no other is.

#include "app/application.h"
#include "app/cli/run_verb.h"
#include "app/owner/profile_entry.h"

namespace sendoff::app {

namespace {

// After this process's own command: what others asked for is done too, or they would have to start
// again.
QCoro::Task<void> serveOthers(OwnerServer *server, Reporter *reporter, std::stop_token stop)
{
    if (server->running() == 0 || stop.stop_requested())
        co_return;
    reporter->answer({{QStringLiteral("event"), QStringLiteral("serving")},
                      {QStringLiteral("commands"), server->running()}},
                     QStringLiteral("Still at work for another terminal. Ctrl+C hands that over to "
                                    "it."));
    co_await server->idle(stop);
}

// Lets the jobs of commands run, from the first command that has some: one that only looks at the
// queue or changes it, sets up a destination or the limit, must not set anything going.
class Starter {
public:
    explicit Starter(Application *application) : m_application(application) {}
    void startFor(const QString &verb)
    {
        const bool hasNoJobs = (verb.startsWith(u"queue ") && verb != u"queue run")
            || verb.startsWith(u"destinations ") || verb == u"limit";
        if (m_hasStarted || hasNoJobs)
            return;
        m_hasStarted = true;
        if (verb != u"queue run") // which lets all of them run
            m_application->scheduler().start(queue::Scheduler::Scope::NamedJobs);
    }

private:
    Application *m_application;
    bool m_hasStarted = false;
};

QCoro::Task<int> runAsOwner(CommandLine line, Ownership ownership, Output *output,
                            Reporter *reporter, std::stop_token stop)
{
    auto starting = Application::start(ownership.profile, std::move(ownership.lock));
    auto application = co_await std::move(starting);
    if (!application) {
        co_await ownership.server->close(); // who waits for it finds out by itself
        co_return reportError(reporter, application.error());
    }
    Application *owner = application->get();
    Starter starter(owner);
    starter.startFor(line.verb->name);
    ownership.server->serve(
        [owner, &starter](HandOver handOver, Output *caller, std::stop_token token) {
            if (const auto given = parseCommandLine(handOver.arguments); given && given->verb)
                starter.startFor(given->verb->name);
            return runHandedOver(std::move(handOver), owner, nullptr, caller, std::move(token));
        });
    auto running = runQueueUse(std::move(line), owner, output, reporter, stop);
    const int code = co_await std::move(running);
    co_await serveOthers(ownership.server.get(), reporter, stop);
    co_await ownership.server->close();
    co_await owner->close();
    ownership.server.reset(); // before the lock
    co_return code;
}

// “sendoff FILES” in another process.
int openInWindow(const CommandLine &line, const HandOver &handOver, const WindowFront *front,
                 const Application &application, Reporter *reporter)
{
    if (!front) {
        const Error error =
            Error(ErrorKind::OwnerUnusable)
                .with(argument::folder, displayPath(application.profile().root()))
                .with(argument::reason,
                      QStringLiteral("it is at work in a terminal and has no window"));
        return reportError(reporter, error);
    }
    std::vector<FilePath> files;
    for (const FilePath &name : line.operands)
        files.push_back(line.absolute(name));
    front->open(std::move(files));
    front->raise(handOver.activation);
    return int(ExitCode::Done);
}

} // namespace

EntryRequest entryRequest(const CommandLine &line, const Output &output)
{
    EntryRequest request;
    request.profileFolder = line.profile;
    request.handOver.arguments = line.arguments;
    request.handOver.workingFolder = line.origin.workingFolder;
    request.handOver.terminal = output.terminal();
    request.handOver.secrets = line.origin.secrets;
    request.handOver.activation = qgetenv("XDG_ACTIVATION_TOKEN");
    if (line.verb && line.verb->queueUse == QueueUse::Once)
        request.ifOwnerEnds = EntryRequest::OwnerEnds::GiveUp;
    return request;
}

void tellNews(Reporter *reporter, EntryNews news)
{
    if (news == EntryNews::OwnerEnded) {
        reporter->answer({{QStringLiteral("event"), QStringLiteral("owner-ended")}},
                         QStringLiteral("The Sendoff that was working on this has ended; it goes on "
                                        "here."));
        return;
    }
    reporter->answer({{QStringLiteral("event"), QStringLiteral("left")}},
                     QStringLiteral("The running Sendoff goes on with it. “sendoff queue list” shows "
                                    "it, “sendoff queue pause ID” and “sendoff queue cancel ID” stop "
                                    "it."));
}

QCoro::Task<int> runQueueUse(CommandLine line, Application *application, Output *output,
                             Reporter *reporter, std::stop_token stop)
{
    if (line.verb->name.startsWith(u"queue "))
        return runQueueVerb(std::move(line), application, output, reporter, std::move(stop));
    if (line.verb->name.startsWith(u"destinations "))
        return runDestinationVerb(std::move(line), application, reporter, std::move(stop));
    if (line.verb->name == u"limit")
        return runLimitVerb(std::move(line), application, reporter);
    return runJobVerb(std::move(line), application, reporter, std::move(stop));
}

QCoro::Task<int> runHandedOver(HandOver handOver, Application *application,
                               const WindowFront *front, Output *output, std::stop_token stop)
{
    CommandOrigin origin{handOver.workingFolder, handOver.secrets};
    const auto line = parseCommandLine(handOver.arguments, std::move(origin));
    const auto reporter = makeReporter(line && line->isJson, output);
    if (!line)
        co_return reportError(reporter.get(), line.error());
    if (!line->verb)
        co_return openInWindow(*line, handOver, front, *application, reporter.get());
    if (line->verb->queueUse == QueueUse::None) {
        const Error error = Error(ErrorKind::BadUsage)
                                .with(argument::reason,
                                      QStringLiteral("A running Sendoff does not do this for another"));
        co_return reportError(reporter.get(), error);
    }
    auto running = runQueueUse(*line, application, output, reporter.get(), std::move(stop));
    co_return co_await std::move(running);
}

QCoro::Task<int> runOwnedVerb(CommandLine line, Output *output, Reporter *reporter,
                              std::stop_token stop)
{
    const auto tell = [reporter](EntryNews news) { tellNews(reporter, news); };
    auto entering = enterProfile(entryRequest(line, *output), output, tell, stop);
    auto entry = co_await std::move(entering);
    if (!entry)
        co_return reportError(reporter, entry.error());
    if (const int *code = std::get_if<int>(&*entry))
        co_return *code;
    Ownership ownership = std::move(std::get<Ownership>(*entry));
    auto running = runAsOwner(std::move(line), std::move(ownership), output, reporter, stop);
    co_return co_await std::move(running);
}

} // namespace sendoff::app
