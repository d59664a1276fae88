// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/timeline.h"

#include <algorithm>
#include <tuple>

namespace sendoff::activity {

namespace {

auto orderOf(const Lane &lane)
{
    return std::tuple(lane.kind(), lane.thread(), lane.activity());
}

} // namespace

Timeline::Timeline(std::size_t spansPerLane)
    : m_spansPerLane(spansPerLane)
{
}

const ActivityFacts &Timeline::facts(ActivityId id) const
{
    return m_facts[id < m_facts.size() ? id : 0];
}

bool Timeline::isUpload(ActivityId id) const
{
    return facts(id).role == ActivityRole::Upload;
}

void Timeline::take(const Recorder::Update &update)
{
    if (m_beginNs == 0)
        m_beginNs = update.nowNs;
    m_nowNs = update.nowNs;
    for (std::size_t thread = m_roles.size(); thread < update.threads.size(); ++thread) {
        m_roles.push_back(update.threads[thread].role);
        const auto index = quint16(thread);
        if (m_roles.back() == ThreadRole::Network)
            lane(LaneKind::NetworkLoop, index, 0);
        if (m_roles.back() == ThreadRole::Window)
            lane(LaneKind::WindowLoop, index, 0);
        if (m_roles.back() == ThreadRole::Worker)
            lane(LaneKind::Worker, index, 0);
    }
    for (std::size_t id = m_facts.size(); id < update.activities.size(); ++id)
        m_facts.push_back(update.activities[id]);
    for (const Span &span : update.spans) {
        if (span.endNs <= m_nowNs - keptNs)
            continue;
        if (Lane *found = laneFor(span))
            found->add(span);
        // A turn is the upload's and the loop's.
        const bool isTurnOfLoop = span.kind == SpanKind::Turn && span.thread < m_roles.size()
            && m_roles[span.thread] == ThreadRole::Network;
        if (isTurnOfLoop)
            lane(LaneKind::NetworkLoop, span.thread, 0).add(span);
    }
    takeOpen(update);
    for (Lane &each : m_lanes)
        each.forgetBefore(m_nowNs - keptNs);
    std::erase_if(m_lanes, [this](const Lane &each) { return isGone(each); });
}

// Only turns on the network thread are an upload's turns: what the window's thread does for it is
// part of the window's loop. An upload's lane begins with its first turn there.
Lane *Timeline::laneFor(const Span &span)
{
    const ThreadRole role = span.thread < m_roles.size() ? m_roles[span.thread] : ThreadRole::Other;
    switch (span.kind) {
    case SpanKind::Work:
    case SpanKind::Segment:
        return role == ThreadRole::Worker ? &lane(LaneKind::Worker, span.thread, 0) : nullptr;
    case SpanKind::Busy:
    case SpanKind::Paint:
    case SpanKind::Loop:
        if (role == ThreadRole::Network)
            return &lane(LaneKind::NetworkLoop, span.thread, 0);
        return role == ThreadRole::Window ? &lane(LaneKind::WindowLoop, span.thread, 0) : nullptr;
    case SpanKind::Turn:
    case SpanKind::Ready:
        return isUpload(span.activity) && role == ThreadRole::Network
            ? &lane(LaneKind::Upload, 0, span.activity)
            : nullptr;
    case SpanKind::Wait: {
        const auto found = std::find_if(m_lanes.begin(), m_lanes.end(), [&](const Lane &each) {
            return each.kind() == LaneKind::Upload && each.activity() == span.activity;
        });
        return found != m_lanes.end() ? &*found : nullptr;
    }
    }
    return nullptr;
}

Lane &Timeline::lane(LaneKind kind, quint16 thread, ActivityId activity)
{
    Lane fresh(kind, thread, activity, m_spansPerLane);
    const auto place = std::lower_bound(
        m_lanes.begin(), m_lanes.end(), fresh,
        [](const Lane &a, const Lane &b) { return orderOf(a) < orderOf(b); });
    if (place != m_lanes.end() && orderOf(*place) == orderOf(fresh))
        return *place;
    return *m_lanes.insert(place, std::move(fresh));
}

void Timeline::takeOpen(const Recorder::Update &update)
{
    for (Lane &each : m_lanes)
        each.setOpen(std::nullopt);
    for (Span span : update.open) {
        span.endNs = m_nowNs;
        // One that is empty or of the future has just begun.
        Lane *const found = span.lengthNs() > 0 ? laneFor(span) : nullptr;
        if (found && !(found->open() && found->open()->kind != SpanKind::Wait))
            found->setOpen(span);
    }
}

bool Timeline::isGone(const Lane &lane) const
{
    return lane.kind() == LaneKind::Upload && !lane.open() && lane.lastEndNs() < m_nowNs - keptNs;
}

Timeline::Moment Timeline::at(qint64 timeNs) const
{
    Moment moment;
    for (const Lane &each : m_lanes) {
        const auto span = each.at(timeNs);
        if (!span)
            continue;
        const QString &title = facts(span->activity).title;
        switch (each.kind()) {
        case LaneKind::Worker:
            moment.exporting.append(title);
            break;
        case LaneKind::NetworkLoop:
            moment.isNetworkLoopBusy = span->kind == SpanKind::Busy;
            break;
        case LaneKind::Upload:
            if (span->kind == SpanKind::Turn)
                moment.turn = title;
            else if (span->kind == SpanKind::Ready)
                moment.ready.append(title);
            else
                ++moment.waiting;
            break;
        case LaneKind::WindowLoop:
            moment.isPainting = span->kind == SpanKind::Paint;
            break;
        }
    }
    return moment;
}

} // namespace sendoff::activity
