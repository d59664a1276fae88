// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/frame_mark.h"

#include <xxhash.h>

#include <algorithm>
#include <memory>

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

FrameMark markOf(const AVFrame *frame, qint64 pts)
{
    const auto format = static_cast<AVPixelFormat>(frame->format);
    const AVPixFmtDescriptor *description = av_pix_fmt_desc_get(format);
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                         &XXH3_freeState);
    XXH3_128bits_reset(state.get());
    const int planes = av_pix_fmt_count_planes(format);
    for (int plane = 0; plane < planes; ++plane) {
        const bool isChroma = plane == 1 || plane == 2;
        const int rows = isChroma
            ? AV_CEIL_RSHIFT(frame->height, description->log2_chroma_h)
            : frame->height;
        const int bytes = av_image_get_linesize(format, frame->width, plane);
        for (int row = 0; row < rows; ++row)
            XXH3_128bits_update(state.get(), frame->data[plane] + qint64(row) * frame->linesize[plane],
                                std::size_t(std::max(bytes, 0)));
    }
    const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
    return {pts, hash.low64, hash.high64};
}

void MarkTail::add(const FrameMark &mark)
{
    m_marks.push_back(mark);
    if (m_marks.size() > length)
        m_marks.pop_front();
}

bool MarkTail::endsWith(const std::vector<FrameMark> &marks) const
{
    return m_marks.size() >= marks.size()
        && std::equal(marks.rbegin(), marks.rend(), m_marks.rbegin());
}

ResumeGate::ResumeGate(std::vector<FrameMark> tail, FrameMark next)
    : m_tail(std::move(tail))
    , m_next(next)
{
}

ResumeGate::Verdict ResumeGate::look(const FrameMark &mark)
{
    if (mark.pts < m_next.pts) {
        m_seen.add(mark);
        return Verdict::Before;
    }
    return mark == m_next && m_seen.endsWith(m_tail) ? Verdict::Reached : Verdict::Refused;
}

} // namespace sendoff::media
