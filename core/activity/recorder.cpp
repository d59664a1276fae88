// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/recorder.h"

#include "core/activity/activity_table.h"
#include "core/activity/span_ring.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>

namespace sendoff::activity {

namespace {

// What one thread records. Its methods run on that thread, but for turnTotalNs() and the ring's
// reading side.
class ThreadRecord final : public ActivityObserver {
public:
    ThreadRecord(QString name, std::size_t capacity, const ActivityTable &activities)
        : m_name(std::move(name))
        , m_ring(capacity)
        , m_activities(activities)
    {
    }

    void turnBegan(ActivityId id, qint64 readySinceNs, qint64 nowNs) noexcept override;
    void turnEnded(ActivityId id, qint64 nowNs, WaitReason next) noexcept override;
    void workBegan(ActivityId id, qint64 nowNs) noexcept override;
    void workEnded(ActivityId id, qint64 nowNs) noexcept override;
    void loopWasLate(qint64 dueNs, qint64 nowNs) noexcept { push(SpanKind::Loop, 0, dueNs, nowNs); }

    const QString &name() const { return m_name; }
    const SpanRing &ring() const { return m_ring; }
    qint64 turnTotalNs() const noexcept;

private:
    void push(SpanKind kind, ActivityId id, qint64 beginNs, qint64 endNs,
              WaitReason reason = WaitReason::None) noexcept;

    const QString m_name;
    SpanRing m_ring;
    const ActivityTable &m_activities;
    qint64 m_turnBeganNs = 0;
    qint64 m_workBeganNs = 0;
    int m_workDepth = 0;
    // Σ closed turns; minus the beginning of the turn that is open. That is negative exactly while
    // one is open, because turns are disjoint: one number that readers always see whole.
    std::atomic<qint64> m_turnBalanceNs{0};
};

thread_local ThreadRecord *attachedRecord = nullptr;

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

void ThreadRecord::turnBegan(ActivityId id, qint64 readySinceNs, qint64 nowNs) noexcept
{
    m_turnBeganNs = nowNs;
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
    // It may have been posted already during its own last turn.
    const qint64 readySince = std::max(readySinceNs, idleSince);
    if (idleSince > 0 && reason != WaitReason::None)
        push(SpanKind::Wait, id, idleSince, readySince, reason);
    push(SpanKind::Ready, id, readySince, nowNs);
}

void ThreadRecord::turnEnded(ActivityId id, qint64 nowNs, WaitReason next) noexcept
{
    if (m_turnBeganNs == 0)
        return; // it began before the thread was attached
    push(SpanKind::Turn, id, std::exchange(m_turnBeganNs, 0), nowNs);
    m_turnBalanceNs.store(m_turnBalanceNs.load(std::memory_order_relaxed) + nowNs,
                          std::memory_order_release);
    if (ActivityTable::State *const state = m_activities.find(id)) {
        state->idleSinceNs.store(nowNs, std::memory_order_relaxed);
        state->reason.store(next, std::memory_order_relaxed);
        state->turns.fetch_sub(1, std::memory_order_acq_rel);
    }
}

void ThreadRecord::workBegan(ActivityId, qint64 nowNs) noexcept
{
    if (m_workDepth++ == 0)
        m_workBeganNs = nowNs;
}

void ThreadRecord::workEnded(ActivityId id, qint64 nowNs) noexcept
{
    if (m_workDepth == 0)
        return; // it began before the thread was attached
    // Work inside of work is part of it.
    if (--m_workDepth == 0)
        push(SpanKind::Work, id, m_workBeganNs, nowNs);
}

qint64 ThreadRecord::turnTotalNs() const noexcept
{
    const qint64 balance = m_turnBalanceNs.load(std::memory_order_acquire);
    return balance < 0 ? balance + monotonicNs() : balance;
}

} // namespace

class Recorder::Impl {
public:
    explicit Impl(std::size_t spansPerThread)
        : capacity(spansPerThread)
    {
    }

    const std::size_t capacity;
    ActivityTable activities;
    mutable std::mutex mutex; // of `threads`
    std::vector<std::unique_ptr<ThreadRecord>> threads;
};

Recorder::Recorder(std::size_t spansPerThread)
    : m_impl(std::make_unique<Impl>(spansPerThread))
{
}

Recorder::~Recorder() = default;

void Recorder::attachThisThread(const QString &name)
{
    auto record = std::make_unique<ThreadRecord>(name, m_impl->capacity, m_impl->activities);
    const std::lock_guard lock(m_impl->mutex);
    if (m_impl->threads.size() > std::numeric_limits<quint16>::max())
        return; // Span::thread could not name it
    attachedRecord = record.get();
    setThreadObserver(attachedRecord);
    m_impl->threads.push_back(std::move(record));
}

void Recorder::detachThisThread()
{
    setThreadObserver(nullptr);
    attachedRecord = nullptr;
}

void Recorder::recordLateLoop(qint64 dueNs, qint64 nowNs) noexcept
{
    if (attachedRecord)
        attachedRecord->loopWasLate(dueNs, nowNs);
}

ActivityId Recorder::registerActivity(const QString &title)
{
    return m_impl->activities.add(title);
}

Recorder::Snapshot Recorder::snapshot() const
{
    Snapshot snapshot;
    {
        const std::lock_guard lock(m_impl->mutex);
        for (const auto &record : m_impl->threads) {
            const auto index = quint16(snapshot.threads.size());
            record->ring().copyTo(snapshot.spans, index);
            snapshot.threads.push_back({record->name(), record->ring().overwritten()});
        }
    }
    // After the spans, so that every activity they name is there.
    snapshot.activities = m_impl->activities.titles();
    std::stable_sort(snapshot.spans.begin(), snapshot.spans.end(),
                     [](const Span &a, const Span &b) { return a.beginNs < b.beginNs; });
    return snapshot;
}

qint64 Recorder::turnTotalNs(quint16 thread) const
{
    const std::lock_guard lock(m_impl->mutex);
    return thread < m_impl->threads.size() ? m_impl->threads[thread]->turnTotalNs() : 0;
}

} // namespace sendoff::activity
