// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One attempt at carrying out a plan stream by stream.
#include "core/base/crash_point.h"
#include "core/media/export_job.h"
#include "core/media/export_metadata.h"
#include "core/media/export_warnings.h"
#include "core/media/exported_tracks.h"
#include "core/media/picture_source.h"
#include "core/media/source_reader.h"
#include "core/media/space_forecast.h"
#include "core/media/track_expectations.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// Sound is encoded ahead of a picture that waits in the encoder's lookahead.
constexpr qint64 leadUs = 5'000'000;

class StreamExport {
public:
    StreamExport(const ExportRequest &request, std::stop_token stop)
        : m_request(request)
        , m_stop(std::move(stop))
    {
    }

    Result<ExportResult> run()
    {
        SO_TRY_VOID(open());
        SO_TRY_VOID(openPaths());
        for (const auto &pictures : m_pictures)
            SO_TRY_VOID(pictures->begin());
        m_hasBegun = true;
        m_request.progress->beganUs = m_request.progress->safeUs.load();
        updateProgress();
        SO_TRY_VOID(pump());
        SO_TRY_VOID(finishMerge());
        crashPoint("export-before-trailer");
        SO_TRY_VOID(m_mux->finish());
        SO_TRY_VOID(m_request.source->verifyUnchanged());
        SO_TRY_VOID(m_file->sync());
        SO_TRY_VOID(tracks().checkWorth());
        return conclude();
    }

    // A journaled track whose pictures are not those of the source: its stream's index.
    std::optional<int> refusedTrack() const
    {
        for (const auto &pictures : m_pictures) {
            if (pictures->path().isRefused())
                return pictures->path().plan().sourceIndex;
        }
        return std::nullopt;
    }

    bool isHeadTooSmall() const { return m_mux && m_mux->isHeadTooSmall(); }

private:
    Result<void> open()
    {
        SO_TRY(m_reader, SourceReader::open(m_request.source, m_request.plan, m_stop,
                                            [this](qint64 endUs) { m_warnings->noteOther(endUs); }));
        m_warnings.emplace(m_reader->input(), m_reader->timeline());
        if (!m_request.journal.empty()) {
            SO_TRY(m_journal, Journal::open(m_request.journal));
            m_threads = m_journal->codecThreads();
            m_segmentUs = m_journal->segmentUs();
        } else {
            m_threads = m_request.codecThreads;
            m_segmentUs = segmentLength(m_request.plan);
        }
        const bool isFragmented =
            m_request.plan.layout == Layout::Fragmented && isFragmentable(m_request.plan.container);
        SO_TRY(m_file,
               OutputFile::create(m_request.partial,
                                  isFragmented ? OutputFile::Order::InOrder
                                               : OutputFile::Order::AnyOrder,
                                  m_stop));
        m_file->setExpectedBytes(m_request.plan.minBytes);
        if (m_request.feed)
            m_request.feed->begin(m_request.partial, 0);
        crashPoint("export-created");
        MuxSettings settings;
        settings.container = m_request.plan.container;
        settings.layout = m_request.plan.layout;
        settings.editLists = m_request.plan.editLists;
        settings.headLast = m_request.plan.headLast;
        settings.durationUs = m_request.plan.durationUs.value_or(0);
        SO_TRY(m_mux, MuxOutput::create(*m_file, settings));
        m_merge.emplace(*m_mux, [this](qint64 size) {
            crashPoint("export-before-seal");
            if (m_request.feed)
                m_request.feed->seal({m_mux->headEnd(), size});
            crashPoint("export-sealed");
        });
        copyMetadata(m_reader->input().context(), m_mux->context(), m_request.plan);
        return {};
    }

    static bool isFragmentable(const QString &container)
    {
        return container == QLatin1StringView("mp4") || container == QLatin1StringView("mov");
    }

    Result<void> openPaths()
    {
        m_surroundings.emplace(surroundings(*m_reader));
        std::optional<Error> obstacle;
        for (const StreamPlan &plan : m_request.plan.streams) {
            if (plan.action == StreamAction::Drop)
                continue;
            Result<void> opened = openPath(plan);
            if (opened)
                continue;
            // One stream that this FFmpeg cannot decode does not keep the others back.
            if (opened.error().kind != ErrorKind::NoDecoder
                && opened.error().kind != ErrorKind::SourceProtected)
                return opened;
            obstacle = opened.error();
            m_warnings->addMissing(plan);
        }
        if (m_paths.empty())
            return failure(obstacle.value_or(nothingLeft(m_request)));
        m_request.progress->totalUs = m_request.plan.durationUs.value_or(-1);
        return {};
    }

    PathSurroundings surroundings(SourceReader &reader)
    {
        PathSurroundings shared{reader.input(), *m_mux,    *m_merge,
                                m_threads,      reader.timeline().isTrimmed(),
                                m_request.plan.editLists,  reader.timeline().endUs(),
                                m_request.plan.durationUs, m_stop};
        shared.journal = m_journal.get();
        shared.segmentUs = m_segmentUs;
        shared.readOthersTo = [this](qint64 us) { return m_reader->advanceTo(us); };
        shared.journaled = [this](qint64 us) { return noteJournaled(us); };
        return shared;
    }

    Result<void> noteJournaled(qint64 us)
    {
        if (!m_journal)
            return {};
        m_request.progress->safeUs = us;
        const qint64 wholeUs = m_request.plan.durationUs.value_or(0);
        if (!m_hasBegun || wholeUs <= 0)
            return {};
        return SpaceForecast(m_request.partial, m_request.journal)
            .check(double(us) / double(wholeUs), m_file->size());
    }

    Result<void> openPath(const StreamPlan &plan)
    {
        const AVFormatContext *source = m_reader->input().context();
        if (plan.sourceIndex < 0 || unsigned(plan.sourceIndex) >= source->nb_streams)
            return failure(Error(ErrorKind::SourceChanged, QStringLiteral("fewer streams"))
                               .with(argument::file, sourceName()));
        if (plan.action == StreamAction::Convert && plan.kind == StreamKind::Video)
            return openPictures(plan);
        std::unique_ptr<StreamPath> path;
        if (plan.action == StreamAction::Copy) {
            path = makeCopyPath(plan, *m_surroundings);
        } else if (plan.kind == StreamKind::Audio) {
            SO_TRY(path, makeAudioPath(plan, *m_surroundings));
        } else {
            SO_TRY(path, makeSubtitlePath(plan, *m_surroundings));
        }
        m_reader->connect(path.get());
        m_paths.push_back(std::move(path));
        return {};
    }

    Result<void> openPictures(const StreamPlan &plan)
    {
        SO_TRY(auto reader, SourceReader::open(m_request.source, m_request.plan, m_stop));
        PathSurroundings around = surroundings(*reader);
        SO_TRY(auto pictures,
               PictureSource::create(m_request, plan, std::move(around), std::move(reader)));
        m_paths.push_back(pictures->takePath());
        m_pictures.push_back(std::move(pictures));
        return {};
    }

    // The pictures draw everything else along (readOthersTo).
    Result<void> pump()
    {
        bool isAtWork = true;
        while (isAtWork) {
            isAtWork = false;
            for (const auto &pictures : m_pictures) {
                if (pictures->isDone())
                    continue;
                isAtWork = true;
                SO_TRY_VOID(pictures->advance());
                updateProgress();
                crashPoint("export-middle");
            }
        }
        while (!m_reader->isDone()) {
            SO_TRY_VOID(m_reader->advance());
            updateProgress();
            crashPoint("export-middle");
        }
        return {};
    }

    // The picture leads: it is what takes the time.
    void updateProgress()
    {
        qint64 leader = -1;
        qint64 others = 0;
        for (const auto &path : m_paths) {
            if (leader < 0 && path->plan().kind == StreamKind::Video)
                leader = path->positionUs();
            else
                others = std::max(others, path->positionUs());
        }
        ExportProgress &progress = *m_request.progress;
        const qint64 done = leader < 0 ? others : std::max(leader, others - leadUs);
        if (done > progress.doneUs) {
            if (progress.totalUs >= 0 && done > progress.totalUs)
                progress.totalUs = done;
            progress.doneUs = done;
        }
        progress.bytes = m_file->size();
        if (!m_pictures.empty())
            progress.frames = m_paths.front()->report().framesEncoded;
    }

    Result<void> finishMerge()
    {
        SO_TRY_VOID(m_merge->finish());
        SO_TRY_VOID(tracks().checkContent(*m_warnings));
        if (m_mux->isFragmented())
            return m_mux->cut(); // the trailer is appended to whole fragments
        return {};
    }

    ExportedTracks tracks() const { return {m_paths, *m_merge, *m_mux, m_request}; }

    Result<ExportResult> conclude()
    {
        m_request.progress->isVerifying = true;
        SO_TRY(const VerifiedFile verified,
               verifyOutput(m_request.partial, expectedFile(m_paths, *m_merge, *m_mux), m_stop));
        crashPoint("export-verified");
        ExportResult result;
        SO_TRY(result.sha256, m_file->sha256(m_stop));
        result.bytes = m_file->size();
        result.durationUs = verified.durationUs;
        for (const auto &pictures : m_pictures)
            result.resumedFromUs = std::max(result.resumedFromUs, pictures->resumedFromUs());
        tracks().addTo(result, *m_warnings);
        result.warnings = m_warnings->take();
        m_file->keep();
        if (m_request.feed)
            m_request.feed->complete(result.bytes, result.sha256,
                                     identityOfOpen(m_file->descriptor()));
        return result;
    }

    QString sourceName() const { return displayName(m_request.source->path()); }

    const ExportRequest &m_request;
    std::stop_token m_stop;
    std::unique_ptr<Journal> m_journal; // null: nothing is kept
    bool m_hasBegun = false; // what the journal held is handed over
    int m_threads = 1;
    qint64 m_segmentUs = 0;
    std::unique_ptr<SourceReader> m_reader; // of everything but pictures that are encoded
    std::optional<WarningList> m_warnings;
    std::unique_ptr<OutputFile> m_file; // outlives the muxer
    std::unique_ptr<MuxOutput> m_mux;
    std::optional<PacketMerge> m_merge;
    std::optional<PathSurroundings> m_surroundings; // of m_reader's paths
    std::vector<std::unique_ptr<PictureSource>> m_pictures; // of encoded tracks
    std::vector<std::unique_ptr<StreamPath>> m_paths; // all of them, in the order of the plan
};

} // namespace

StreamAttempt attemptStreams(const ExportRequest &request, std::stop_token stop)
{
    StreamExport work(request, std::move(stop));
    Result<ExportResult> result = work.run();
    const bool isHeadTooSmall = !result && work.isHeadTooSmall();
    return {std::move(result), work.refusedTrack(), isHeadTooSmall};
}

} // namespace sendoff::media
