// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The export leg of a job: open, probe, plan, wait for a slot, encode on the pool, publish.

#include "core/queue/job_runner.h"

#include "core/activity/recorder.h"
#include "core/base/run_on.h"
#include "core/base/sha256.h"
#include "core/base/worker_pool.h"
#include "core/media/probe.h"
#include "core/queue/network_thread.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sendoff::queue {

namespace {

constexpr int exportLegIndex = 0;

// Where an export ends, and where it is made until then.
struct ExportPlaces {
    FilePath target; // empty: it stays where it is made, for the uploads
    FilePath partial;
};

std::string extensionFor(const media::ExportPlan &plan, const FilePath &source)
{
    const std::string extension = plan.extension.toStdString();
    if (extension.empty() || extension == "source")
        return source.extension().string();
    return "." + extension;
}

ExportPlaces placesFor(const Job &job, const media::ExportPlan &plan, const FilePath &workFolder)
{
    ExportPlaces places;
    const std::string extension = extensionFor(plan, job.source);
    if (job.recipe.outputFolder.empty()) {
        places.partial = workFolder / job.id.toStdString() / ("deliverable" + extension);
        return places;
    }
    places.target = job.recipe.outputFolder / (job.source.stem().string() + extension);
    places.partial = partialPath(places.target, job.id);
    return places;
}

// Removes what an interrupted run left of the file: it is made again from the journal.
Result<void> preparePlaces(const ExportPlaces &places)
{
    std::error_code code;
    if (places.target.empty()) {
        const FilePath folder = places.partial.parent_path();
        std::filesystem::create_directories(folder, code);
        if (code)
            return failure(Error::fromErrno(code.value(), Error::FileRole::Output,
                                            QStringLiteral("make working folder"),
                                            displayPath(folder)));
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
    }
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

QJsonObject resultOf(const media::ExportResult &result, const FilePath &output)
{
    QJsonArray warnings;
    for (const media::ExportWarning &warning : result.warnings)
        warnings.append(QJsonObject{{QStringLiteral("kind"), warning.kind},
                                    {QStringLiteral("text"), warning.text}});
    return {{QStringLiteral("output"), toStored(output)},
            {QStringLiteral("bytes"), result.bytes},
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
        } else if (adopted) {
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

// Is the file of an export that was done in an earlier run still what it was?
QCoro::Task<Result<bool>> JobRunner::adoptFinishedExport(QString id, JobRunPtr run,
                                                         std::stop_token stop)
{
    const Leg &leg = m_queue->find(id)->exportLeg();
    const QJsonObject result = leg.result;
    const quint64 generation = std::max<quint64>(1, leg.generation);
    const FilePath path = fromStored(result[u"output"].toString());
    const qint64 size = result[u"bytes"].toInteger(-1);
    const QByteArray expected = result[u"sha256"].toString().toLatin1();
    auto checking = runOn(
        *m_services.io,
        [path, size, expected, stop]() -> Result<bool> {
            const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
            const auto identity = identityAt(path);
            if (!file || !identity || identity->size != size)
                return false;
            SO_TRY(const QByteArray hash,
                   sha256OfFile(file.get(), size, displayName(path), stop));
            return hash == expected;
        },
        stop);
    SO_CO_TRY(const bool isIntact, co_await std::move(checking));
    if (isIntact) {
        run->feed = OutputFeed::ofFinishedFile(path, size, expected, generation);
        run->deliverable = path;
    }
    co_return isIntact;
}

QCoro::Task<Result<void>> JobRunner::exportJob(QString id, JobRunPtr run, std::stop_token stop)
{
    SO_CO_TRY(run->source, co_await openSource(id, stop));
    const bool isFirstStart = m_queue->find(id)->plan.isEmpty(); // or it starts over
    SO_CO_TRY(const media::ExportPlan plan, co_await planJob(id, run, stop));
    auto waiting = (plan.copiesAll() ? m_copySlots : m_exportSlots).acquire(stop);
    const auto slot = co_await std::move(waiting);
    if (!slot)
        co_return failure(Error::cancelled());

    const ExportPlaces places = placesFor(*m_queue->find(id), plan, m_services.workFolder);
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
            return media::prepareJournal(journal, *source, plan, threads);
        },
        stop);
    SO_CO_TRY(const media::JournalState journal, co_await std::move(preparing));
    run->codecThreads = journal.codecThreads;
    if (!journal.startsOverBecause.isEmpty())
        warn(id, exportLegIndex, QStringLiteral("starts-over"),
             QStringLiteral("The export starts over, because %1.").arg(journal.startsOverBecause));
    // An export that goes on gives the same bytes again, so an upload of them goes on too.
    if (!journal.goesOn || m_queue->find(id)->exportLeg().generation == 0)
        m_queue->editLeg(id, exportLegIndex, [](Leg &leg) { ++leg.generation; });
    m_queue->apply(id, exportLegIndex, LegEvent::Start);
    // The generation is durable before an upload can belong to it.
    SO_CO_TRY_VOID(co_await m_queue->saved(id));

    SO_CO_TRY(const media::ExportResult result,
              co_await encode(id, run, plan, places.partial, stop));
    FilePath output = places.partial;
    if (!places.target.empty()) {
        const auto ifExists = m_queue->find(id)->recipe.overwrite ? media::IfExists::Overwrite
                                                                  : media::IfExists::AddNumber;
        auto publishing = runOn(
            *m_services.io,
            [places, ifExists, source = run->source] {
                return media::publishOutput(places.partial, places.target, ifExists, *source);
            },
            stop);
        SO_CO_TRY(output, co_await std::move(publishing));
    }
    if (!m_queue->apply(id, exportLegIndex, LegEvent::Completed))
        co_return failure(Error::cancelled()); // it starts over
    m_queue->editLeg(id, exportLegIndex,
                     [&](Leg &leg) { leg.result = resultOf(result, output); });
    m_queue->apply(id, exportLegIndex, LegEvent::Verified);
    co_return co_await m_queue->saved(id);
}

QCoro::Task<Result<media::ExportPlan>> JobRunner::planJob(QString id, JobRunPtr run,
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
    } else {
        SO_CO_TRY(wishes.uploadsInOrderWhileExporting,
                  co_await uploadsInOrderWhileExporting(id, stop));
    }
    const QString preset = m_queue->find(id)->recipe.preset;
    auto planning = runOn(
        *m_services.io,
        [source = run->source, preset, wishes, folder = m_services.presetFolder,
         stop]() -> Result<media::ExportPlan> {
            SO_TRY(const media::Preset recipe, media::findPreset(preset, folder));
            SO_TRY(const media::MediaInfo info, media::probe(source, stop));
            return media::makePlan(info, recipe, wishes, media::Codecs::ofThisBuild());
        },
        stop);
    auto plan = co_await std::move(planning);
    if (!plan) {
        Error error = plan.error();
        if (error[argument::file].isEmpty())
            error.with(argument::file, displayName(run->source->path()));
        co_return tl::unexpected(std::move(error));
    }
    m_queue->editJob(id, [&](Job &job) { job.plan = media::toJson(*plan); });
    for (const QString &warning : plan->warnings)
        warn(id, exportLegIndex, QStringLiteral("plan"), warning);
    co_return plan;
}

// True where every destination takes bytes front to back before the length is known: then the
// upload can run while the export does.
QCoro::Task<Result<bool>> JobRunner::uploadsInOrderWhileExporting(QString id,
                                                                  std::stop_token stop)
{
    const Recipe recipe = m_queue->find(id)->recipe;
    if (recipe.destinations.isEmpty() || recipe.layout != media::Layout::Auto)
        co_return recipe.layout == media::Layout::Fragmented && !recipe.destinations.isEmpty();
    for (const QString &place : recipe.destinations) {
        SO_CO_TRY(auto config, m_services.resolveDestination(place));
        auto asking = m_services.network->capabilities(std::move(config), stop);
        const auto capabilities = co_await std::move(asking);
        // A server that does not answer now is the upload leg's affair, not the plan's.
        if (!capabilities || capabilities->needsLengthFirst || capabilities->takesAnyOrder)
            co_return false;
    }
    co_return true;
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
    if (plan.layout == media::Layout::Fragmented)
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

// DESIGN, Threads: max(1, cores ÷ transcodes runnable now), kept for the export's life.
int JobRunner::codecThreads() const
{
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
