// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/thread_record.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sendoff::activity {

namespace {

// Events this close together are one stretch of a loop's work: in between it only looked for more.
constexpr qint64 sameStretchNs = 20'000;
// After it was held up, a loop gives their turns to those that were ready meanwhile.
constexpr qint64 caughtUpNs = 2'000'000;
// What measures a loop is left out of its work up to here.
constexpr qint64 shortProbeNs = 1'000'000;

} // namespace

ThreadRecord::ThreadRecord(QString name, ThreadRole role, std::size_t capacity,
                           ActivityTable &activities)
    : m_name(std::move(name))
    , m_role(role)
    , m_ring(capacity)
    , m_loopRing(capacity)
    , m_activities(activities)
{
}

void ThreadRecord::Open::begin(ActivityId id, qint64 nowNs) noexcept
{
    activity.store(id, std::memory_order_relaxed);
    beginNs.store(nowNs, std::memory_order_release);
}

void ThreadRecord::push(SpanKind kind, ActivityId id, qint64 beginNs, qint64 endNs,
                        WaitReason reason) noexcept
{
    if (endNs <= beginNs)
        return;
    Span span;
    span.beginNs = beginNs;
    span.endNs = endNs;
    span.activity = id;
    span.kind = kind;
    span.reason = reason;
    m_ring.push(span);
}

void ThreadRecord::pushLoop(SpanKind kind, qint64 beginNs, qint64 endNs) noexcept
{
    if (endNs <= beginNs)
        return;
    Span span;
    span.beginNs = beginNs;
    span.endNs = endNs;
    span.kind = kind;
    m_loopRing.push(span);
}

void ThreadRecord::turnBegan(ActivityId id, qint64 readySinceNs, qint64 nowNs) noexcept
{
    m_turnBeganNs = nowNs;
    m_openTurn.begin(id, nowNs);
    m_turnBalanceNs.store(m_turnBalanceNs.load(std::memory_order_relaxed) - nowNs,
                          std::memory_order_release);
    ActivityTable::State *const state = m_activities.find(id);
    if (!state) {
        push(SpanKind::Ready, id, readySinceNs, nowNs);
        return;
    }
    if (state->turns.fetch_add(1, std::memory_order_acq_rel) > 0)
        return; // another thread works for it: it neither waited nor was it merely ready
    const qint64 idleSince = state->idleSinceNs.load(std::memory_order_relaxed);
    const WaitReason reason = state->reason.load(std::memory_order_relaxed);
    const qint64 readyNs = readySince(readySinceNs, idleSince, nowNs);
    if (idleSince > 0 && reason != WaitReason::None)
        push(SpanKind::Wait, id, idleSince, readyNs, reason);
    push(SpanKind::Ready, id, readyNs, nowNs);
}

// Of a turn that begins now. Nobody knows since when a socket is ready: while the loop is held up it
// is not looked at, and what then has its turn at once was ready at some time in between. It counts
// from the beginning: for so long it could not have its turn.
qint64 ThreadRecord::readySince(qint64 toldNs, qint64 idleSinceNs, qint64 nowNs) const noexcept
{
    if (toldNs < nowNs) // it may have been posted already during its own last turn
        return std::max(toldNs, idleSinceNs);
    const bool wasHeldUp = idleSinceNs > 0 && idleSinceNs < m_long.endNs && m_long.endNs <= nowNs
        && nowNs - m_long.endNs < caughtUpNs;
    return wasHeldUp ? std::max(m_long.beginNs, idleSinceNs) : nowNs;
}

void ThreadRecord::turnEnded(ActivityId id, qint64 nowNs, WaitReason next) noexcept
{
    if (m_turnBeganNs == 0)
        return; // it began before the thread was attached
    m_openTurn.end();
    push(SpanKind::Turn, id, std::exchange(m_turnBeganNs, 0), nowNs);
    m_turnBalanceNs.store(m_turnBalanceNs.load(std::memory_order_relaxed) + nowNs,
                          std::memory_order_release);
    if (ActivityTable::State *const state = m_activities.find(id)) {
        state->idleSinceNs.store(nowNs, std::memory_order_relaxed);
        state->reason.store(next, std::memory_order_relaxed);
        state->turns.fetch_sub(1, std::memory_order_acq_rel);
    }
}

void ThreadRecord::workBegan(ActivityId id, qint64 nowNs) noexcept
{
    if (m_workDepth++ > 0)
        return;
    m_workBeganNs = nowNs;
    m_openWork.begin(id, nowNs);
}

void ThreadRecord::workEnded(ActivityId id, qint64 nowNs) noexcept
{
    if (m_workDepth == 0)
        return; // it began before the thread was attached
    // Work inside of work is part of it.
    if (--m_workDepth > 0)
        return;
    m_openWork.end();
    push(SpanKind::Work, id, m_workBeganNs, nowNs);
}

void ThreadRecord::sent(ActivityId id, qint64 bytes) noexcept
{
    if (ActivityTable::State *const state = m_activities.find(id))
        state->sentBytes.fetch_add(bytes, std::memory_order_relaxed);
}

// A mark is as long as a clock's step: what it marks lasts until the next one, or the work's end.
void ThreadRecord::segmentBegan(int number, qint64 nowNs) noexcept
{
    if (m_workDepth == 0)
        return;
    Span mark;
    mark.beginNs = nowNs;
    mark.endNs = nowNs + 1;
    mark.activity = m_openWork.activity.load(std::memory_order_relaxed);
    mark.kind = SpanKind::Segment;
    mark.part = quint16(std::clamp<int>(number, 0, std::numeric_limits<quint16>::max()));
    m_ring.push(mark);
}

void ThreadRecord::loopWasLate(qint64 dueNs, qint64 nowNs) noexcept
{
    push(SpanKind::Loop, 0, dueNs, nowNs);
}

void ThreadRecord::eventBegan(LoopTask task, const char *receiver, qint64 nowNs) noexcept
{
    if (m_eventDepth++ == 0) {
        m_event = {nowNs, nowNs, task, receiver};
        if (nowNs - m_busyEndNs > sameStretchNs) {
            pushLoop(SpanKind::Busy, m_busyBeginNs, m_busyEndNs);
            m_busyBeginNs = nowNs;
        }
    }
    if (task == LoopTask::Paint && m_paintDepth++ == 0) {
        m_paintBeganNs = nowNs;
        m_event.task = LoopTask::Paint; // whatever caused it, that is what took the time
        m_event.receiver = receiver;
    }
}

void ThreadRecord::eventEnded(LoopTask task, qint64 nowNs) noexcept
{
    if (m_eventDepth == 0)
        return; // it began before the thread was attached
    if (task == LoopTask::Paint && m_paintDepth > 0 && --m_paintDepth == 0)
        pushLoop(SpanKind::Paint, m_paintBeganNs, nowNs);
    if (--m_eventDepth > 0)
        return;
    const bool isLeftOut =
        std::exchange(m_isProbe, false) && nowNs - m_event.beginNs < shortProbeNs;
    if (!isLeftOut)
        m_busyEndNs = nowNs;
    else if (m_busyBeginNs == m_event.beginNs)
        m_busyBeginNs = m_busyEndNs; // it began a stretch that holds nothing else
    m_event.endNs = nowNs;
    if (nowNs - m_event.beginNs < longEventNs)
        return;
    const std::lock_guard lock(m_longMutex);
    m_long = m_event;
}

qint64 ThreadRecord::turnTotalNs() const noexcept
{
    const qint64 balance = m_turnBalanceNs.load(std::memory_order_acquire);
    return balance < 0 ? balance + monotonicNs() : balance;
}

void ThreadRecord::append(const Open &open, SpanKind kind, std::vector<Span> &spans,
                          quint16 thread, qint64 nowNs)
{
    const qint64 beginNs = open.beginNs.load(std::memory_order_acquire);
    const ActivityId id = open.activity.load(std::memory_order_acquire);
    // Another one may have begun in between: then the two words do not belong together.
    const bool isWhole = open.beginNs.load(std::memory_order_acquire) == beginNs;
    if (beginNs == 0 || !isWhole || nowNs <= beginNs)
        return;
    Span span;
    span.beginNs = beginNs;
    span.endNs = nowNs;
    span.activity = id;
    span.thread = thread;
    span.kind = kind;
    spans.push_back(span);
}

void ThreadRecord::appendOpen(std::vector<Span> &spans, quint16 thread, qint64 nowNs) const
{
    append(m_openWork, SpanKind::Work, spans, thread, nowNs);
    append(m_openTurn, SpanKind::Turn, spans, thread, nowNs);
}

std::optional<LongEvent> ThreadRecord::longEventSince(qint64 sinceNs) const
{
    const std::lock_guard lock(m_longMutex);
    return m_long.endNs > sinceNs ? std::optional(m_long) : std::nullopt;
}

} // namespace sendoff::activity
