// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// queue add: files and folders into the queue, the same way as into the window.

#include "app/application.h"
#include "app/cli/run_verb.h"
#include "core/base/async_event.h"

namespace sendoff::app {

namespace {

// Waits for one batch; made before the batch, whose report may come at once.
class BatchWatch {
public:
    explicit BatchWatch(queue::Intake *intake)
    {
        QObject::connect(intake, &queue::Intake::finished, &m_context,
                         [this](const queue::BatchReport &report) {
                             m_reports.insert(report.batch, report);
                             if (report.batch == m_batch)
                                 m_finished.set();
                         });
        // A command names what it wants: nobody is asked.
        QObject::connect(intake, &queue::Intake::askedAboutMany, &m_context,
                         [this, intake](queue::BatchId batch) {
                             if (m_batch == 0 || batch == m_batch)
                                 intake->confirm(batch, true);
                         });
    }

    QCoro::Task<std::optional<queue::BatchReport>> report(queue::BatchId batch, std::stop_token stop)
    {
        m_batch = batch;
        if (m_reports.contains(batch))
            co_return m_reports.value(batch);
        const bool isThere = co_await m_finished.wait(stop);
        if (!isThere)
            co_return std::nullopt;
        co_return m_reports.value(batch);
    }

private:
    queue::BatchId m_batch = 0;
    QMap<queue::BatchId, queue::BatchReport> m_reports;
    AsyncEvent m_finished;
    QObject m_context;
};

void tellRow(const queue::Job &job, bool isNew, Reporter *reporter)
{
    const QString file = displayName(job.source);
    const QString text = isNew ? QStringLiteral("Added: %1 (%2)\n").arg(file, job.id)
                               : QStringLiteral("Already in the queue: %1 (%2)\n").arg(file, job.id);
    reporter->answer({{QStringLiteral("event"),
                       isNew ? QStringLiteral("added") : QStringLiteral("already-queued")},
                      {QStringLiteral("job"), job.id},
                      {QStringLiteral("file"), file}},
                     text);
}

void tellNotTaken(const QStringList &names, const QString &reason, Reporter *reporter)
{
    for (const QString &name : names) {
        const Error error = Error(ErrorKind::SourceNotMedia)
                                .with(argument::file, name)
                                .with(argument::reason, reason);
        reporter->error(std::nullopt, name, error);
    }
}

// True where everything that was named is in the queue and can run.
bool tellBatch(const queue::BatchReport &report, const queue::JobQueue &queue, Reporter *reporter)
{
    bool isAllRight = true;
    for (const QString &id : report.added) {
        const queue::Job *job = queue.find(id);
        if (!job)
            continue;
        tellRow(*job, true, reporter);
        for (const queue::Leg &leg : job->legs) {
            if (leg.state != queue::LegState::NeedsAttention || !leg.error)
                continue;
            reporter->error(std::nullopt, displayName(job->source), *leg.error);
            isAllRight = false;
            break;
        }
    }
    for (const QString &id : report.alreadyQueued) {
        if (const queue::Job *job = queue.find(id))
            tellRow(*job, false, reporter);
    }
    tellNotTaken(report.notVideos, QStringLiteral("it is of another kind"), reporter);
    tellNotTaken(report.refused, QStringLiteral("it lies where Sendoff puts its own results"),
                 reporter);
    for (const Error &error : report.errors)
        reporter->error(std::nullopt, {}, error);
    return isAllRight && report.notVideos.isEmpty() && report.refused.isEmpty()
        && report.errors.isEmpty() && !report.isEmptyFolder;
}

} // namespace

QCoro::Task<int> runQueueAdd(CommandLine line, Application *application, Reporter *reporter,
                             std::stop_token stop)
{
    if (!line.has(u"--to") && !line.has(u"--out")) {
        const Error error = Error(ErrorKind::BadUsage)
                                .with(argument::reason,
                                      QStringLiteral("“queue add” needs --to DEST or --out DIR"));
        co_return reportError(reporter, error);
    }
    const auto recipe = jobRecipe(line, *application);
    if (!recipe)
        co_return reportError(reporter, recipe.error());
    std::vector<FilePath> files;
    for (const FilePath &name : line.operands)
        files.push_back(line.absolute(name));
    BatchWatch watch(&application->intake());
    const auto ifQueued =
        line.has(u"--again") ? queue::Intake::IfQueued::AddAgain : queue::Intake::IfQueued::Skip;
    const queue::BatchId batch = application->intake().add(std::move(files), *recipe, ifQueued);
    auto waiting = watch.report(batch, stop);
    const auto report = co_await std::move(waiting);
    if (!report)
        co_return int(ExitCode::Stopped);
    const bool isAllRight = tellBatch(*report, application->queue(), reporter);
    const ExitCode code = isAllRight ? ExitCode::Done : ExitCode::NeedsAttention;
    auto saving = saved(application, reporter, int(code));
    co_return co_await std::move(saving);
}

} // namespace sendoff::app
