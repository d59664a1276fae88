// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// VideoPath, picture by picture: its time, the filters, the gate of a resume, the encoder.
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

// For how long one picture is shown; what MP4 can hold as the length of a frame is little more.
constexpr qint64 stillAtMostUs = 4LL * 3600 * 1'000'000;

} // namespace

// What is left of the source's own time after decoding: best_effort_timestamp, or one frame
// after the last where nothing says anything.
qint64 VideoPath::timeOf(const AVFrame *frame) const
{
    if (frame->best_effort_timestamp != AV_NOPTS_VALUE)
        return frame->best_effort_timestamp;
    if (!m_lastPts)
        return 0;
    const AVRational rate = m_frameRate.num > 0 ? m_frameRate : AVRational{25, 1};
    return *m_lastPts
        + std::max<qint64>(1, av_rescale_q(1, av_inv_q(rate), sourceStream()->time_base));
}

// A container need not say how long its only or last frame is shown.
qint64 VideoPath::lengthUs(const AVFrame *frame) const
{
    const qint64 length = compat::frameDuration(frame);
    if (length > 0)
        return av_rescale_q(length, sourceStream()->time_base, AV_TIME_BASE_Q);
    const AVRational rate = m_frameRate.num > 0 ? m_frameRate : AVRational{25, 1};
    return av_rescale_q(1, av_inv_q(rate), AV_TIME_BASE_Q);
}

// The only picture of a whole file that does not say how long it is shown.
bool VideoPath::isStill() const
{
    return m_report.packetsIn == 1 && m_lastFrameDuration == 0 && m_surroundings.expectedUs
        && m_decoder.damaged() == 0
        && !incompleteness(m_input->source(),
                           QString::fromLatin1(m_input->context()->iformat->name));
}

Result<void> VideoPath::takeFrame(AVFrame *frame)
{
    SO_TRY_VOID(checkStop());
    if (m_isSatisfied)
        return {};
    const AVRational timeBase = sourceStream()->time_base;
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

void VideoPath::noteGap(qint64 pts)
{
    if (!m_lastPts)
        return;
    const qint64 gapUs = av_rescale_q(pts - *m_lastPts, sourceStream()->time_base, AV_TIME_BASE_Q);
    m_report.longestGapUs = std::max(m_report.longestGapUs, gapUs);
}

Result<void> VideoPath::prepareGraph(const AVFrame *frame)
{
    const AVRational aspect = av_guess_sample_aspect_ratio(
        m_input->context(), const_cast<AVStream *>(sourceStream()), nullptr);
    PictureShape shape = PictureShape::of(frame, aspect);
    shape.isInterlaced = m_shape.isInterlaced || compat::isInterlaced(frame);
    if (m_graph && shape == m_shape)
        return {};
    if (m_graph) {
        const bool hasNewSize = shape.width != m_shape.width || shape.height != m_shape.height;
        m_report.shapeChanges += hasNewSize ? 1 : 0;
        SO_TRY_VOID(flushGraph());
    }
    m_shape = shape;
    SO_TRY(m_graph,
           FilterGraph::forPictures(m_plan, shape, sourceStream()->time_base, m_frameRate,
                                    m_surroundings.threads, sourceName()));
    return {};
}

Result<void> VideoPath::flushGraph()
{
    if (!m_graph)
        return {};
    SO_TRY_VOID(m_graph->push(nullptr));
    SO_TRY_VOID(drainGraph());
    m_graph.reset();
    return {};
}

Result<void> VideoPath::drainGraph()
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

Result<void> VideoPath::encodeFiltered()
{
    const std::optional<qint64> pts = m_clock.place(m_filtered->pts, m_graph->timeBase());
    if (!pts) {
        ++m_report.notIncreasing;
        return {};
    }
    SO_TRY(const bool isWanted, passesGate(*pts));
    if (!isWanted)
        return {};
    m_filtered->pts = *pts;
    compat::forgetOpaque(m_filtered.get());
    m_filtered->pict_type = isKeyDue(*pts) ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    // The encoder's settings are what was planned; a frame's own tags would contradict them.
    const Colour &colour = m_plan.colour;
    m_filtered->color_primaries = static_cast<AVColorPrimaries>(colour.primaries);
    m_filtered->color_trc = static_cast<AVColorTransferCharacteristic>(colour.transfer);
    m_filtered->colorspace = static_cast<AVColorSpace>(colour.matrix);
    m_filtered->color_range = static_cast<AVColorRange>(colour.range);
    SO_TRY_VOID(m_surroundings.readOthersTo(toUs(*pts)));
    SO_TRY_VOID(m_encoder.encode(m_filtered.get()));
    m_positionUs = std::max(m_positionUs, toUs(*pts));
    return {};
}

// A key frame at the first frame at or after each k × keyframeSeconds, whatever the rate, and at
// the first one of each segment.
bool VideoPath::isKeyDue(qint64 pts)
{
    if (m_plan.keyframeSeconds <= 0)
        return false;
    const double seconds = double(pts) * av_q2d(m_clock.timeBase());
    const auto period =
        static_cast<qint64>(std::floor(seconds / m_plan.keyframeSeconds + 1e-6));
    if (m_keyPeriod && period <= *m_keyPeriod && !m_encoder.beginsSegment(pts))
        return false;
    m_keyPeriod = period;
    return true;
}

// False: a picture from before the boundary, which is only looked at.
Result<bool> VideoPath::passesGate(qint64 pts)
{
    if (!m_gate)
        return true;
    switch (m_gate->look(markOf(m_filtered.get(), pts))) {
    case ResumeGate::Verdict::Before:
        return false;
    case ResumeGate::Verdict::Refused:
        m_isRefused = true;
        return failure(Error(ErrorKind::SourceChanged).with(argument::file, sourceName()));
    case ResumeGate::Verdict::Reached:
        break;
    }
    // A deinterlacer treats the first picture that it changes unlike all others, however long ago.
    if (m_before.isInterlaced && !m_shape.isInterlaced) {
        m_isRefused = true;
        return failure(Error(ErrorKind::SourceChanged).with(argument::file, sourceName()));
    }
    m_gate.reset();
    // What was read on the way to the boundary was counted before the interruption.
    m_report = PathReport();
    m_damagedBefore = m_decoder.damaged();
    return true;
}

qint64 VideoPath::lastDuration() const
{
    const AVRational timeBase = m_clock.timeBase();
    if (isStill()) {
        const qint64 endUs = std::min(*m_surroundings.expectedUs, stillAtMostUs);
        const qint64 end = av_rescale_q(endUs, AV_TIME_BASE_Q, timeBase);
        return std::max<qint64>(1, end - m_encoder.firstPts().value_or(0));
    }
    // A source that reorders its pictures knows only how far apart they are decoded.
    const bool isReordered = m_decoder.context()->has_b_frames > 0;
    if (m_lastFrameDuration > 0 && !isReordered)
        return std::max<qint64>(
            1, av_rescale_q(m_lastFrameDuration, sourceStream()->time_base, timeBase));
    const AVRational rate = m_frameRate.num > 0 ? m_frameRate : AVRational{25, 1};
    return std::max<qint64>(1, av_rescale_q(1, av_inv_q(rate), timeBase));
}

} // namespace sendoff::media
