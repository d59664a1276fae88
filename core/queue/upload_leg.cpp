// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// An upload leg of a job: wait until there is something to send, wait for a slot, send it on the
// network thread, keep the receipt.

#include "core/queue/job_runner.h"

#include "core/base/run_on.h"
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
    const auto result = co_await uploadJob(id, leg, run, stop);
    if (!result) {
        const LegState exportState = m_queue->find(id)->exportLeg().state;
        const bool exportEndedWithout = run->exportEnded.isSet() && exportState != LegState::Done
            && exportState != LegState::NotNeeded;
        const LegState own = m_queue->find(id)->legs[leg].state;
        if (exportEndedWithout && result.error().kind != ErrorKind::Cancelled) {
            JobQueue::Why why;
            why.waitFor = WaitFor::Export;
            if (isActive(own))
                m_queue->apply(id, leg, LegEvent::Hold, std::move(why));
        } else {
            settle(id, leg, result.error());
        }
        co_return;
    }
    if (!m_queue->apply(id, leg, LegEvent::Completed))
        co_return; // it starts over
    m_queue->editLeg(id, leg, [&](Leg &done) {
        done.resume = result->receipt;
        done.result = resultOf(*result);
        done.doneBytes = result->bytes;
        done.totalBytes = result->bytes;
    });
    m_queue->apply(id, leg, LegEvent::Verified);
    const auto saved = co_await m_queue->saved(id);
    if (!saved)
        Q_EMIT m_queue->notSaved(saved.error());
}

QCoro::Task<Result<transfer::UploadResult>> JobRunner::uploadJob(QString id, int leg,
                                                                 JobRunPtr run,
                                                                 std::stop_token stop)
{
    const bool hasExport = m_queue->find(id)->exportLeg().state != LegState::NotNeeded;
    const bool isReady = co_await run->uploadable.wait(stop);
    if (!isReady || (hasExport && !run->feed))
        co_return failure(Error::cancelled()); // stopped, or there is nothing to upload yet
    auto waiting = m_uploadSlots.acquire(stop);
    const auto slot = co_await std::move(waiting);
    if (!slot)
        co_return failure(Error::cancelled());
    const QString place = m_queue->find(id)->recipe.destinations.value(
        m_queue->find(id)->legs[leg].ordinal);
    SO_CO_TRY(auto config, m_services.resolveDestination(place));
    if (!hasExport) {
        SO_CO_TRY(run->source, co_await openSource(id, stop));
    }
    m_queue->apply(id, leg, LegEvent::Start);
    auto request = uploadRequest(id, leg, run);
    auto sending = m_services.network->upload(std::move(config), std::move(request), stop);
    co_return co_await std::move(sending);
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
