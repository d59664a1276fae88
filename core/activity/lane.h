// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Lane: the spans of one worker, one loop or one upload over the last minute, and what share of any
// stretch of time each kind took. A value; not for: which lanes there are (timeline.h).

#include "core/activity/span.h"

#include <QString>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace sendoff::activity {

enum class LaneKind : quint8 { Worker, NetworkLoop, Upload, WindowLoop };

struct LaneSpan {
    qint64 beginNs = 0;
    qint64 endNs = 0;
    // As long as the span; less where short spans of a very busy lane were joined to save memory.
    qint64 runNs = 0;
    ActivityId activity = 0;
    SpanKind kind = SpanKind::Turn;
    WaitReason reason = WaitReason::None;

    bool isExact() const { return runNs == endNs - beginNs; }
};

inline constexpr std::size_t waitReasonCount = std::size_t(WaitReason::Other) + 1;

// One segment of an export.
struct LaneSegment {
    qint64 beginNs = 0;
    ActivityId activity = 0;
    int number = 0; // from 1; 0 = what comes after the last one
};

// How long each kind took in a stretch of time, in nanoseconds.
struct Duty {
    qint64 workNs = 0;
    qint64 turnNs = 0;
    qint64 readyNs = 0;
    qint64 busyNs = 0; // a loop's events, whoever they were for: turns and painting included
    qint64 paintNs = 0;
    std::array<qint64, waitReasonCount> waitNs{}; // by WaitReason
    ActivityId activity = 0; // whose work or turn came last

    qint64 waitTotalNs() const;
    WaitReason mainReason() const; // that most of the waiting had; None where there was none
};

class Lane {
public:
    Lane(LaneKind kind, quint16 thread, ActivityId activity, std::size_t capacity);

    LaneKind kind() const { return m_kind; }
    quint16 thread() const { return m_thread; } // of a worker or a loop
    ActivityId activity() const { return m_activity; } // of an upload
    qint64 lastEndNs() const { return m_lastEndNs; }

    void add(const Span &span);
    // What has begun and not ended; replaces what was open before.
    void setOpen(std::optional<Span> span);
    const std::optional<LaneSpan> &open() const { return m_open; }
    void forgetBefore(qint64 timeNs);
    bool isEmpty() const { return m_spans.spans.empty() && m_events.spans.empty() && !m_open; }

    // By binary search: the spans that touch [fromNs, toNs), the earliest first; without what is
    // open. `events` are a loop's own: Busy, Paint and Loop.
    std::span<const LaneSpan> spans(qint64 fromNs, qint64 toNs) const;
    std::span<const LaneSpan> events(qint64 fromNs, qint64 toNs) const;
    // Of a worker: the segments its exports began, the earliest first; one lasts until the next.
    const std::vector<LaneSegment> &segments() const { return m_segments; }
    // Which one `activity` was at; nothing where it does not work in segments, or has none left.
    std::optional<LaneSegment> segmentAt(ActivityId activity, qint64 timeNs) const;

    // Of `count` columns of `columnNs` each, from `fromNs` on; what is open counts.
    std::vector<Duty> columns(qint64 fromNs, qint64 columnNs, int count) const;
    Duty duty(qint64 fromNs, qint64 toNs) const;
    // How long an event that came at the worst moment had to wait for the loop.
    qint64 worstDelayNs(qint64 fromNs, qint64 toNs) const;
    // What the lane does at that time: work or turn before ready before wait; nothing otherwise.
    std::optional<LaneSpan> at(qint64 timeNs) const;

private:
    struct Series {
        std::vector<LaneSpan> spans; // sorted by beginNs
        std::size_t joinAt; // the size at which the older ones are joined
    };
    void insert(Series &series, const LaneSpan &span);

    LaneKind m_kind;
    quint16 m_thread;
    ActivityId m_activity;
    std::size_t m_capacity;
    Series m_spans;
    Series m_events;
    std::vector<LaneSegment> m_segments; // sorted by beginNs
    std::optional<LaneSpan> m_open;
    qint64 m_lastEndNs = 0;
};

} // namespace sendoff::activity
