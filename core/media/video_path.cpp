// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/video_path.h"

#include "core/media/av_compat.h"
#include "core/media/source_checks.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

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

} // namespace

Result<std::unique_ptr<VideoPath>> VideoPath::create(const StreamPlan &plan,
                                                     const PathSurroundings &surroundings)
{
    AVFormatContext *source = surroundings.input.context();
    AVStream *stream = source->streams[plan.sourceIndex];
    SO_TRY(StreamDecoder decoder,
           StreamDecoder::open(surroundings.input, plan.sourceIndex, surroundings.threads));
    const AVRational frameRate = hintedRate(plan, source, stream);
    const FrameClock clock(stream->time_base, frameRate, isRateBased(plan.encoder));
    SegmentedEncoder::Settings settings;
    settings.encoder.plan = &plan;
    settings.encoder.timeBase = clock.timeBase();
    settings.encoder.frameRate = frameRate;
    settings.encoder.threads = surroundings.threads;
    settings.encoder.globalHeader = surroundings.mux.wantsGlobalHeader();
    settings.encoder.sourceName = displayName(surroundings.input.source().path());
    settings.journal = surroundings.journal;
    settings.track = plan.sourceIndex;
    settings.segmentUs = surroundings.segmentUs;
    // The path is where the packets go, and does not exist yet.
    auto owner = std::make_shared<VideoPath *>(nullptr);
    settings.report = [owner] { return (*owner)->report(); };
    settings.take = [owner](std::vector<PacketPtr> packets,
                            SegmentedEncoder::SegmentEnd end) {
        return (*owner)->takeSegment(std::move(packets), end);
    };
    SO_TRY(SegmentedEncoder encoder, SegmentedEncoder::open(std::move(settings)));
    std::unique_ptr<VideoPath> path(new VideoPath(plan, surroundings, std::move(encoder),
                                                  std::move(decoder), clock, frameRate));
    *owner = path.get();
    return path;
}

VideoPath::VideoPath(const StreamPlan &plan, const PathSurroundings &surroundings,
                     SegmentedEncoder encoder, StreamDecoder decoder, FrameClock clock,
                     AVRational frameRate)
    : StreamPath(plan, surroundings, PacketMerge::Kind::Video)
    , m_input(&surroundings.input)
    , m_encoder(std::move(encoder))
    , m_decoder(std::move(decoder))
    , m_clock(clock)
    , m_newClock(clock)
    , m_frameRate(frameRate)
    , m_rateLimit(plan.maxFrameRate)
    , m_filtered(av_frame_alloc())
{
    TrackFormat format;
    format.parameters = m_encoder.parameters();
    format.timeBase = m_clock.timeBase();
    format.frameRate = frameRate;
    format.light = m_plan.light;
    format.metadata = trackMetadata();
    format.disposition = trackDisposition();
    m_surroundings.merge.setFormat(m_track, std::move(format));
}

const AVStream *VideoPath::sourceStream() const
{
    return m_input->context()->streams[m_plan.sourceIndex];
}

qint64 VideoPath::toUs(qint64 pts) const
{
    return av_rescale_q(pts, m_clock.timeBase(), AV_TIME_BASE_Q);
}

Result<void> VideoPath::replay()
{
    SO_TRY(m_lastSegment, m_encoder.replay());
    if (!m_lastSegment)
        return {};
    m_before = m_lastSegment->report;
    m_isComplete = !m_lastSegment->next;
    if (!m_isComplete)
        m_resumeUs = toUs(m_lastSegment->next->pts);
    return {};
}

Result<void> VideoPath::openSource(const Input &input)
{
    m_input = &input;
    SO_TRY(m_decoder, StreamDecoder::open(input, m_plan.sourceIndex, m_surroundings.threads));
    m_graph.reset();
    m_shape = PictureShape();
    m_clock = m_newClock;
    m_rateLimit = RateLimit(m_plan.maxFrameRate);
    m_lastPts.reset();
    m_lastFrameDuration = 0;
    m_keyPeriod.reset();
    m_report = PathReport();
    m_isRefused = false;
    m_isSatisfied = false;
    if (m_lastSegment) {
        m_clock.beginAt(m_lastSegment->firstPts);
        m_gate.emplace(m_lastSegment->tail, *m_lastSegment->next);
    }
    return {};
}

Result<void> VideoPath::take(AVPacket *packet)
{
    ++m_report.packetsIn;
    return m_decoder.decode(packet, [this](AVFrame *frame) { return takeFrame(frame); });
}

Result<void> VideoPath::finish()
{
    if (!m_isComplete) {
        if (!m_isSatisfied)
            SO_TRY_VOID(
                m_decoder.decode(nullptr, [this](AVFrame *frame) { return takeFrame(frame); }));
        SO_TRY_VOID(flushGraph());
        // The boundary never came: not the source that the journal was made of.
        m_isRefused = m_isRefused || m_gate.has_value();
        if (m_isRefused)
            return failure(Error(ErrorKind::SourceChanged).with(argument::file, sourceName()));
        const qint64 length = lastDuration();
        if (isStill())
            m_report.sourceEndUs =
                std::max(m_report.sourceEndUs, toUs(m_encoder.firstPts().value_or(0) + length));
        SO_TRY_VOID(m_encoder.finish(length));
    }
    return m_surroundings.merge.end(m_track);
}

PathReport VideoPath::report() const
{
    PathReport report = m_report;
    report.damaged = m_decoder.damaged() - m_damagedBefore + m_before.damaged;
    report.framesEncoded = m_encoder.framesTaken();
    report.packetsIn += m_before.packetsIn;
    report.notIncreasing += m_before.notIncreasing;
    report.shapeChanges += m_before.shapeChanges;
    report.isInterlaced = m_shape.isInterlaced || m_before.isInterlaced;
    report.longestGapUs = std::max(report.longestGapUs, m_before.longestGapUs);
    report.sourceEndUs = std::max(report.sourceEndUs, m_before.sourceEndUs);
    return report;
}

// The other tracks' packets up to the same time come first, so that the order in the file depends
// on nothing but times.
Result<void> VideoPath::takeSegment(std::vector<PacketPtr> packets, SegmentedEncoder::SegmentEnd end)
{
    SO_TRY_VOID(m_surroundings.readOthersTo(toUs(end.pts)));
    for (PacketPtr &packet : packets)
        SO_TRY_VOID(m_surroundings.merge.put(m_track, std::move(packet)));
    if (end.nextDts)
        SO_TRY_VOID(m_surroundings.merge.expectKeyFrame(m_track, *end.nextDts));
    m_positionUs = std::max(m_positionUs, toUs(end.pts));
    return m_surroundings.journaled(toUs(end.pts));
}

} // namespace sendoff::media
