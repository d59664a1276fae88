// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/intake.h"

#include "core/base/run_on.h"
#include "core/base/worker_pool.h"
#include "core/queue/file_check.h"
#include "core/queue/file_kind.h"
#include "core/queue/folder_search.h"
#include "core/queue/job_queue.h"
#include "core/queue/queue_commands.h"

#include <QDateTime>
#include <QTimer>

#include <algorithm>

namespace sendoff::queue {

namespace {

constexpr int checkedAtOnce = 3; // of the I/O pool's four threads: something else may be urgent
constexpr auto searchingInterval = std::chrono::milliseconds(100);

// A row for a file of which only the name is known.
Job uncheckedJob(const FilePath &path, Recipe recipe)
{
    Job job;
    job.id = newJobId();
    job.source = path;
    job.isChecked = false;
    job.createdUs = QDateTime::currentMSecsSinceEpoch() * 1000;
    setRecipe(job, std::move(recipe));
    job.sameness.clear(); // it has no identity yet
    return job;
}

} // namespace

// One batch on its way; kept by the coroutines that work for it.
struct Intake::Batch {
    BatchReport report;
    std::vector<FilePath> paths;
    Recipe recipe;
    IfQueued ifQueued = IfQueued::Skip;
    std::stop_source stopSearch;
    std::atomic<int> found{0};
    AsyncEvent answered; // to askedAboutMany()
    bool addAll = false;
    std::map<qsizetype, QString> rows; // of `paths` that have one at once
    int unchecked = 1; // rows, and one until all of them are there
    AsyncEvent allChecked;
};

Intake::Intake(JobQueue *queue, QueueCommands *commands, WorkerPool *io)
    : m_queue(queue), m_commands(commands), m_io(io), m_checks(checkedAtOnce)
{
}

BatchId Intake::add(std::vector<FilePath> paths, Recipe recipe, IfQueued ifQueued)
{
    const auto batch = std::make_shared<Batch>();
    batch->report.batch = ++m_lastBatch;
    batch->recipe = std::move(recipe);
    batch->ifQueued = ifQueued;
    QList<Job> jobs;
    for (const FilePath &path : paths) {
        batch->paths.push_back(plainPath(path));
        const FilePath &file = batch->paths.back();
        if (kindOfName(file) != FileKind::Media || isOwn(file))
            continue; // perhaps a folder, perhaps no video: to be looked at first
        jobs.append(uncheckedJob(file, batch->recipe));
        batch->rows.emplace(qsizetype(batch->paths.size()) - 1, jobs.last().id);
    }
    m_batches.emplace(batch->report.batch, batch);
    m_tasks.spawn([this, batch, jobs](std::stop_token stop) { return run(batch, jobs, stop); });
    return batch->report.batch;
}

void Intake::setOwnFolders(std::vector<FilePath> folders)
{
    m_ownFolders.clear();
    for (const FilePath &folder : folders)
        m_ownFolders.push_back(plainPath(folder));
}

bool Intake::isOwn(const FilePath &path) const
{
    return std::any_of(m_ownFolders.begin(), m_ownFolders.end(),
                       [&path](const FilePath &folder) { return isInside(path, folder); });
}

void Intake::confirm(BatchId batch, bool addAll)
{
    const auto found = m_batches.find(batch);
    if (found == m_batches.end())
        return;
    found->second->addAll = addAll;
    found->second->answered.set();
}

void Intake::stopSearching(BatchId batch)
{
    const auto found = m_batches.find(batch);
    if (found != m_batches.end())
        found->second->stopSearch.request_stop();
}

QCoro::Task<void> Intake::close()
{
    m_tasks.cancel();
    for (const auto &[id, batch] : m_batches)
        batch->stopSearch.request_stop();
    co_await m_tasks.join();
}

QCoro::Task<void> Intake::run(BatchPtr batch, QList<Job> rows, std::stop_token stop)
{
    if (!rows.isEmpty()) {
        const auto saved = co_await m_queue->add(rows);
        if (!saved)
            batch->report.errors.append(saved.error());
    }
    auto looking = runOn(
        *m_io, [paths = batch->paths]() -> Result<std::vector<PathKind>> { return kindsOf(paths); },
        stop);
    const auto kinds = co_await std::move(looking);
    if (kinds) {
        for (std::size_t index = 0; index < kinds->size(); ++index) {
            const auto row = batch->rows.find(qsizetype(index));
            const QString id = row == batch->rows.end() ? QString() : row->second;
            if ((*kinds)[index] == PathKind::Folder)
                co_await takeFolder(batch, batch->paths[index], id, stop);
            else
                takeFile(batch, batch->paths[index], id);
        }
    }
    rowChecked(*batch);
    const bool isComplete = co_await batch->allChecked.wait(stop);
    m_batches.erase(batch->report.batch);
    if (isComplete && kinds)
        Q_EMIT finished(batch->report);
}

// A file that was named by itself. `id`: its row, where it has one already.
void Intake::takeFile(const BatchPtr &batch, const FilePath &path, const QString &id)
{
    if (isOwn(path)) {
        batch->report.refused.append(displayName(path));
        return;
    }
    if (!id.isEmpty()) {
        beginCheck(batch, id);
        return;
    }
    if (kindOfName(path) == FileKind::NotMedia) {
        batch->report.notVideos.append(displayName(path));
        return;
    }
    const QList<Job> jobs{uncheckedJob(path, batch->recipe)};
    addRows(batch, jobs);
}

void Intake::addRows(const BatchPtr &batch, const QList<Job> &jobs)
{
    m_tasks.spawn([this, jobs](std::stop_token) { return save(jobs); });
    for (const Job &job : jobs)
        beginCheck(batch, job.id);
}

QCoro::Task<void> Intake::save(QList<Job> jobs)
{
    const auto saved = co_await m_queue->add(std::move(jobs));
    if (!saved)
        Q_EMIT m_queue->notSaved(saved.error());
}

QCoro::Task<void> Intake::takeFolder(BatchPtr batch, FilePath folder, QString row,
                                     std::stop_token stop)
{
    if (!row.isEmpty())
        co_await drop(row);
    if (isOwn(folder)) {
        batch->report.refused.append(displayName(folder));
        co_return;
    }
    QTimer ticker;
    connect(&ticker, &QTimer::timeout, this, [this, batch, name = displayName(folder)] {
        Q_EMIT searching(batch->report.batch, name, batch->found);
    });
    ticker.start(searchingInterval);
    const std::stop_callback onClose(stop, [batch] { batch->stopSearch.request_stop(); });
    auto search = runOn(
        *m_io,
        [folder, batch]() -> Result<FolderSearch> {
            return searchFolder(folder, batch->found, batch->stopSearch.get_token());
        },
        stop);
    auto found = co_await std::move(search);
    ticker.stop();
    if (!found)
        co_return;
    batch->report.notVideos.append(found->notVideos);
    batch->report.errors.append(found->errors);
    batch->report.isEmptyFolder = found->files.empty();
    std::erase_if(found->files, [&](const FoundFile &file) {
        const bool isRefused = isOwn(file.path);
        if (isRefused)
            batch->report.refused.append(displayName(file.path));
        return isRefused;
    });
    if (int(found->files.size()) > askAbove) {
        qint64 bytes = 0;
        for (const FoundFile &file : found->files)
            bytes += file.size;
        Q_EMIT askedAboutMany(batch->report.batch, int(found->files.size()), bytes);
        const bool isAnswered = co_await batch->answered.wait(stop);
        if (!isAnswered || !batch->addAll)
            co_return;
    }
    QList<Job> jobs;
    for (const FoundFile &file : found->files) {
        Recipe recipe = batch->recipe;
        if (!recipe.outputFolder.empty())
            recipe.subFolder = file.subFolder;
        jobs.append(uncheckedJob(file.path, std::move(recipe)));
    }
    if (!jobs.isEmpty())
        addRows(batch, jobs);
}

void Intake::beginCheck(const BatchPtr &batch, const QString &id)
{
    ++batch->unchecked;
    batch->report.added.append(id);
    m_tasks.spawn([this, batch, id](std::stop_token stop) { return checkRow(batch, id, stop); });
}

QCoro::Task<void> Intake::checkRow(BatchPtr batch, QString id, std::stop_token stop)
{
    auto waiting = m_checks.acquire(stop);
    const auto turn = co_await std::move(waiting);
    const Job *job = m_queue->find(id);
    if (turn && job) {
        const FilePath path = job->source;
        const Look look = job->recipe.preset.isEmpty() ? Look::OutsideOnly : Look::Inside;
        auto checking = runOn(
            *m_io, [path, look, stop] { return checkFile(path, look, stop); }, stop);
        const auto checked = co_await std::move(checking);
        if (checked)
            co_await accept(batch, id, *checked);
        else if (checked.error().kind != ErrorKind::Cancelled)
            co_await reject(batch, id, checked.error());
    }
    rowChecked(*batch);
}

void Intake::rowChecked(Batch &batch)
{
    if (--batch.unchecked == 0)
        batch.allChecked.set();
}

QCoro::Task<void> Intake::accept(BatchPtr batch, QString id, FileIdentity identity)
{
    const Job *job = m_queue->find(id);
    if (!job)
        co_return; // removed meanwhile
    const QByteArray sameness = samenessOf(identity, job->recipe);
    const QString same = batch->ifQueued == IfQueued::Skip ? m_queue->findSame(sameness) : QString();
    if (!same.isEmpty() && same != id) {
        batch->report.added.removeOne(id);
        batch->report.alreadyQueued.append(same);
        co_await drop(id);
        co_return;
    }
    m_queue->editJob(id, [&](Job &checked) {
        checked.identity = identity;
        checked.sameness = sameness;
        checked.isChecked = true;
    });
}

// A file whose name promises a video keeps its row, which says why it cannot be used.
QCoro::Task<void> Intake::reject(BatchPtr batch, QString id, Error error)
{
    const Job *job = m_queue->find(id);
    if (!job)
        co_return;
    const FilePath path = job->source;
    if (kindOfName(path) != FileKind::Media && error.kind != ErrorKind::SourceUnreadable
        && error.kind != ErrorKind::SourceMissing) {
        batch->report.added.removeOne(id);
        batch->report.notVideos.append(displayName(path));
        co_await drop(id);
        co_return;
    }
    const bool hasExport = job->exportLeg().state != LegState::NotNeeded;
    const int leg = hasExport || job->legs.size() < 2 ? 0 : 1;
    m_queue->editJob(id, [](Job &checked) { checked.isChecked = true; });
    JobQueue::Why why;
    why.error = std::move(error);
    m_queue->apply(id, leg, LegEvent::Fail, std::move(why));
}

// Takes a row back that should not have been there.
QCoro::Task<void> Intake::drop(QString id)
{
    if (!m_queue->find(id))
        co_return;
    const QStringList ids{id};
    const auto removed = co_await m_queue->remove(ids);
    if (!removed)
        Q_EMIT m_queue->notSaved(removed.error());
}

void Intake::checkStored()
{
    const auto batch = std::make_shared<Batch>();
    batch->report.batch = ++m_lastBatch;
    for (const QString &id : m_queue->order()) {
        if (!m_queue->find(id)->isChecked)
            beginCheck(batch, id);
    }
}

} // namespace sendoff::queue
