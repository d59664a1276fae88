// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// FrameMark: by which a picture is known again after a seek: its time and a hash of its pixels as
// they go into the encoder, behind all filters. Times alone are not enough: a stream that refreshes
// line by line gives wrong pictures at right times. Private to core/media.

#include "core/media/av.h"

#include <deque>
#include <vector>

namespace sendoff::media {

struct FrameMark {
    qint64 pts = 0; // of the encoder's time base
    quint64 low = 0; // XXH3-128 of the visible pixels, plane by plane
    quint64 high = 0;

    bool operator==(const FrameMark &) const = default;
};

FrameMark markOf(const AVFrame *frame, qint64 pts);

// The last pictures in a row: as many as a decoder may hold as references.
class MarkTail {
public:
    static constexpr std::size_t length = 16;

    void add(const FrameMark &mark);
    void clear() { m_marks.clear(); } // a picture was not marked
    std::vector<FrameMark> marks() const { return {m_marks.begin(), m_marks.end()}; }
    bool endsWith(const std::vector<FrameMark> &marks) const;

private:
    std::deque<FrameMark> m_marks;
};

// Lets pictures pass from the boundary on, once they are proved to be those that would have come
// without the interruption.
class ResumeGate {
public:
    enum class Verdict { Before, Reached, Refused };

    // `tail`: the pictures before the boundary; `next`: the first one after it.
    ResumeGate(std::vector<FrameMark> tail, FrameMark next);
    Verdict look(const FrameMark &mark);

private:
    std::vector<FrameMark> m_tail;
    FrameMark m_next;
    MarkTail m_seen;
};

} // namespace sendoff::media
