// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// An upload leg of a job: wait until there is something to send, wait for a slot, send it on the
// network thread, keep the receipt.

#include "core/queue/job_runner.h"

#include "core/base/crash_point.h"
#include "core/base/run_on.h"
#include "core/base/sleep.h"
#include "core/queue/network_thread.h"
#include "core/transfer/byte_source.h"

namespace sendoff::queue {

namespace {

QByteArray mediaTypeFor(const FilePath &file)
{
    static const QMap<QByteArray, QByteArray> types{
        {".mp4", "video/mp4"},        {".m4v", "video/mp4"},  {".mov", "video/quicktime"},
        {".mkv", "video/x-matroska"}, {".webm", "video/webm"}, {".avi", "video/x-msvideo"},
        {".ts", "video/mp2t"},        {".mts", "video/mp2t"}, {".mpg", "video/mpeg"},
        {".m4a", "audio/mp4"},        {".mp3", "audio/mpeg"}, {".ogg", "audio/ogg"},
        {".flac", "audio/flac"},      {".wav", "audio/wav"},  {".3gp", "video/3gpp"},
    };
    const QByteArray extension = QByteArray::fromStdString(file.extension().string()).toLower();
    return types.value(extension, "application/octet-stream");
}

// The name that the server gets: the source's stem, and what the bytes are.
QString remoteName(const FilePath &source, const FilePath &bytes)
{
    return safeFileName(QString::fromStdString(source.stem().string())
                        + QString::fromStdString(bytes.extension().string()));
}

QJsonObject resultOf(const transfer::UploadResult &result)
{
    return {{QStringLiteral("url"), result.delivery.link.toString(QUrl::FullyEncoded)},
            {QStringLiteral("bytes"), result.bytes},
            {QStringLiteral("sha256"), QString::fromLatin1(result.sha256)},
            {QStringLiteral("resent_bytes"), result.resentBytes},
            {QStringLiteral("attempts"), result.attempts},
            {QStringLiteral("verified_by"), result.delivery.verifiedBy}};
}

} // namespace

QCoro::Task<void> JobRunner::runUploadLeg(QString id, int leg, JobRunPtr run, std::stop_token stop)
{
    if (m_queue->find(id)->legs[leg].state != LegState::Waiting)
        co_return;
    for (int failures = 0;; ++failures) {
        auto result = co_await uploadJob(id, leg, run, failures, stop);
        if (result) {
            co_await keepReceipt(id, leg, std::move(*result));
            co_return;
        }
        if (stop.stop_requested() || !waitsForDestination(id, leg, result.error())) {
            settleUpload(id, leg, run, result.error());
            co_return;
        }
    }
}

QCoro::Task<void> JobRunner::keepReceipt(QString id, int leg, transfer::UploadResult result)
{
    if (!m_queue->apply(id, leg, LegEvent::Completed))
        co_return; // it starts over
    m_queue->editLeg(id, leg, [&](Leg &done) {
        done.resume = result.receipt;
        done.result = resultOf(result);
        done.doneBytes = result.bytes;
        done.totalBytes = result.bytes;
    });
    m_queue->apply(id, leg, LegEvent::Verified);
    crashPoint("queue-upload-done");
    const auto saved = co_await m_queue->saved(id);
    (void)saved; // the queue has said so, and goes on trying
    crashPoint("queue-upload-done-saved");
}

void JobRunner::settleUpload(const QString &id, int leg, const JobRunPtr &run, const Error &error)
{
    const LegState exportState = m_queue->find(id)->exportLeg().state;
    const bool exportEndedWithout = run->exportEnded.isSet() && exportState != LegState::Done
        && exportState != LegState::NotNeeded;
    if (!exportEndedWithout || error.kind == ErrorKind::Cancelled) {
        settle(id, leg, error);
        return;
    }
    JobQueue::Why why;
    why.waitFor = WaitFor::Export;
    if (isActive(m_queue->find(id)->legs[leg].state))
        m_queue->apply(id, leg, LegEvent::Hold, std::move(why));
}

// True where the failure is its destination's and the upload will be tried again with the others:
// then it waits.
bool JobRunner::waitsForDestination(const QString &id, int leg, const Error &error)
{
    const Job *job = m_queue->find(id);
    const LegState state = job->legs[leg].state;
    if (m_patience == Patience::GiveUp || !isAboutDestination(error)
        || !next(state, LegEvent::Hold))
        return false;
    m_destinations.failed(job->recipe.destinations.value(job->legs[leg].ordinal), error);
    JobQueue::Why why;
    why.waitFor =
        error.kind == ErrorKind::SignInNeeded ? WaitFor::SignIn : WaitFor::Destination;
    why.error = error;
    m_queue->apply(id, leg, LegEvent::Hold, std::move(why));
    return true;
}

QCoro::Task<Result<transfer::UploadResult>> JobRunner::uploadJob(QString id, int leg,
                                                                 JobRunPtr run, int failures,
                                                                 std::stop_token stop)
{
    const bool hasExport = m_queue->find(id)->exportLeg().state != LegState::NotNeeded;
    const bool isReady = co_await run->uploadable.wait(stop);
    if (!isReady || (hasExport && !run->feed))
        co_return failure(Error::cancelled()); // stopped, or there is nothing to upload yet
    const QString place = m_queue->find(id)->recipe.destinations.value(
        m_queue->find(id)->legs[leg].ordinal);
    showDestination(id, leg);
    auto waitingThere = m_destinations.gate(place).acquire(stop, rankOf(id, failures));
    const auto slotThere = co_await std::move(waitingThere);
    if (!slotThere)
        co_return failure(Error::cancelled());
    auto waiting = m_uploadSlots.acquire(stop, rankOf(id));
    const auto slot = co_await std::move(waiting);
    if (!slot)
        co_return failure(Error::cancelled());
    if (!hasExport) {
        SO_CO_TRY(run->source, co_await openSource(id, stop));
    }
    co_return co_await send(id, leg, run, place, stop);
}

QCoro::Task<Result<transfer::UploadResult>> JobRunner::send(QString id, int leg, JobRunPtr run,
                                                            QString place, std::stop_token stop)
{
    auto resolving = m_services.resolveDestination(place, stop);
    SO_CO_TRY(auto config, co_await std::move(resolving));
    if (!m_queue->apply(id, leg, LegEvent::Start))
        co_return failure(Error::cancelled()); // paused or cancelled meanwhile
    crashPoint("queue-upload-started");
    auto request = uploadRequest(id, leg, run);
    TaskScope watching;
    if (!m_destinations.isReady(place)) {
        watching.spawn([this, place, progress = request.progress](std::stop_token ended) {
            return watchForAnswer(place, progress, std::move(ended));
        });
    }
    const auto persistence = m_patience == Patience::GiveUp ? NetworkThread::Persistence::Command
        : m_destinations.isReady(place)                     ? NetworkThread::Persistence::Queue
                                                            : NetworkThread::Persistence::Probe;
    auto sending =
        m_services.network->upload(std::move(config), std::move(request), persistence, stop);
    auto sent = co_await std::move(sending);
    watching.cancel();
    co_await watching.join();
    if (sent)
        m_destinations.answered(place);
    co_return sent;
}

// A destination that did not answer does again as soon as it has taken something.
QCoro::Task<void> JobRunner::watchForAnswer(QString place,
                                            std::shared_ptr<transfer::UploadProgress> progress,
                                            std::stop_token stop)
{
    constexpr qint64 taken = 1 << 20; // more than lies in buffers on the way
    for (;;) {
        const bool hasPassed = co_await sleepFor(std::chrono::milliseconds(100), stop);
        if (!hasPassed)
            co_return;
        if (progress->confirmed > 0 || progress->inFlight >= taken) {
            m_destinations.answered(place);
            co_return;
        }
    }
}

// What its waiting uploads say.
void JobRunner::showDestination(const QString &place)
{
    QList<std::pair<QString, int>> legs;
    for (const auto &[id, run] : m_runs) {
        const Job *job = m_queue->find(id);
        for (int leg = 1; leg < job->legs.size(); ++leg) {
            if (job->recipe.destinations.value(job->legs[leg].ordinal) == place
                && run->uploadable.isSet())
                legs.append({id, leg});
        }
    }
    for (const auto &[id, leg] : legs)
        showDestination(id, leg);
}

void JobRunner::showDestination(const QString &id, int leg)
{
    const Job *job = m_queue->find(id);
    const Leg &upload = job->legs[leg];
    if (upload.state != LegState::Waiting)
        return;
    const DestinationState place =
        m_destinations.state(job->recipe.destinations.value(upload.ordinal));
    JobQueue::Why why;
    why.waitFor = waitFor(place);
    why.error = place.error;
    if (upload.waitFor != why.waitFor)
        m_queue->apply(id, leg, LegEvent::Hold, std::move(why));
}

transfer::UploadRequest JobRunner::uploadRequest(const QString &id, int leg, const JobRunPtr &run)
{
    const Job *job = m_queue->find(id);
    const bool hasExport = job->exportLeg().state != LegState::NotNeeded;
    transfer::UploadRequest request;
    request.target.source = hasExport ? std::make_shared<transfer::ByteSource>(run->feed)
                                      : std::make_shared<transfer::ByteSource>(run->source);
    const FilePath bytes = hasExport ? run->deliverable : job->source;
    request.target.fileName = remoteName(job->source, bytes);
    request.target.mediaType = mediaTypeFor(bytes);
    request.resumeState = job->legs[leg].resume;
    request.resumeGeneration = job->legs[leg].generation;
    request.progress = std::make_shared<transfer::UploadProgress>();
    run->uploadProgress[leg] = request.progress;
    // These run on the network thread and cross to this one.
    request.saveState = [this, id, leg](QJsonObject state) {
        return runOn(
            this, [this, id, leg, state = std::move(state)] {
                return saveUploadState(id, leg, state);
            },
            WaitReason::Disk);
    };
    if (hasExport) {
        request.mayFinish = [this, id, run](std::stop_token stop) {
            return runOn(
                this, [this, id, run, stop] { return exportIsDone(id, run, stop); },
                WaitReason::Export);
        };
    }
    request.waiting = [this, id, leg](std::optional<Error> error,
                                      std::chrono::milliseconds delay) {
        QMetaObject::invokeMethod(this, [this, id, leg, error = std::move(error), delay] {
            const Job *now = m_queue->find(id);
            if (!now || !isActive(now->legs[leg].state))
                return; // paused or cancelled meanwhile
            if (!error) {
                m_queue->apply(id, leg, LegEvent::Retry);
                return;
            }
            JobQueue::Why why;
            why.error = error;
            m_queue->apply(id, leg, LegEvent::Backoff, std::move(why));
            Q_EMIT retrying(id, leg, *error, delay.count());
        });
    };
    return request;
}

QCoro::Task<Result<void>> JobRunner::saveUploadState(QString id, int leg, QJsonObject state)
{
    const auto found = m_runs.find(id);
    const quint64 generation = found != m_runs.end() && found->second->feed
        ? found->second->feed->state().generation
        : 1;
    m_queue->editLeg(id, leg, [&](Leg &edited) {
        edited.resume = state;
        edited.generation = generation;
    });
    co_return co_await m_queue->saved(id);
}

// No link is ever published to a file that has not passed its check.
QCoro::Task<Result<void>> JobRunner::exportIsDone(QString id, JobRunPtr run, std::stop_token stop)
{
    const bool ended = co_await run->exportEnded.wait(stop);
    if (!ended)
        co_return failure(Error::cancelled());
    const Leg &leg = m_queue->find(id)->exportLeg();
    if (leg.state == LegState::Done)
        co_return Result<void>();
    if (leg.error)
        co_return failure(*leg.error);
    co_return failure(Error::cancelled());
}

} // namespace sendoff::queue
