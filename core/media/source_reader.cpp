// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/source_reader.h"

#include <algorithm>
#include <limits>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// How far before a trim's start decoding begins, so that pictures which refer to earlier ones are
// whole (measured for open GOPs and intra refresh in transport streams).
constexpr qint64 preRollUs = 10'000'000;
// Packets may come this much later in the file than their time.
constexpr qint64 interleavingUs = 10'000'000;

} // namespace

SourceReader::SourceReader(std::unique_ptr<Input> input, const ExportPlan &plan,
                           std::stop_token stop, std::function<void(qint64)> leftOut)
    : m_input(std::move(input))
    , m_timeline(m_input->context(), plan)
    , m_stop(std::move(stop))
    , m_leftOut(std::move(leftOut))
    , m_packet(av_packet_alloc())
    , m_positionUs(std::numeric_limits<qint64>::min())
{
    AVFormatContext *source = m_input->context();
    m_pathOf.assign(source->nb_streams, nullptr);
    m_isPlanned.assign(source->nb_streams, false);
    // A track that is not exported is read along where only the file as a whole says how long it
    // is: that track may be the longest.
    for (unsigned i = 0; i < source->nb_streams; ++i) {
        const bool isOfInterest = m_leftOut && source->streams[i]->duration <= 0;
        source->streams[i]->discard = isOfInterest ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    for (const StreamPlan &stream : plan.streams) {
        const bool isUsed = stream.action != StreamAction::Drop && stream.sourceIndex >= 0
            && unsigned(stream.sourceIndex) < source->nb_streams;
        if (!isUsed)
            continue;
        m_isPlanned[std::size_t(stream.sourceIndex)] = true;
        source->streams[stream.sourceIndex]->discard = AVDISCARD_DEFAULT;
        if (stream.action == StreamAction::Copy)
            source->flags |= AVFMT_FLAG_GENPTS; // AVI says only when frames are decoded
    }
}

Result<std::unique_ptr<SourceReader>>
SourceReader::open(std::shared_ptr<const SourceFile> source, const ExportPlan &plan,
                   std::stop_token stop, std::function<void(qint64)> leftOut)
{
    SO_TRY(auto input, Input::open(std::move(source), stop));
    std::unique_ptr<SourceReader> reader(
        new SourceReader(std::move(input), plan, std::move(stop), std::move(leftOut)));
    if (!reader->m_packet)
        return failure(ErrorKind::OutOfMemory, QStringLiteral("av_packet_alloc"));
    // Where a seek does not work the source is read from its beginning; the frames before the trim
    // are dropped either way.
    const qint64 targetUs = plan.trim.startUs - preRollUs;
    if (plan.hasTrim && targetUs > preRollUs)
        (void)reader->seekBefore(-preRollUs);
    return reader;
}

void SourceReader::connect(StreamPath *path)
{
    m_paths.push_back(path);
    m_pathOf[std::size_t(path->plan().sourceIndex)] = path;
}

bool SourceReader::seekBefore(qint64 us)
{
    AVFormatContext *source = m_input->context();
    const std::optional<qint64> startUs = m_timeline.startUs();
    if (!startUs)
        return false;
    const qint64 beginUs = source->start_time != AV_NOPTS_VALUE ? source->start_time : 0;
    if (*startUs + us <= beginUs)
        return false; // that is the beginning
    return av_seek_frame(source, -1, *startUs + us, AVSEEK_FLAG_BACKWARD) >= 0;
}

Result<void> SourceReader::advance()
{
    if (m_isDone)
        return {};
    if (m_stop.stop_requested())
        return failure(Error::cancelled());
    if (isSatisfied())
        return finishPaths();
    SO_TRY(const bool isThere, m_input->read(m_packet.get()));
    if (!isThere)
        return finishPaths();
    const Result<void> taken = takePacket(m_packet.get());
    av_packet_unref(m_packet.get());
    return taken;
}

Result<void> SourceReader::advanceTo(qint64 us)
{
    while (!m_isDone && m_positionUs < us)
        SO_TRY_VOID(advance());
    return {};
}

Result<void> SourceReader::takePacket(AVPacket *packet)
{
    const auto index = std::size_t(packet->stream_index);
    if (index >= m_pathOf.size() || !m_isPlanned[index]) {
        if (m_leftOut)
            m_leftOut(m_timeline.endOf(*packet).value_or(0));
        return {};
    }
    m_timeline.place(packet);
    const qint64 time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    if (time != AV_NOPTS_VALUE) {
        const AVRational timeBase = m_input->context()->streams[index]->time_base;
        const qint64 timeUs = av_rescale_q(time, timeBase, AV_TIME_BASE_Q);
        m_positionUs = std::max(m_positionUs, timeUs);
        m_isPastEnd = m_isPastEnd
            || (m_timeline.endUs() && timeUs > *m_timeline.endUs() + interleavingUs);
    }
    StreamPath *path = m_pathOf[index];
    return path && !path->isSatisfied() ? path->take(packet) : Result<void>();
}

bool SourceReader::isSatisfied() const
{
    if (m_isPastEnd)
        return true;
    // Subtitles end with the others; alone, with the source.
    const auto leads = [](const StreamPath *path) {
        return path->plan().kind != StreamKind::Subtitle;
    };
    const auto isAtWork = [&](const StreamPath *path) {
        return leads(path) && !path->isSatisfied();
    };
    return std::any_of(m_paths.begin(), m_paths.end(), leads)
        && std::none_of(m_paths.begin(), m_paths.end(), isAtWork);
}

Result<void> SourceReader::finishPaths()
{
    m_isDone = true;
    for (StreamPath *path : m_paths) {
        if (m_stop.stop_requested())
            return failure(Error::cancelled());
        SO_TRY_VOID(path->finish());
    }
    return {};
}

} // namespace sendoff::media
