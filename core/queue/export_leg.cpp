// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The export leg of a job: open, probe, plan, wait for a slot, encode on the pool.

#include "core/queue/job_runner.h"

#include "core/activity/recorder.h"
#include "core/base/crash_point.h"
#include "core/base/durable_file.h"
#include "core/base/run_on.h"
#include "core/base/worker_pool.h"
#include "core/media/probe.h"
#include "core/queue/export_memory.h"
#include "core/queue/export_places.h"
#include "core/queue/network_thread.h"
#include "core/queue/send_order.h"

#include <QJsonArray>

#include <algorithm>

namespace sendoff::queue {

namespace {

std::string extensionFor(const media::ExportPlan &plan, const FilePath &source)
{
    const std::string extension = plan.extension.toStdString();
    if (extension.empty() || extension == "source")
        return source.extension().string();
    return "." + extension;
}

ExportPlaces exportPlaces(const Job &job, const media::ExportPlan &plan, const FilePath &workFolder)
{
    ExportPlaces places;
    const std::string extension = extensionFor(plan, job.source);
    if (job.recipe.outputFolder.empty()) {
        places.partial = workFolder / job.id.toStdString() / ("deliverable" + extension);
        return places;
    }
    places.folder = job.recipe.outputFolder;
    places.target = places.folder / job.recipe.subFolder / (job.source.stem().string() + extension);
    places.partial = partialPath(places.target, job.id);
    return places;
}

// Removes what an interrupted run left of the file: it is made again from the journal.
Result<void> preparePlaces(const ExportPlaces &places)
{
    std::error_code code;
    if (places.target.empty())
        SO_TRY_VOID(makePrivateFolder(places.partial.parent_path()));
    // Never the chosen folder itself: a disk that is not plugged in must not become a folder.
    const bool isThere =
        !places.folder.empty() && std::filesystem::is_directory(places.folder, code);
    if (isThere)
        SO_TRY_VOID(makeFolder(places.target.parent_path()));
    std::filesystem::remove(places.partial, code); // noticed when it is created
    return {};
}

// The work so far, in the job's working folder.
FilePath journalOf(const Job &job, const FilePath &workFolder)
{
    return workFolder / job.id.toStdString() / "journal";
}

// What was made for uploads only is removed once they have all of it.
bool wasDelivered(const Job &job)
{
    return job.recipe.outputFolder.empty() && job.isDone();
}

// Without the output's name, which publishing gives.
QJsonObject resultJson(const media::ExportResult &result)
{
    QJsonArray warnings;
    for (const media::ExportWarning &warning : result.warnings)
        warnings.append(QJsonObject{{QStringLiteral("kind"), warning.kind},
                                    {QStringLiteral("text"), warning.text}});
    return {{QStringLiteral("bytes"), result.bytes},
            {QStringLiteral("sha256"), QString::fromLatin1(result.sha256)},
            {QStringLiteral("encoded_frames"), result.encodedFrames},
            {QStringLiteral("copied_packets"), result.copiedPackets},
            {QStringLiteral("resumed_from_s"), double(result.resumedFromUs) / 1e6},
            {QStringLiteral("warnings"), warnings}};
}

} // namespace

QCoro::Task<void> JobRunner::runExportLeg(QString id, JobRunPtr run, std::stop_token stop)
{
    LegState state = m_queue->find(id)->exportLeg().state;
    if (state == LegState::Done && !wasDelivered(*m_queue->find(id))) {
        const auto adopted = co_await adoptFinishedExport(id, run, stop);
        if (adopted && *adopted) {
            Q_EMIT foundDone(id, exportLegIndex);
        } else if (!stop.stop_requested()) {
            warn(id, exportLegIndex, QStringLiteral("starts-over"),
                 QStringLiteral("The exported file is gone or was changed; it is exported again."));
            m_queue->apply(id, exportLegIndex, LegEvent::StartOver);
            state = LegState::Waiting;
        }
    }
    if (state == LegState::Waiting) {
        const auto result = co_await exportJob(id, run, stop);
        if (!result) {
            if (run->feed)
                run->feed->fail(result.error());
            settle(id, exportLegIndex, result.error());
        }
    }
    run->exportEnded.set();
    run->uploadable.set();
}

QCoro::Task<Result<void>> JobRunner::exportJob(QString id, JobRunPtr run, std::stop_token stop)
{
    SO_CO_TRY(run->source, co_await openSource(id, stop));
    SO_CO_TRY(const bool wasMade, co_await finishMade(id, run, stop));
    if (wasMade)
        co_return Result<void>();
    const bool isFirstStart = m_queue->find(id)->plan.isEmpty(); // or it starts over
    SO_CO_TRY(Planned planned, co_await planJob(id, run, stop));
    const media::ExportPlan plan = planned.plan;
    const auto held = co_await acquireExportSlots(id, std::move(planned), stop);
    if (!held)
        co_return failure(Error::cancelled());

    const ExportPlaces places = exportPlaces(*m_queue->find(id), plan, m_services.workFolder);
    run->journal = journalOf(*m_queue->find(id), m_services.workFolder);
    auto preparing = runOn(
        *m_services.io,
        [places, plan, source = run->source, journal = run->journal, isFirstStart,
         threads = codecThreads()]() -> Result<media::JournalState> {
            std::error_code code; // what stays is noticed by its fingerprints
            if (isFirstStart)
                std::filesystem::remove_all(journal, code);
            SO_TRY_VOID(preparePlaces(places));
            SO_TRY_VOID(media::checkTarget(places.target.empty() ? places.partial : places.target,
                                           plan, *source));
            SO_TRY_VOID(media::checkSpace(places.partial, journal, plan));
            return media::prepareJournal(journal, *source, plan, threads);
        },
        stop);
    SO_CO_TRY(const media::JournalState journal, co_await std::move(preparing));
    run->codecThreads = journal.codecThreads;
    if (!journal.startsOverBecause.isEmpty())
        warn(id, exportLegIndex, QStringLiteral("starts-over"),
             QStringLiteral("The export starts over, because %1.").arg(journal.startsOverBecause));
    // An export that goes on gives the same bytes again, so an upload of them goes on too.
    const bool isNew = !journal.goesOn || m_queue->find(id)->exportLeg().generation == 0;
    m_queue->editLeg(id, exportLegIndex, [&places, isNew](Leg &leg) {
        leg.generation += isNew ? 1 : 0;
        leg.resume = {{QStringLiteral("partial"), toStored(places.partial)}};
    });
    if (!m_queue->apply(id, exportLegIndex, LegEvent::Start))
        co_return failure(Error::cancelled()); // paused or cancelled meanwhile
    crashPoint("queue-export-started");
    // The generation is durable before an upload can belong to it, and the place before anything
    // stands there.
    SO_CO_TRY_VOID(co_await m_queue->saved(id));
    crashPoint("queue-export-start-saved");

    SO_CO_TRY(const media::ExportResult result,
              co_await encode(id, run, plan, places.partial, stop));
    SO_CO_TRY_VOID(co_await rememberMade(id, places, resultJson(result), stop));
    SO_CO_TRY(const FilePath output, co_await publish(id, run->source, places, stop));
    co_return co_await conclude(id, output);
}

// A place among the exports, or among those that only copy, and then the memory that it will take.
QCoro::Task<std::optional<JobRunner::ExportSlots>> JobRunner::acquireExportSlots(
    QString id, Planned planned, std::stop_token stop)
{
    SlotGate &gate = planned.plan.copiesAll() ? m_copySlots : m_exportSlots;
    auto waiting = gate.acquire(stop, rankOf(id));
    auto place = co_await std::move(waiting);
    if (!place)
        co_return std::nullopt;
    const qint64 bytes = estimatedExportBytes(planned.plan, planned.source, codecThreads());
    auto waitingForMemory =
        m_exportMemory.acquire(stop, rankOf(id), std::max<qint64>(1, bytes >> 20));
    auto memory = co_await std::move(waitingForMemory);
    if (!memory)
        co_return std::nullopt;
    ExportSlots held{std::move(*place), std::move(*memory)};
    co_return std::optional<ExportSlots>(std::move(held));
}

QCoro::Task<Result<JobRunner::Planned>> JobRunner::planJob(QString id, JobRunPtr run,
                                                           std::stop_token stop)
{
    media::PlanWishes wishes;
    wishes.encodeAlways = m_queue->find(id)->recipe.encodeAlways;
    wishes.layout = m_queue->find(id)->recipe.layout;
    wishes.trim = m_queue->find(id)->recipe.trim;
    // The layout is that of the first start, whatever the destinations say meanwhile.
    const auto layout = media::layoutFromName(m_queue->find(id)->plan[u"layout"].toString());
    if (layout && m_queue->find(id)->exportLeg().generation > 0) {
        wishes.layout = *layout;
        wishes.headLast = m_queue->find(id)->plan[u"head_last"].toBool();
    } else {
        SO_CO_TRY(wishes.sendsMeanwhile, co_await sendOrder(id, stop));
    }
    const QString preset = m_queue->find(id)->recipe.preset;
    auto planning = runOn(
        *m_services.io,
        [source = run->source, preset, wishes, folder = m_services.presetFolder,
         stop]() -> Result<Planned> {
            SO_TRY(const media::Preset recipe, media::findPreset(preset, folder));
            Planned made;
            SO_TRY(made.source, media::probe(source, stop));
            SO_TRY(made.plan, media::makePlan(made.source, recipe, wishes,
                                              media::Codecs::ofThisBuild()));
            return made;
        },
        stop);
    auto planned = co_await std::move(planning);
    if (!planned) {
        Error error = planned.error();
        if (error[argument::file].isEmpty())
            error.with(argument::file, displayName(run->source->path()));
        co_return tl::unexpected(std::move(error));
    }
    m_queue->editJob(id, [&](Job &job) { job.plan = media::toJson(planned->plan); });
    for (const QString &warning : planned->plan.warnings)
        warn(id, exportLegIndex, QStringLiteral("plan"), warning);
    co_return planned;
}

// Asks every destination. One that does not answer now is the upload leg's affair, not the plan's.
QCoro::Task<Result<media::SendOrder>> JobRunner::sendOrder(QString id, std::stop_token stop)
{
    const Recipe recipe = m_queue->find(id)->recipe;
    QList<transfer::Capabilities> all;
    for (const QString &place : recipe.destinations) {
        if (!m_destinations.isReady(place))
            co_return media::SendOrder::NotYet;
        auto resolving = m_services.resolveDestination(place, stop);
        auto config = co_await std::move(resolving);
        if (!config && config.error().kind == ErrorKind::SignInNeeded)
            co_return media::SendOrder::NotYet; // the upload will say so
        if (!config)
            co_return failure(std::move(config).error());
        auto asking = m_services.network->capabilities(*std::move(config), stop);
        const auto capabilities = co_await std::move(asking);
        if (!capabilities)
            co_return media::SendOrder::NotYet;
        all.append(*capabilities);
    }
    co_return sendOrderFor(recipe.layout, all);
}

QCoro::Task<Result<media::ExportResult>> JobRunner::encode(QString id, JobRunPtr run,
                                                           media::ExportPlan plan,
                                                           FilePath partial, std::stop_token stop)
{
    const Job *job = m_queue->find(id);
    run->feed = std::make_shared<OutputFeed>(job->exportLeg().generation - 1);
    run->deliverable = partial;
    run->exportProgress = std::make_shared<media::ExportProgress>();
    run->exportSince = std::chrono::steady_clock::now();
    media::ExportRequest request;
    request.source = run->source;
    request.plan = plan;
    request.partial = partial;
    request.codecThreads = run->codecThreads;
    request.journal = run->journal;
    m_services.recorder->setCodecThreads(currentActivity(), request.codecThreads);
    request.feed = run->feed;
    request.progress = run->exportProgress;
    if (plan.layout == media::Layout::Fragmented || plan.headLast)
        run->uploadable.set(); // bytes are sealed as they are written
    auto exporting = runOn(
        *m_services.exports,
        [request, stop, activity = currentActivity()]() mutable {
            const WorkSpan span(activity);
            return media::exportMedia(std::move(request), stop);
        },
        stop, WaitReason::Other);
    co_return co_await std::move(exporting);
}

// DESIGN, Threads: max(1, cores ÷ transcodes runnable now), kept for the export's life, where the
// user has not chosen.
int JobRunner::codecThreads() const
{
    if (m_options.threadsPerExport > 0)
        return m_options.threadsPerExport;
    int runnable = 0;
    for (const auto &[id, run] : m_runs) {
        const Job *job = m_queue->find(id);
        const LegState state = job->exportLeg().state;
        const bool copies = !job->plan.isEmpty() && job->plan[u"copies_all"].toBool();
        if ((state == LegState::Waiting || state == LegState::Running) && !copies)
            ++runnable;
    }
    runnable = std::clamp(runnable, 1, m_exportSlots.slotCount());
    return std::max(1, m_options.cores / runnable);
}

} // namespace sendoff::queue
