// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crash_point.h"
#include "core/media/export_job.h"
#include "core/media/export_metadata.h"
#include "core/media/export_warnings.h"
#include "core/media/stream_path.h"
#include "core/media/timeline.h"
#include "core/media/track_expectations.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// Sound is encoded ahead of a picture that waits in the encoder's lookahead.
constexpr qint64 leadUs = 5'000'000;
// How far before a trim's start decoding begins, so that pictures which refer to earlier ones are
// whole (measured for open GOPs and intra refresh in transport streams).
constexpr qint64 preRollUs = 10'000'000;
// What is both shorter than this and a smaller part than this of what the source announces is
// refused.
constexpr qint64 momentUs = 1'000'000;
constexpr double momentPart = 0.01;
// Packets may come this much later in the file than their time.
constexpr qint64 interleavingUs = 10'000'000;

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
        seekToTrim();
        SO_TRY_VOID(pump());
        SO_TRY_VOID(finishPaths());
        crashPoint("export-before-trailer");
        SO_TRY_VOID(m_mux->finish());
        SO_TRY_VOID(m_request.source->verifyUnchanged());
        SO_TRY_VOID(m_file->sync());
        SO_TRY_VOID(checkWorth());
        return conclude();
    }

private:
    Result<void> open()
    {
        SO_TRY(m_input, Input::open(m_request.source, m_stop));
        m_timeline.emplace(m_input->context(), m_request.plan);
        m_warnings.emplace(*m_input, *m_timeline);
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
        SO_TRY(m_mux, MuxOutput::create(*m_file, settings));
        m_merge.emplace(*m_mux, [this](qint64 size) {
            if (m_request.feed)
                m_request.feed->seal({0, size});
        });
        copyMetadata(m_input->context(), m_mux->context(), m_request.plan);
        return {};
    }

    static bool isFragmentable(const QString &container)
    {
        return container == QLatin1StringView("mp4") || container == QLatin1StringView("mov");
    }

    Result<void> openPaths()
    {
        AVFormatContext *source = m_input->context();
        m_surroundings.emplace(PathSurroundings{*m_input, *m_mux, *m_merge, m_request.codecThreads,
                                                m_timeline->isTrimmed(), m_timeline->endUs(),
                                                m_request.plan.durationUs, m_stop});
        m_pathOf.assign(source->nb_streams, nullptr);
        // A track that is not exported is read along where only the file as a whole says how long
        // it is: that track may be the longest.
        for (unsigned i = 0; i < source->nb_streams; ++i) {
            const bool saysLength = source->streams[i]->duration > 0;
            source->streams[i]->discard = saysLength ? AVDISCARD_ALL : AVDISCARD_DEFAULT;
        }
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
            return failure(obstacle.value_or(nothingLeft()));
        m_request.progress->totalUs = m_request.plan.durationUs.value_or(-1);
        return {};
    }

    Result<void> openPath(const StreamPlan &plan)
    {
        AVFormatContext *source = m_input->context();
        if (plan.sourceIndex < 0 || unsigned(plan.sourceIndex) >= source->nb_streams)
            return failure(Error(ErrorKind::SourceChanged, QStringLiteral("fewer streams"))
                               .with(argument::file, sourceName()));
        AVStream *stream = source->streams[plan.sourceIndex];
        std::unique_ptr<StreamPath> path;
        if (plan.action == StreamAction::Copy) {
            path = makeCopyPath(plan, *m_surroundings);
            source->flags |= AVFMT_FLAG_GENPTS; // AVI says only when frames are decoded
        } else if (plan.kind == StreamKind::Video) {
            SO_TRY(path, makeVideoPath(plan, *m_surroundings));
        } else if (plan.kind == StreamKind::Audio) {
            SO_TRY(path, makeAudioPath(plan, *m_surroundings));
        } else {
            m_warnings->addMissing(plan); // subtitles are copied or left out
            return {};
        }
        stream->discard = AVDISCARD_DEFAULT;
        m_pathOf[std::size_t(plan.sourceIndex)] = path.get();
        m_paths.push_back(std::move(path));
        return {};
    }

    // Where a seek does not work the source is read from its beginning; the frames before the
    // trim are dropped either way.
    void seekToTrim()
    {
        const qint64 targetUs = m_request.plan.trim.startUs - preRollUs;
        if (!m_timeline->isTrimmed() || targetUs <= preRollUs)
            return;
        AVFormatContext *source = m_input->context();
        const qint64 beginUs = source->start_time != AV_NOPTS_VALUE ? source->start_time : 0;
        (void)av_seek_frame(source, -1, beginUs + targetUs, AVSEEK_FLAG_BACKWARD);
    }

    Result<void> pump()
    {
        const PacketPtr packet(av_packet_alloc());
        if (!packet)
            return failure(ErrorKind::OutOfMemory, QStringLiteral("av_packet_alloc"));
        while (!isSatisfied()) {
            if (m_stop.stop_requested())
                return failure(Error::cancelled());
            SO_TRY(const bool isThere, m_input->read(packet.get()));
            if (!isThere)
                break;
            const Result<void> taken = takePacket(packet.get());
            av_packet_unref(packet.get());
            if (!taken)
                return taken;
            updateProgress();
            crashPoint("export-middle");
        }
        return {};
    }

    Result<void> takePacket(AVPacket *packet)
    {
        const auto index = std::size_t(packet->stream_index);
        StreamPath *path = index < m_pathOf.size() ? m_pathOf[index] : nullptr;
        if (!path) {
            m_warnings->noteOther(m_timeline->endOf(*packet).value_or(0));
            return {};
        }
        if (path->isSatisfied())
            return {};
        m_timeline->place(packet);
        if (m_timeline->endUs() && packet->dts != AV_NOPTS_VALUE) {
            const qint64 dtsUs = av_rescale_q(
                packet->dts, m_input->context()->streams[index]->time_base, AV_TIME_BASE_Q);
            m_isPastEnd = m_isPastEnd || dtsUs > *m_timeline->endUs() + interleavingUs;
        }
        return path->take(packet);
    }

    bool isSatisfied() const
    {
        if (m_isPastEnd)
            return true;
        return std::all_of(m_paths.begin(), m_paths.end(), [](const auto &path) {
            return path->isSatisfied() || path->plan().kind == StreamKind::Subtitle;
        });
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
    }

    Result<void> finishPaths()
    {
        for (const auto &path : m_paths) {
            if (m_stop.stop_requested())
                return failure(Error::cancelled());
            SO_TRY_VOID(path->finish());
            updateProgress();
        }
        SO_TRY_VOID(m_merge->finish());
        bool hasContent = false;
        for (const auto &path : m_paths) {
            const bool isThere = packetsOf(*path) > 0;
            hasContent = hasContent || (isThere && path->plan().kind != StreamKind::Subtitle);
            if (!isThere)
                m_warnings->addMissing(path->plan());
        }
        if (!hasContent)
            return failure(nothingLeft());
        if (m_mux->isFragmented())
            return m_mux->cutFragment(); // the trailer is appended to whole fragments
        return {};
    }

    // A moment out of a long recording is no result: its index was there, its content was not.
    Result<void> checkWorth() const
    {
        qint64 endUs = 0;
        for (const auto &path : m_paths)
            endUs = std::max(endUs, packetsOf(*path) > 0 ? path->report().sourceEndUs : 0);
        const qint64 announcedUs = m_request.plan.durationUs.value_or(0);
        const bool isMoment = endUs < momentUs && double(endUs) < double(announcedUs) * momentPart;
        if (!isMoment)
            return {};
        return failure(Error(ErrorKind::SourceDamaged)
                           .with(argument::file, sourceName())
                           .with(argument::reason,
                                 QStringLiteral("only %1 s of %2 s can be read")
                                     .arg(double(endUs) / 1e6, 0, 'f', 1)
                                     .arg(double(announcedUs) / 1e6, 0, 'f', 1)));
    }

    qint64 packetsOf(const StreamPath &path) const
    {
        const int track = m_merge->muxedIndex(path.track());
        return track < 0 ? 0 : m_mux->packetsWritten(track);
    }

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
        for (const auto &path : m_paths) {
            const PathReport report = path->report();
            result.encodedFrames += report.framesEncoded;
            result.copiedPackets += report.packetsCopied;
            if (packetsOf(*path) > 0)
                m_warnings->addReport(*path);
        }
        result.warnings = m_warnings->take();
        m_file->keep();
        if (m_request.feed)
            m_request.feed->complete(result.bytes, result.sha256);
        return result;
    }

    QString sourceName() const { return displayName(m_request.source->path()); }

    Error nothingLeft() const
    {
        return Error(ErrorKind::SourceDamaged)
            .with(argument::file, sourceName())
            .with(argument::reason, QStringLiteral("no picture or sound in it could be decoded"));
    }

    const ExportRequest &m_request;
    std::stop_token m_stop;
    std::unique_ptr<Input> m_input;
    std::optional<Timeline> m_timeline;
    std::optional<WarningList> m_warnings;
    std::unique_ptr<OutputFile> m_file; // outlives the muxer
    std::unique_ptr<MuxOutput> m_mux;
    std::optional<PacketMerge> m_merge;
    std::optional<PathSurroundings> m_surroundings;
    std::vector<std::unique_ptr<StreamPath>> m_paths;
    std::vector<StreamPath *> m_pathOf; // by source stream
    bool m_isPastEnd = false;
};

} // namespace

Result<ExportResult> exportStreams(const ExportRequest &request, std::stop_token stop)
{
    StreamExport work(request, std::move(stop));
    return work.run();
}

} // namespace sendoff::media
