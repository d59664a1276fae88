// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// queue …: the stored queue. Runs in the process that owns the profile.

#include "app/application.h"
#include "app/cli/job_names.h"
#include "app/cli/job_session.h"
#include "app/cli/job_text.h"
#include "app/cli/run_verb.h"

#include <QDateTime>

#include <algorithm>
#include <array>

namespace sendoff::app {

namespace {

using queue::QueueCommands;

// A verb that is one call of QueueCommands.
struct JobCommand {
    QStringView verb;
    QueueCommands::Outcome (QueueCommands::*run)(const QStringList &);
    const char *done; // what it did
};

constexpr std::array jobCommands{
    JobCommand{u"queue pause", &QueueCommands::pause, "Paused"},
    JobCommand{u"queue resume", &QueueCommands::resume, "Goes on"},
    JobCommand{u"queue cancel", &QueueCommands::cancel, "Cancelled"},
    JobCommand{u"queue undo", &QueueCommands::undoCancel, "No longer cancelled"},
    JobCommand{u"queue retry", &QueueCommands::retry, "Tried again"},
    JobCommand{u"queue start-over", &QueueCommands::startOver, "Begins anew"},
    JobCommand{u"queue remove", &QueueCommands::remove, "Removed from the queue"},
};

struct Direction {
    QStringView word;
    queue::MoveTo where;
};

constexpr std::array directions{
    Direction{u"up", queue::MoveTo::Up},
    Direction{u"down", queue::MoveTo::Down},
    Direction{u"top", queue::MoveTo::Top},
    Direction{u"bottom", queue::MoveTo::Bottom},
};

QStringList wordsOf(const std::vector<FilePath> &operands)
{
    QStringList words;
    for (const FilePath &operand : operands)
        words.append(QString::fromStdString(operand.string()));
    return words;
}

// Also where nothing was let run in this process yet: then only the store knows.
bool isPausedAll(Application &application)
{
    return application.commands().isPausedAll()
        || application.queue().settingOf(queue::setting::pausedAll) == u"1";
}

JobRow rowOf(Application &application, const QString &id, int position)
{
    JobRow row;
    row.job = *application.queue().find(id);
    row.position = position;
    row.state = queue::rowStateOf(row.job, isPausedAll(application));
    row.facts.position = position;
    row.facts.nowMs = QDateTime::currentMSecsSinceEpoch();
    for (int leg = 0; leg < row.job.legs.size(); ++leg)
        row.facts.legs.append(application.runner().progress(id, leg));
    return row;
}

// What a verb that changes jobs did, and what it did not do.
class Report {
public:
    // `isForAll`: jobs that it does not apply to are no problem.
    Report(Application &application, Reporter *reporter, bool isForAll)
        : m_application(application), m_reporter(reporter), m_isForAll(isForAll)
    {
    }

    // Before the call: what is removed has no name afterwards.
    void remember(const QStringList &ids)
    {
        for (const QString &id : ids)
            m_names.insert(id, displayName(m_application.queue().find(id)->source));
    }

    int tell(const QString &verb, const QString &done, const QueueCommands::Outcome &outcome)
    {
        QJsonObject refused;
        for (auto it = outcome.refused.begin(); it != outcome.refused.end(); ++it)
            refused.insert(it.key(), refusalName(it.value()));
        m_reporter->answer({{QStringLiteral("event"), QStringLiteral("changed")},
                            {QStringLiteral("verb"), verb},
                            {QStringLiteral("jobs"), QJsonArray::fromStringList(outcome.changed)},
                            {QStringLiteral("refused"), refused}},
                           textOf(done, outcome));
        return tellRefusals(outcome);
    }

private:
    QString namesOf(const QStringList &ids) const
    {
        QStringList names;
        for (const QString &id : ids)
            names.append(m_names.value(id));
        return names.join(QStringLiteral(", "));
    }

    QString textOf(const QString &done, const QueueCommands::Outcome &outcome) const
    {
        const QStringList already = outcome.refused.keys(queue::Refusal::NothingToDo);
        if (outcome.changed.isEmpty() && m_isForAll)
            return QStringLiteral("There was nothing to do.\n");
        QString text;
        if (!outcome.changed.isEmpty())
            text += QStringLiteral("%1: %2\n").arg(done, namesOf(outcome.changed));
        if (!already.isEmpty() && !m_isForAll)
            text += QStringLiteral("Nothing to do for: %1\n").arg(namesOf(already));
        return text;
    }

    // What is so already is no problem.
    int tellRefusals(const QueueCommands::Outcome &outcome)
    {
        ExitCode code = ExitCode::Done;
        for (auto it = outcome.refused.begin(); it != outcome.refused.end(); ++it) {
            if (m_isForAll || it.value() == queue::Refusal::NothingToDo)
                continue;
            const QString file = m_names.value(it.key());
            const Error error = Error(ErrorKind::CommandRefused)
                                    .with(argument::file, file)
                                    .with(argument::name, it.key())
                                    .with(argument::reason, refusalClause(it.value()));
            m_reporter->error(std::nullopt, file, error);
            code = ExitCode::NeedsAttention;
        }
        return int(code);
    }

    Application &m_application;
    Reporter *m_reporter;
    bool m_isForAll;
    QMap<QString, QString> m_names; // by id
};

Result<int> commandJobs(const CommandLine &line, Application &application, Reporter *reporter)
{
    const auto command =
        std::find_if(jobCommands.begin(), jobCommands.end(), [&](const JobCommand &known) {
            return known.verb == line.verb->name;
        });
    const QStringList words = wordsOf(line.operands);
    SO_TRY(const QStringList ids, jobsNamed(words, application.queue().order()));
    Report report(application, reporter, words.contains(u"all"));
    report.remember(ids);
    const auto outcome = (application.commands().*command->run)(ids);
    return report.tell(line.verb->name, QString::fromLatin1(command->done), outcome);
}

Result<int> moveJobs(const CommandLine &line, Application &application, Reporter *reporter)
{
    QStringList words = wordsOf(line.operands);
    const QString last = words.takeLast();
    const auto direction =
        std::find_if(directions.begin(), directions.end(),
                     [&](const Direction &known) { return known.word == last; });
    if (direction == directions.end())
        return failure(Error(ErrorKind::BadUsage)
                           .with(argument::reason,
                                 QStringLiteral("“queue move” ends with up, down, top or bottom, not “%1”")
                                     .arg(escapedText(last))));
    SO_TRY(const QStringList ids, jobsNamed(words, application.queue().order()));
    Report report(application, reporter, words.contains(u"all"));
    report.remember(ids);
    return report.tell(line.verb->name, QStringLiteral("Moved"),
                       application.commands().move(ids, direction->where));
}

// What is given replaces what was; the rest of a job's recipe stays.
Result<queue::Recipe> changedRecipe(const CommandLine &line, Application &application,
                                    queue::Recipe recipe)
{
    SO_TRY(const queue::Recipe given, jobRecipe(line, application));
    if (line.has(u"--as-is") || line.has(u"--preset")) {
        recipe.preset = given.preset;
        recipe.presetDigest = given.presetDigest;
    }
    if (line.has(u"--trim"))
        recipe.trim = given.trim;
    if (line.has(u"--encode"))
        recipe.encodeAlways = true;
    if (line.has(u"--layout"))
        recipe.layout = given.layout;
    if (line.has(u"--out"))
        recipe.outputFolder = given.outputFolder;
    if (line.has(u"--overwrite"))
        recipe.overwrite = true;
    if (line.has(u"--to"))
        recipe.destinations = given.destinations;
    return recipe;
}

Result<int> changeRecipes(const CommandLine &line, Application &application, Reporter *reporter)
{
    const QStringList words = wordsOf(line.operands);
    SO_TRY(const QStringList ids, jobsNamed(words, application.queue().order()));
    Report report(application, reporter, words.contains(u"all"));
    report.remember(ids);
    QueueCommands::Outcome outcome;
    for (const QString &id : ids) {
        const queue::Recipe before = application.queue().find(id)->recipe;
        SO_TRY(const queue::Recipe recipe, changedRecipe(line, application, before));
        const auto one = application.commands().changeRecipe({id}, recipe);
        outcome.changed += one.changed;
        outcome.refused.insert(one.refused);
    }
    return report.tell(line.verb->name, QStringLiteral("Changed"), outcome);
}

Result<int> listJobs(Application &application, const Output &output, Reporter *reporter,
                     bool isJson)
{
    const QStringList &order = application.queue().order();
    QList<JobRow> rows;
    for (qsizetype index = 0; index < order.size(); ++index) {
        rows.append(rowOf(application, order[index], int(index) + 1));
        if (isJson)
            reporter->answer(rowJson(rows.takeLast()), {});
    }
    const auto terminal = output.terminal();
    if (!isJson)
        reporter->answer({}, rowTable(rows, terminal ? terminal->columns : 0));
    return int(ExitCode::Done);
}

Result<int> showJobs(const CommandLine &line, Application &application, Reporter *reporter)
{
    const QStringList &order = application.queue().order();
    SO_TRY(const QStringList ids, jobsNamed(wordsOf(line.operands), order));
    for (const QString &id : ids) {
        const JobRow row = rowOf(application, id, int(order.indexOf(id)) + 1);
        reporter->answer(detailJson(row), detailText(row));
    }
    return int(ExitCode::Done);
}

Result<int> setPausedAll(Application &application, Reporter *reporter, bool isPaused)
{
    if (isPaused)
        application.commands().pauseAll();
    else
        application.commands().resumeAll();
    application.queue().setSetting(queue::setting::pausedAll,
                                   isPaused ? QStringLiteral("1") : QStringLiteral("0"));
    tellPausedAll(reporter, isPaused);
    return int(ExitCode::Done);
}

// The verbs that answer at once.
Result<int> runShortVerb(const CommandLine &line, Application &application, const Output &output,
                         Reporter *reporter)
{
    const QString verb = line.verb->name;
    if (verb == u"queue list")
        return listJobs(application, output, reporter, line.isJson);
    if (verb == u"queue show")
        return showJobs(line, application, reporter);
    if (verb == u"queue move")
        return moveJobs(line, application, reporter);
    if (verb == u"queue recipe")
        return changeRecipes(line, application, reporter);
    if (verb == u"queue pause-all" || verb == u"queue resume-all")
        return setPausedAll(application, reporter, verb == u"queue pause-all");
    return commandJobs(line, application, reporter);
}

} // namespace

QCoro::Task<int> saved(Application *application, Reporter *reporter, int code)
{
    std::optional<Error> problem;
    const auto watching = QObject::connect(&application->queue(), &queue::JobQueue::notSaved,
                                           [&problem](const Error &error) { problem = error; });
    co_await application->queue().flush();
    QObject::disconnect(watching);
    if (problem)
        co_return reportError(reporter, *problem);
    co_return code;
}

QCoro::Task<int> runQueueVerb(CommandLine line, Application *application, Output *output,
                              Reporter *reporter, std::stop_token stop)
{
    if (line.verb->name == u"queue run")
        co_return co_await runQueueRun(application, reporter, stop);
    if (line.verb->name == u"queue add")
        co_return co_await runQueueAdd(line, application, reporter, stop);
    const auto code = runShortVerb(line, *application, *output, reporter);
    if (!code)
        co_return reportError(reporter, code.error());
    co_return co_await saved(application, reporter, *code);
}

} // namespace sendoff::app
