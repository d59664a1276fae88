// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/timeline.h"

#include <algorithm>

namespace sendoff::media {

namespace {

// The ffmpeg program's own thresholds (-dts_delta_threshold and its 100 ms backwards).
constexpr qint64 jumpAheadUs = 10'000'000;
constexpr qint64 jumpBackUs = 100'000;
// In containers with one clock a pause is a pause, up to what MP4 can hold as the length of one
// frame (32 bits of its time base).
constexpr qint64 pauseAtMostUs = 4LL * 3600 * 1'000'000;

bool isTimed(const AVStream *stream)
{
    const AVMediaType type = stream->codecpar->codec_type;
    return type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO;
}

} // namespace

Timeline::Timeline(const AVFormatContext *source, const ExportPlan &plan)
    : m_source(source)
    , m_mayJump((source->iformat->flags & AVFMT_TS_DISCONT) != 0)
    , m_isTrimmed(plan.hasTrim)
    , m_trimStartUs(plan.hasTrim ? plan.trim.startUs : 0)
{
    if (source->start_time != AV_NOPTS_VALUE)
        m_startUs = source->start_time + m_trimStartUs;
    if (plan.hasTrim && plan.trim.endUs)
        m_endUs = *plan.trim.endUs - m_trimStartUs;
}

void Timeline::closeJump(const AVPacket &packet, AVRational timeBase)
{
    const auto index = std::size_t(packet.stream_index);
    if (m_expectedUs.size() <= index)
        m_expectedUs.resize(index + 1);
    std::optional<qint64> &expected = m_expectedUs[index];
    const qint64 time = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    const qint64 dtsUs = av_rescale_q(time, timeBase, AV_TIME_BASE_Q);
    if (expected) {
        const qint64 delta = dtsUs + m_jumpUs - *expected;
        const bool isJump =
            m_mayJump ? delta > jumpAheadUs || delta < -jumpBackUs : delta > pauseAtMostUs;
        if (isJump) {
            m_jumpUs -= delta;
            ++m_jumpsClosed;
        }
    }
    const qint64 durationUs = av_rescale_q(packet.duration, timeBase, AV_TIME_BASE_Q);
    expected = dtsUs + m_jumpUs + durationUs;
}

void Timeline::place(AVPacket *packet)
{
    const AVStream *stream = m_source->streams[packet->stream_index];
    const AVRational timeBase = stream->time_base;
    if (!m_startUs) {
        // A source that announces no start begins with its first timestamp.
        const qint64 first = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
        if (first == AV_NOPTS_VALUE)
            return;
        m_startUs = av_rescale_q(first, timeBase, AV_TIME_BASE_Q) + m_trimStartUs;
    }
    // Shown times go back and forth where frames are reordered: good enough for pauses of hours.
    const bool hasTime =
        packet->dts != AV_NOPTS_VALUE || (!m_mayJump && packet->pts != AV_NOPTS_VALUE);
    if (isTimed(stream) && hasTime)
        closeJump(*packet, timeBase);
    const qint64 offset = av_rescale_q(*m_startUs - m_jumpUs, AV_TIME_BASE_Q, timeBase);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
}

std::optional<qint64> Timeline::endOf(const AVPacket &packet) const
{
    if (packet.pts == AV_NOPTS_VALUE || !m_startUs)
        return std::nullopt;
    const AVRational timeBase = m_source->streams[packet.stream_index]->time_base;
    const qint64 length = std::max<qint64>(0, packet.duration);
    return av_rescale_q(packet.pts + length, timeBase, AV_TIME_BASE_Q) - *m_startUs + m_jumpUs;
}

} // namespace sendoff::media
