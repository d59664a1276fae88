// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/lane.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace sendoff::activity {

namespace {

// Short spans of a lane that is full are joined within cells of this length, by kind.
constexpr qint64 joinedCellNs = 20'000'000;
// Spans of one lane do not overlap, but joined ones do within their cell: so many at most.
constexpr std::ptrdiff_t joinedPerCell = 16;

bool beginsBefore(const LaneSpan &span, qint64 timeNs)
{
    return span.beginNs < timeNs;
}

LaneSpan laneSpan(const Span &span)
{
    return {span.beginNs, span.endNs, span.lengthNs(), span.activity, span.kind, span.reason};
}

std::span<const LaneSpan> touching(const std::vector<LaneSpan> &spans, qint64 fromNs, qint64 toNs)
{
    auto first = std::lower_bound(spans.begin(), spans.end(), fromNs, beginsBefore);
    const auto last = std::lower_bound(first, spans.end(), toNs, beginsBefore);
    for (auto earlier = first; earlier != spans.begin() && first - earlier < joinedPerCell;) {
        --earlier;
        if (earlier->endNs > fromNs)
            first = earlier;
    }
    return {first, last};
}

// All but the newest `exact` spans, joined.
std::vector<LaneSpan> joined(const std::vector<LaneSpan> &spans, std::size_t exact)
{
    const auto newest = spans.end() - std::ptrdiff_t(std::min(exact, spans.size()));
    std::vector<LaneSpan> result;
    std::size_t cellBegin = 0; // index in result
    qint64 cell = -1;
    for (auto span = spans.begin(); span != newest; ++span) {
        if (span->beginNs / joinedCellNs != cell) {
            cell = span->beginNs / joinedCellNs;
            cellBegin = result.size();
        }
        const auto same = std::find_if(
            result.begin() + std::ptrdiff_t(cellBegin), result.end(), [&](const LaneSpan &other) {
                return other.kind == span->kind && other.reason == span->reason;
            });
        const bool isShort = span->endNs - span->beginNs < joinedCellNs;
        if (same == result.end() || !isShort) {
            result.push_back(*span);
            continue;
        }
        same->endNs = std::max(same->endNs, span->endNs);
        same->runNs += span->runNs;
        same->activity = span->activity;
    }
    result.insert(result.end(), newest, spans.end());
    return result;
}

void count(Duty &duty, const LaneSpan &span, qint64 nanoseconds)
{
    switch (span.kind) {
    case SpanKind::Work:
        duty.workNs += nanoseconds;
        duty.activity = span.activity;
        break;
    case SpanKind::Turn:
        duty.turnNs += nanoseconds;
        duty.activity = span.activity;
        break;
    case SpanKind::Ready:
        duty.readyNs += nanoseconds;
        break;
    case SpanKind::Wait:
        duty.waitNs[std::size_t(span.reason)] += nanoseconds;
        break;
    case SpanKind::Busy:
        duty.busyNs += nanoseconds;
        break;
    case SpanKind::Paint:
        duty.paintNs += nanoseconds;
        break;
    case SpanKind::Loop:
    case SpanKind::Segment:
        break;
    }
}

struct Columns {
    qint64 fromNs;
    qint64 columnNs;
    std::vector<Duty> duties;

    void add(const LaneSpan &span)
    {
        const qint64 toNs = fromNs + columnNs * qint64(duties.size());
        const qint64 begin = std::max(span.beginNs, fromNs);
        const qint64 end = std::min(span.endNs, toNs);
        if (begin >= end)
            return;
        const double share = double(span.runNs) / double(span.endNs - span.beginNs);
        for (qint64 index = (begin - fromNs) / columnNs; index <= (end - 1 - fromNs) / columnNs;
             ++index) {
            const qint64 columnBegin = fromNs + index * columnNs;
            const qint64 covered =
                std::min(end, columnBegin + columnNs) - std::max(begin, columnBegin);
            const qint64 run = span.isExact() ? covered : qint64(double(covered) * share);
            count(duties[std::size_t(index)], span, run);
        }
    }
};

int rank(SpanKind kind)
{
    switch (kind) {
    case SpanKind::Work:
    case SpanKind::Paint:
        return 4;
    case SpanKind::Turn:
        return 3;
    case SpanKind::Ready:
        return 2;
    case SpanKind::Loop:
        return 0; // how late it was: not what it did
    default:
        return 1;
    }
}

} // namespace

qint64 Duty::waitTotalNs() const
{
    return std::accumulate(waitNs.begin(), waitNs.end(), qint64(0));
}

WaitReason Duty::mainReason() const
{
    const auto most = std::max_element(waitNs.begin(), waitNs.end());
    return *most > 0 ? WaitReason(most - waitNs.begin()) : WaitReason::None;
}

Lane::Lane(LaneKind kind, quint16 thread, ActivityId activity, std::size_t capacity)
    : m_kind(kind)
    , m_thread(thread)
    , m_activity(activity)
    , m_capacity(std::max<std::size_t>(capacity, 16))
    , m_spans{{}, m_capacity}
    , m_events{{}, m_capacity}
{
}

void Lane::add(const Span &span)
{
    if (span.kind == SpanKind::Segment) {
        m_segments.push_back({span.beginNs, span.activity, span.part});
        return;
    }
    const bool isEvent = span.kind == SpanKind::Busy || span.kind == SpanKind::Paint
        || span.kind == SpanKind::Loop;
    insert(isEvent ? m_events : m_spans, laneSpan(span));
    m_lastEndNs = std::max(m_lastEndNs, span.endNs);
}

void Lane::insert(Series &series, const LaneSpan &span)
{
    std::vector<LaneSpan> &spans = series.spans;
    if (spans.size() >= series.joinAt) {
        spans = joined(spans, m_capacity / 2);
        // What is joined already does not get smaller: not again with every span.
        series.joinAt = std::max(m_capacity, spans.size() + m_capacity / 2);
    }
    // Nearly always the newest: an activity may have turns on two threads, read one after another.
    auto place = spans.end();
    while (place != spans.begin() && std::prev(place)->beginNs > span.beginNs)
        --place;
    spans.insert(place, span);
}

void Lane::setOpen(std::optional<Span> span)
{
    // It may have ended while it was read: then it is there already.
    const bool isKnown = span && !m_spans.spans.empty() && m_spans.spans.back().endNs > span->beginNs;
    m_open = span && !isKnown ? std::optional(laneSpan(*span)) : std::nullopt;
}

void Lane::forgetBefore(qint64 timeNs)
{
    for (std::vector<LaneSpan> *spans : {&m_spans.spans, &m_events.spans}) {
        const auto kept = std::find_if(spans->begin(), spans->end(), [timeNs](const LaneSpan &span) {
            return span.endNs > timeNs;
        });
        // Moving the rest costs: only when it is worth it.
        const auto gone = std::size_t(kept - spans->begin());
        if (gone * 8 > spans->size())
            spans->erase(spans->begin(), kept);
    }
    // The last one before that time goes on after it.
    const auto next = std::find_if(m_segments.begin(), m_segments.end(), [=](const auto &segment) {
        return segment.beginNs > timeNs;
    });
    if (next - m_segments.begin() > 1)
        m_segments.erase(m_segments.begin(), next - 1);
}

std::span<const LaneSpan> Lane::spans(qint64 fromNs, qint64 toNs) const
{
    return touching(m_spans.spans, fromNs, toNs);
}

std::span<const LaneSpan> Lane::events(qint64 fromNs, qint64 toNs) const
{
    return touching(m_events.spans, fromNs, toNs);
}

std::optional<LaneSegment> Lane::segmentAt(ActivityId activity, qint64 timeNs) const
{
    const auto next = std::upper_bound(
        m_segments.begin(), m_segments.end(), timeNs,
        [](qint64 time, const LaneSegment &segment) { return time < segment.beginNs; });
    if (next == m_segments.begin())
        return std::nullopt;
    const LaneSegment &found = *std::prev(next);
    const bool isOfIt = found.activity == activity && found.number > 0;
    return isOfIt ? std::optional(found) : std::nullopt;
}

std::vector<Duty> Lane::columns(qint64 fromNs, qint64 columnNs, int count) const
{
    Columns columns{fromNs, std::max<qint64>(columnNs, 1),
                    std::vector<Duty>(std::size_t(std::max(count, 0)))};
    const qint64 toNs = fromNs + columns.columnNs * count;
    for (const LaneSpan &span : spans(fromNs, toNs))
        columns.add(span);
    for (const LaneSpan &span : events(fromNs, toNs))
        columns.add(span);
    if (m_open)
        columns.add(*m_open);
    return std::move(columns.duties);
}

Duty Lane::duty(qint64 fromNs, qint64 toNs) const
{
    return toNs > fromNs ? columns(fromNs, toNs - fromNs, 1).front() : Duty();
}

qint64 Lane::worstDelayNs(qint64 fromNs, qint64 toNs) const
{
    qint64 worst = 0;
    for (const LaneSpan &span : events(fromNs, toNs)) {
        if (span.kind != SpanKind::Paint && span.isExact())
            worst = std::max(worst, span.endNs - span.beginNs);
    }
    for (const LaneSpan &span : spans(fromNs, toNs)) {
        if (span.kind == SpanKind::Turn && m_kind == LaneKind::NetworkLoop && span.isExact())
            worst = std::max(worst, span.endNs - span.beginNs);
    }
    return worst;
}

std::optional<LaneSpan> Lane::at(qint64 timeNs) const
{
    std::optional<LaneSpan> best;
    const auto consider = [&](const LaneSpan &span) {
        if (span.beginNs <= timeNs && timeNs < span.endNs && rank(span.kind) > 0
            && (!best || rank(span.kind) > rank(best->kind)))
            best = span;
    };
    for (const LaneSpan &span : spans(timeNs, timeNs + 1))
        consider(span);
    for (const LaneSpan &span : events(timeNs, timeNs + 1))
        consider(span);
    if (m_open)
        consider(*m_open);
    return best;
}

} // namespace sendoff::activity
