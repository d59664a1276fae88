// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/source_checks.h"
#include "core/media/stream_path.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace sendoff::media {

namespace {

// How long a copied picture may do without a key frame before it is taken as it comes (streams
// that refresh line by line never have one).
constexpr qint64 packetsWithoutKey = 300;

PacketMerge::Kind kindOf(const StreamPlan &plan)
{
    switch (plan.kind) {
    case StreamKind::Video:
        return PacketMerge::Kind::Video;
    case StreamKind::Audio:
        return PacketMerge::Kind::Audio;
    default:
        return PacketMerge::Kind::Sparse;
    }
}

class CopyPath final : public StreamPath {
public:
    CopyPath(const StreamPlan &plan, const PathSurroundings &surroundings)
        : StreamPath(plan, surroundings, kindOf(plan))
        , m_unitCheck(stream()->codecpar)
    {
        const AVStream *source = stream();
        const int rate = source->codecpar->sample_rate;
        m_timeBase = isSound() && rate > 0 ? AVRational{1, rate} : source->time_base;
        TrackFormat format;
        format.parameters.reset(avcodec_parameters_alloc());
        avcodec_parameters_copy(format.parameters.get(), source->codecpar);
        format.parameters->codec_tag = 0; // the other container's name for the codec
        const AVRational aspect = source->sample_aspect_ratio;
        if (aspect.num > 0 && format.parameters->sample_aspect_ratio.num <= 0)
            format.parameters->sample_aspect_ratio = aspect;
        format.timeBase = m_timeBase;
        format.frameRate = source->avg_frame_rate;
        format.metadata = trackMetadata();
        format.disposition = trackDisposition();
        format.source = source;
        m_surroundings.merge.setFormat(m_track, std::move(format));
    }

    Result<void> take(AVPacket *packet) override
    {
        ++m_report.packetsIn;
        SO_TRY_VOID(checkStop());
        if ((packet->flags & AV_PKT_FLAG_CORRUPT) != 0 || !m_unitCheck.accepts(packet))
            ++m_report.damaged;
        if (packet->size == 0 || isBeforeFirstKey(*packet) || isHiddenSound(*packet))
            return {};
        PacketPtr copy(av_packet_clone(packet));
        if (!copy)
            return failure(ErrorKind::OutOfMemory, QStringLiteral("av_packet_clone"));
        copy->flags &= ~AV_PKT_FLAG_DISCARD;
        completeTimes(copy.get());
        const qint64 endUs = av_rescale_q(copy->pts + copy->duration, m_timeBase, AV_TIME_BASE_Q);
        if (m_surroundings.endUs && !isSound() && endUs > *m_surroundings.endUs)
            m_isSatisfied = true;
        if (copy->pts + copy->duration <= 0)
            ++m_report.hiddenPackets;
        m_positionUs = std::max(m_positionUs, endUs);
        m_report.sourceEndUs = m_positionUs;
        ++m_report.packetsCopied;
        return m_surroundings.merge.put(m_track, std::move(copy));
    }

    Result<void> finish() override { return m_surroundings.merge.end(m_track); }

private:
    bool isSound() const { return m_plan.kind == StreamKind::Audio; }

    // Pictures that refer to others from before the file's beginning cannot be shown.
    bool isBeforeFirstKey(const AVPacket &packet)
    {
        if (m_plan.kind != StreamKind::Video || m_hasKey)
            return false;
        m_hasKey = (packet.flags & AV_PKT_FLAG_KEY) != 0 || m_report.packetsIn > packetsWithoutKey;
        return !m_hasKey;
    }

    // An edit list hides sound in the middle by marking its packets; each stands for itself and
    // can be left out. At the beginning they are what the decoder needs to warm up, and the
    // result's own edit list hides them. Hidden pictures stay: others refer to them; they come
    // out one tick long.
    bool isHiddenSound(const AVPacket &packet) const
    {
        return isSound() && (packet.flags & AV_PKT_FLAG_DISCARD) != 0 && packet.pts >= 0;
    }

    void completeTimes(AVPacket *packet)
    {
        const AVRational sourceBase = stream()->time_base;
        if (packet->dts == AV_NOPTS_VALUE && packet->pts != AV_NOPTS_VALUE && !m_lastDts)
            packet->dts = packet->pts; // the first: nothing can stand before it
        if (isSound()) {
            rescaleSound(packet, sourceBase);
        } else if (packet->dts == AV_NOPTS_VALUE && m_lastDts) {
            packet->dts = *m_lastDts + std::max<qint64>(1, packet->duration);
            if (packet->pts != AV_NOPTS_VALUE)
                packet->dts = std::min(packet->dts, packet->pts);
        }
        if (packet->dts == AV_NOPTS_VALUE)
            packet->dts = 0;
        if (m_lastDts && packet->dts <= *m_lastDts)
            packet->dts = *m_lastDts + 1;
        if (packet->pts == AV_NOPTS_VALUE || packet->pts < packet->dts)
            packet->pts = packet->dts;
        m_lastDts = packet->dts;
    }

    // Counts samples where the container's clock is coarser (a millisecond of Matroska).
    void rescaleSound(AVPacket *packet, AVRational sourceBase)
    {
        const int counted = av_get_audio_frame_duration2(stream()->codecpar, packet->size);
        const qint64 samples =
            counted > 0 ? counted : av_rescale_q(packet->duration, sourceBase, m_timeBase);
        if (packet->dts == AV_NOPTS_VALUE)
            packet->dts = packet->pts;
        if (packet->dts == AV_NOPTS_VALUE)
            packet->dts = m_lastDts ? *m_lastDts + m_lastSamples : 0;
        else if (samples > 0)
            packet->dts = av_rescale_delta(sourceBase, packet->dts, m_timeBase,
                                           static_cast<int>(samples), &m_deltaState, m_timeBase);
        else
            packet->dts = av_rescale_q(packet->dts, sourceBase, m_timeBase);
        packet->pts = packet->dts;
        packet->duration = samples;
        m_lastSamples = std::max<qint64>(1, samples);
    }

    UnitCheck m_unitCheck;
    AVRational m_timeBase{0, 1};
    std::optional<qint64> m_lastDts;
    qint64 m_lastSamples = 1;
    int64_t m_deltaState = AV_NOPTS_VALUE;
    bool m_hasKey = false;
};

} // namespace

std::unique_ptr<StreamPath> makeCopyPath(const StreamPlan &plan,
                                         const PathSurroundings &surroundings)
{
    return std::make_unique<CopyPath>(plan, surroundings);
}

} // namespace sendoff::media
