// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/filter_graph.h"
#include "core/media/sound_encoder.h"
#include "core/media/sound_frames.h"
#include "core/media/stream_decoder.h"
#include "core/media/stream_path.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// Containers round times to as much as a millisecond and recorders' clocks wander; sound follows
// its sample count until it is off by more than this.
constexpr double driftAllowed = 0.1; // seconds
// A longer pause is kept as a jump of the timestamps instead of being encoded.
constexpr int silenceAtMost = 600; // seconds

class AudioPath final : public StreamPath {
public:
    AudioPath(const StreamPlan &plan, const PathSurroundings &surroundings, StreamDecoder decoder,
              SoundEncoder encoder)
        : StreamPath(plan, surroundings, PacketMerge::Kind::Audio)
        , m_decoder(std::move(decoder))
        , m_encoder(std::move(encoder))
        , m_filtered(av_frame_alloc())
    {
        TrackFormat format;
        format.parameters =
            surroundings.editLists ? m_encoder.parameters() : m_encoder.giveUpPriming();
        format.timeBase = m_encoder.context()->time_base;
        format.metadata = trackMetadata();
        format.disposition = trackDisposition();
        m_surroundings.merge.setFormat(m_track, std::move(format));
    }

    Result<void> take(AVPacket *packet) override
    {
        ++m_report.packetsIn;
        return m_decoder.decode(packet, [this](AVFrame *frame) { return takeFrame(frame); });
    }

    Result<void> finish() override
    {
        if (!m_isSatisfied)
            SO_TRY_VOID(
                m_decoder.decode(nullptr, [this](AVFrame *frame) { return takeFrame(frame); }));
        SO_TRY_VOID(flushGraph());
        SO_TRY_VOID(m_encoder.finish(m_takePacket));
        return m_surroundings.merge.end(m_track);
    }

    PathReport report() const override
    {
        PathReport report = m_report;
        report.damaged = m_decoder.damaged();
        return report;
    }

private:
    AVRational sourceRate() const { return {1, m_shape.sampleRate}; }
    AVRational resultRate() const { return {1, m_encoder.context()->sample_rate}; }

    Result<void> takeFrame(AVFrame *frame)
    {
        SO_TRY_VOID(checkStop());
        if (m_isSatisfied || frame->nb_samples <= 0 || frame->sample_rate <= 0)
            return {};
        if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
            const int channels = frame->ch_layout.nb_channels;
            av_channel_layout_uninit(&frame->ch_layout);
            av_channel_layout_default(&frame->ch_layout, channels);
        }
        SO_TRY_VOID(prepareGraph(frame));
        const qint64 begin = timeOf(frame);
        m_report.sourceEndUs =
            std::max<qint64>(m_report.sourceEndUs,
                             av_rescale_q(begin + frame->nb_samples, sourceRate(), AV_TIME_BASE_Q));
        SO_TRY_VOID(closeGap(begin));
        return takeSamples(frame, begin);
    }

    // In samples of the source. A clock that stands still while sound goes on (AVI with a wrong
    // header) says nothing: then only the samples count.
    qint64 timeOf(const AVFrame *frame)
    {
        const qint64 pts = frame->best_effort_timestamp;
        if (pts == AV_NOPTS_VALUE)
            return m_next;
        m_isClockBroken = m_isClockBroken || (m_lastPts && pts <= *m_lastPts);
        m_lastPts = pts;
        const qint64 time = av_rescale_q(pts, stream()->time_base, sourceRate());
        return m_isClockBroken ? std::max(time, m_next) : time;
    }

    Result<void> prepareGraph(const AVFrame *frame)
    {
        const SoundShape shape = SoundShape::of(frame);
        if (m_graph && shape == m_shape)
            return {};
        if (m_graph) {
            ++m_report.shapeChanges;
            SO_TRY_VOID(flushGraph());
            m_next = av_rescale_q(m_next, sourceRate(), AVRational{1, shape.sampleRate});
        }
        m_shape = shape;
        return openGraph();
    }

    Result<void> openGraph()
    {
        SO_TRY(
            m_graph,
            FilterGraph::forSound(m_plan, m_shape, m_encoder.context()->sample_fmt, sourceName()));
        return {};
    }

    // Sound that begins later than what came before ended: silence, so that picture and sound
    // stay together in every player.
    Result<void> closeGap(qint64 begin)
    {
        const qint64 gap = begin - m_next;
        const qint64 allowed = qint64(driftAllowed * m_shape.sampleRate);
        if (gap <= 0 || (m_hasBegun && gap <= allowed))
            return {};
        const qint64 gapUs = av_rescale_q(gap, sourceRate(), AV_TIME_BASE_Q);
        m_report.longestGapUs = std::max(m_report.longestGapUs, gapUs);
        if (gap > qint64(silenceAtMost) * m_shape.sampleRate)
            return jumpTo(begin);
        m_report.silenceUs += gapUs;
        for (qint64 left = gap; left > 0;) {
            SO_TRY_VOID(checkStop());
            const int count = static_cast<int>(std::min<qint64>(left, m_shape.sampleRate));
            SO_TRY(const FramePtr silence,
                   makeSilence(count, static_cast<AVSampleFormat>(m_shape.sampleFormat),
                               m_shape.sampleRate, m_shape.layout));
            SO_TRY_VOID(filter(silence.get()));
            left -= count;
        }
        return {};
    }

    Result<void> jumpTo(qint64 begin)
    {
        SO_TRY_VOID(flushGraph());
        SO_TRY_VOID(
            m_encoder.jumpTo(av_rescale_q(begin, sourceRate(), resultRate()), m_takePacket));
        m_next = begin;
        return openGraph();
    }

    // Cuts what lies before the beginning, what overlaps with the sound so far and what lies
    // after the end of a trim.
    Result<void> takeSamples(AVFrame *frame, qint64 begin)
    {
        const qint64 allowed = m_hasBegun ? qint64(driftAllowed * m_shape.sampleRate) : 0;
        const qint64 overlap = m_next - begin;
        if (overlap > allowed) {
            if (overlap >= frame->nb_samples)
                return {};
            SO_TRY_VOID(dropFront(frame, static_cast<int>(overlap)));
        }
        if (m_surroundings.endUs) {
            const qint64 end = av_rescale_q(*m_surroundings.endUs, AV_TIME_BASE_Q, sourceRate());
            if (m_next + frame->nb_samples >= end)
                m_isSatisfied = true;
            frame->nb_samples = static_cast<int>(std::min<qint64>(frame->nb_samples, end - m_next));
            if (frame->nb_samples <= 0)
                return {};
        }
        return filter(frame);
    }

    Result<void> filter(AVFrame *frame)
    {
        m_hasBegun = true;
        frame->pts = m_next;
        m_next += frame->nb_samples;
        SO_TRY_VOID(m_graph->push(frame));
        return drainGraph();
    }

    Result<void> flushGraph()
    {
        if (!m_graph)
            return {};
        SO_TRY_VOID(m_graph->push(nullptr));
        SO_TRY_VOID(drainGraph());
        m_graph.reset();
        return {};
    }

    Result<void> drainGraph()
    {
        for (;;) {
            SO_TRY(const bool isThere, m_graph->pull(m_filtered.get()));
            if (!isThere)
                return {};
            const Result<void> taken = m_encoder.take(m_filtered.get(), m_takePacket);
            av_frame_unref(m_filtered.get());
            if (!taken)
                return taken;
        }
    }

    Result<void> takePacket(PacketPtr packet)
    {
        const qint64 endUs =
            av_rescale_q(packet->pts + packet->duration, resultRate(), AV_TIME_BASE_Q);
        m_positionUs = std::max(m_positionUs, endUs);
        return m_surroundings.merge.put(m_track, std::move(packet));
    }

    StreamDecoder m_decoder;
    SoundEncoder m_encoder;
    const StreamEncoder::TakePacket m_takePacket = [this](PacketPtr packet) {
        return takePacket(std::move(packet));
    };
    std::unique_ptr<FilterGraph> m_graph;
    SoundShape m_shape;
    FramePtr m_filtered;
    qint64 m_next = 0; // samples of the source's rate that the result has got so far
    std::optional<qint64> m_lastPts; // of the source, its time base
    bool m_isClockBroken = false;
    bool m_hasBegun = false;
};

} // namespace

Result<std::unique_ptr<StreamPath>> makeAudioPath(const StreamPlan &plan,
                                                  const PathSurroundings &surroundings)
{
    SO_TRY(StreamDecoder decoder, StreamDecoder::open(surroundings.input, plan.sourceIndex, 1));
    EncoderSettings settings;
    settings.plan = &plan;
    settings.timeBase = {1, plan.sampleRate};
    settings.globalHeader = surroundings.mux.wantsGlobalHeader();
    settings.sourceName = displayName(surroundings.input.source().path());
    SO_TRY(SoundEncoder encoder, SoundEncoder::open(settings));
    return std::make_unique<AudioPath>(plan, surroundings, std::move(decoder), std::move(encoder));
}

} // namespace sendoff::media
