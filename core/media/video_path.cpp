// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/av_compat.h"
#include "core/media/filter_graph.h"
#include "core/media/frame_clock.h"
#include "core/media/source_checks.h"
#include "core/media/stream_decoder.h"
#include "core/media/stream_encoder.h"
#include "core/media/stream_path.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// For how long one picture is shown; what MP4 can hold as the length of a frame is little more.
constexpr qint64 stillAtMostUs = 4LL * 3600 * 1'000'000;

AVRational hintedRate(const StreamPlan &plan, AVFormatContext *source, AVStream *stream)
{
    if (plan.frameRate.isPositive())
        return {plan.frameRate.numerator, plan.frameRate.denominator};
    return av_guess_frame_rate(source, stream, nullptr);
}

// Encoders of libav's own mpegvideo family take the time base for the frame rate.
bool isRateBased(const QString &encoder)
{
    static const QStringList names{QStringLiteral("mpeg4"),      QStringLiteral("mpeg2video"),
                                   QStringLiteral("mpeg1video"), QStringLiteral("mjpeg"),
                                   QStringLiteral("h263"),       QStringLiteral("libopenh264")};
    return names.contains(encoder);
}

class VideoPath final : public StreamPath {
public:
    VideoPath(const StreamPlan &plan, const PathSurroundings &surroundings, StreamDecoder decoder,
              StreamEncoder encoder, FrameClock clock, AVRational frameRate)
        : StreamPath(plan, surroundings, PacketMerge::Kind::Video)
        , m_decoder(std::move(decoder))
        , m_encoder(std::move(encoder))
        , m_clock(std::move(clock))
        , m_frameRate(frameRate)
        , m_rateLimit(plan.maxFrameRate)
        , m_filtered(av_frame_alloc())
    {
        TrackFormat format;
        format.parameters = m_encoder.parameters();
        format.timeBase = m_encoder.context()->time_base;
        format.frameRate = frameRate;
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
        SO_TRY_VOID(m_encoder.encode(
            nullptr, [this](PacketPtr packet) { return takePacket(std::move(packet)); }));
        if (m_held) {
            m_held->duration = lastDuration();
            SO_TRY_VOID(handOver());
            if (isStill())
                m_report.sourceEndUs = std::max(m_report.sourceEndUs, m_positionUs);
        }
        return m_surroundings.merge.end(m_track);
    }

    PathReport report() const override
    {
        PathReport report = m_report;
        report.damaged = m_decoder.damaged();
        report.framesEncoded = m_encoder.framesTaken();
        return report;
    }

private:
    // What is left of the source's own time after decoding: best_effort_timestamp, or one frame
    // after the last where nothing says anything.
    qint64 timeOf(const AVFrame *frame) const
    {
        if (frame->best_effort_timestamp != AV_NOPTS_VALUE)
            return frame->best_effort_timestamp;
        if (!m_lastPts)
            return 0;
        const AVRational rate = m_frameRate.num > 0 ? m_frameRate : AVRational{25, 1};
        return *m_lastPts
            + std::max<qint64>(1, av_rescale_q(1, av_inv_q(rate), stream()->time_base));
    }

    // A container need not say how long its only or last frame is shown.
    qint64 lengthUs(const AVFrame *frame) const
    {
        const qint64 length = compat::frameDuration(frame);
        if (length > 0)
            return av_rescale_q(length, stream()->time_base, AV_TIME_BASE_Q);
        const AVRational rate = m_frameRate.num > 0 ? m_frameRate : AVRational{25, 1};
        return av_rescale_q(1, av_inv_q(rate), AV_TIME_BASE_Q);
    }

    Result<void> takeFrame(AVFrame *frame)
    {
        SO_TRY_VOID(checkStop());
        if (m_isSatisfied)
            return {};
        const AVRational timeBase = stream()->time_base;
        const qint64 pts = timeOf(frame);
        if (m_lastPts && pts <= *m_lastPts) {
            ++m_report.notIncreasing;
            return {};
        }
        noteGap(pts);
        m_lastPts = pts;
        const qint64 timeUs = av_rescale_q(pts, timeBase, AV_TIME_BASE_Q);
        m_report.sourceEndUs = std::max(m_report.sourceEndUs, timeUs + lengthUs(frame));
        if (m_surroundings.isTrimmed && timeUs < 0)
            return {};
        if (m_surroundings.endUs && timeUs >= *m_surroundings.endUs) {
            m_isSatisfied = true;
            return {};
        }
        if (!m_rateLimit.lets(double(timeUs) / AV_TIME_BASE))
            return {};
        frame->pts = pts;
        m_lastFrameDuration = compat::frameDuration(frame);
        SO_TRY_VOID(prepareGraph(frame));
        SO_TRY_VOID(m_graph->push(frame));
        return drainGraph();
    }

    void noteGap(qint64 pts)
    {
        if (!m_lastPts)
            return;
        const qint64 gapUs = av_rescale_q(pts - *m_lastPts, stream()->time_base, AV_TIME_BASE_Q);
        m_report.longestGapUs = std::max(m_report.longestGapUs, gapUs);
    }

    Result<void> prepareGraph(const AVFrame *frame)
    {
        const AVRational aspect = av_guess_sample_aspect_ratio(
            m_surroundings.input.context(), const_cast<AVStream *>(stream()), nullptr);
        const PictureShape shape = PictureShape::of(frame, aspect);
        if (m_graph && shape == m_shape)
            return {};
        if (m_graph) {
            const bool hasNewSize = shape.width != m_shape.width || shape.height != m_shape.height;
            m_report.shapeChanges += hasNewSize ? 1 : 0;
            SO_TRY_VOID(flushGraph());
        }
        m_shape = shape;
        SO_TRY(m_graph,
               FilterGraph::forPictures(m_plan, shape, stream()->time_base, m_frameRate,
                                        m_surroundings.threads, sourceName()));
        return {};
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
            const Result<void> encoded = encodeFiltered();
            av_frame_unref(m_filtered.get());
            if (!encoded)
                return encoded;
        }
    }

    Result<void> encodeFiltered()
    {
        const std::optional<qint64> pts = m_clock.place(m_filtered->pts, m_graph->timeBase());
        if (!pts) {
            ++m_report.notIncreasing;
            return {};
        }
        m_filtered->pts = *pts;
        m_filtered->pict_type = isKeyDue(*pts) ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
        // The encoder's settings are what was planned; a frame's own tags would contradict them.
        m_filtered->color_primaries = m_encoder.context()->color_primaries;
        m_filtered->color_trc = m_encoder.context()->color_trc;
        m_filtered->colorspace = m_encoder.context()->colorspace;
        m_filtered->color_range = m_encoder.context()->color_range;
        return m_encoder.encode(m_filtered.get(),
                                [this](PacketPtr packet) { return takePacket(std::move(packet)); });
    }

    // A key frame at the first frame at or after each k × keyframeSeconds, whatever the rate.
    bool isKeyDue(qint64 pts)
    {
        if (m_plan.keyframeSeconds <= 0)
            return false;
        const double seconds = double(pts) * av_q2d(m_encoder.context()->time_base);
        const auto period =
            static_cast<qint64>(std::floor(seconds / m_plan.keyframeSeconds + 1e-6));
        if (m_keyPeriod && period <= *m_keyPeriod)
            return false;
        m_keyPeriod = period;
        return true;
    }

    // A packet waits for the next one: its duration is the distance of their dts, which muxers
    // need for times to be right where the frame rate varies.
    Result<void> takePacket(PacketPtr packet)
    {
        if (m_held) {
            m_held->duration = std::max<qint64>(0, packet->dts - m_held->dts);
            SO_TRY_VOID(handOver());
        }
        m_held = std::move(packet);
        return {};
    }

    Result<void> handOver()
    {
        const qint64 endUs = av_rescale_q(m_held->pts + m_held->duration,
                                          m_encoder.context()->time_base, AV_TIME_BASE_Q);
        m_positionUs = std::max(m_positionUs, endUs);
        return m_surroundings.merge.put(m_track, std::move(m_held));
    }

    // The only picture of a whole file that does not say how long it is shown.
    bool isStill() const
    {
        const Input &input = m_surroundings.input;
        return m_report.packetsIn == 1 && m_lastFrameDuration == 0 && m_surroundings.expectedUs
            && m_decoder.damaged() == 0
            && !incompleteness(input.source(), QString::fromLatin1(input.context()->iformat->name));
    }

    qint64 lastDuration() const
    {
        const AVRational timeBase = m_encoder.context()->time_base;
        if (isStill()) {
            const qint64 endUs = std::min(*m_surroundings.expectedUs, stillAtMostUs);
            return std::max<qint64>(1, av_rescale_q(endUs, AV_TIME_BASE_Q, timeBase) - m_held->pts);
        }
        // A source that reorders its pictures knows only how far apart they are decoded.
        const bool isReordered = m_decoder.context()->has_b_frames > 0;
        if (m_lastFrameDuration > 0 && !isReordered)
            return std::max<qint64>(
                1, av_rescale_q(m_lastFrameDuration, stream()->time_base, timeBase));
        const AVRational rate = m_frameRate.num > 0 ? m_frameRate : AVRational{25, 1};
        return std::max<qint64>(1, av_rescale_q(1, av_inv_q(rate), timeBase));
    }

    StreamDecoder m_decoder;
    StreamEncoder m_encoder;
    FrameClock m_clock;
    AVRational m_frameRate;
    RateLimit m_rateLimit;
    std::unique_ptr<FilterGraph> m_graph;
    PictureShape m_shape;
    FramePtr m_filtered;
    PacketPtr m_held;
    std::optional<qint64> m_lastPts; // of the source, its time base
    qint64 m_lastFrameDuration = 0;
    std::optional<qint64> m_keyPeriod;
};

} // namespace

Result<std::unique_ptr<StreamPath>> makeVideoPath(const StreamPlan &plan,
                                                  const PathSurroundings &surroundings)
{
    AVFormatContext *source = surroundings.input.context();
    AVStream *stream = source->streams[plan.sourceIndex];
    SO_TRY(StreamDecoder decoder,
           StreamDecoder::open(surroundings.input, plan.sourceIndex, surroundings.threads));
    const AVRational frameRate = hintedRate(plan, source, stream);
    const FrameClock clock(stream->time_base, frameRate, isRateBased(plan.encoder));
    EncoderSettings settings;
    settings.plan = &plan;
    settings.timeBase = clock.timeBase();
    settings.frameRate = frameRate;
    settings.threads = surroundings.threads;
    settings.globalHeader = surroundings.mux.wantsGlobalHeader();
    settings.sourceName = displayName(surroundings.input.source().path());
    SO_TRY(StreamEncoder encoder, StreamEncoder::openVideo(settings));
    return std::make_unique<VideoPath>(plan, surroundings, std::move(decoder), std::move(encoder),
                                       clock, frameRate);
}

} // namespace sendoff::media
