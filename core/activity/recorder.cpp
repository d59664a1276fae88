// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/recorder.h"

#include "core/activity/thread_record.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

namespace sendoff::activity {

namespace {

thread_local ThreadRecord *attachedRecord = nullptr;

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

void Recorder::attachThisThread(const QString &name, ThreadRole role)
{
    auto record =
        std::make_unique<ThreadRecord>(name, role, m_impl->capacity, m_impl->activities);
    const std::lock_guard lock(m_impl->mutex);
    if (m_impl->threads.size() > std::numeric_limits<quint16>::max())
        return; // Span::thread could not name it
    attachedRecord = record.get();
    setThreadObserver(attachedRecord);
    setThreadSegmentObserver(attachedRecord);
    m_impl->threads.push_back(std::move(record));
}

void Recorder::detachThisThread()
{
    setThreadObserver(nullptr);
    setThreadSegmentObserver(nullptr);
    attachedRecord = nullptr;
}

void Recorder::recordLateLoop(qint64 dueNs, qint64 nowNs) noexcept
{
    if (attachedRecord)
        attachedRecord->loopWasLate(dueNs, nowNs);
}

void Recorder::eventBegan(LoopTask task, const char *receiver) noexcept
{
    if (attachedRecord)
        attachedRecord->eventBegan(task, receiver,
                                   attachedRecord->beginsSpan(task) ? monotonicNs() : 0);
}

void Recorder::eventEnded(LoopTask task) noexcept
{
    if (attachedRecord)
        attachedRecord->eventEnded(task, attachedRecord->endsSpan(task) ? monotonicNs() : 0);
}

void Recorder::eventWasProbe() noexcept
{
    if (attachedRecord)
        attachedRecord->eventWasProbe();
}

ActivityId Recorder::registerActivity(const QString &title, ActivityRole role, const QString &job)
{
    return m_impl->activities.add({title, role, job});
}

void Recorder::setCodecThreads(ActivityId id, int threads) noexcept
{
    if (ActivityTable::State *const state = m_impl->activities.find(id))
        state->codecThreads.store(threads, std::memory_order_relaxed);
}

int Recorder::codecThreads(ActivityId id) const noexcept
{
    const ActivityTable::State *const state = m_impl->activities.find(id);
    return state ? state->codecThreads.load(std::memory_order_relaxed) : 0;
}

qint64 Recorder::sentBytes(ActivityId id) const noexcept
{
    const ActivityTable::State *const state = m_impl->activities.find(id);
    return state ? state->sentBytes.load(std::memory_order_relaxed) : 0;
}

Recorder::Snapshot Recorder::snapshot() const
{
    Snapshot snapshot;
    {
        const std::lock_guard lock(m_impl->mutex);
        for (const auto &record : m_impl->threads) {
            const auto index = quint16(snapshot.threads.size());
            record->ring().copyTo(snapshot.spans, index);
            record->loopRing().copyTo(snapshot.spans, index);
            snapshot.threads.push_back(
                {record->name(), record->ring().overwritten(), record->role()});
        }
    }
    // After the spans, so that every activity they name is there.
    for (ActivityFacts &facts : m_impl->activities.facts())
        snapshot.activities.push_back(std::move(facts.title));
    std::erase_if(snapshot.spans,
                  [](const Span &span) { return span.kind == SpanKind::Segment; });
    std::stable_sort(snapshot.spans.begin(), snapshot.spans.end(),
                     [](const Span &a, const Span &b) { return a.beginNs < b.beginNs; });
    return snapshot;
}

void Recorder::readSince(Cursor &cursor, Update &update) const
{
    update.spans.clear();
    update.open.clear();
    update.lost = 0;
    {
        const std::lock_guard lock(m_impl->mutex);
        cursor.next.resize(m_impl->threads.size());
        for (std::size_t index = 0; index < m_impl->threads.size(); ++index) {
            const ThreadRecord &record = *m_impl->threads[index];
            if (index >= update.threads.size())
                update.threads.push_back({record.name(), 0, record.role()});
            Cursor::Place &place = cursor.next[index];
            const auto thread = quint16(index);
            // Before what is whole, so that nothing falls between the two.
            record.appendOpen(update.open, thread, monotonicNs());
            update.lost += record.ring().copySince(place.span, update.spans, thread);
            record.loopRing().copySince(place.loopSpan, update.spans, thread);
        }
    }
    update.nowNs = monotonicNs();
    m_impl->activities.appendWaiting(update.open, update.nowNs);
    for (ActivityFacts &facts : m_impl->activities.facts(update.activities.size()))
        update.activities.push_back(std::move(facts));
}

std::optional<LongEvent> Recorder::longEventSince(quint16 thread, qint64 sinceNs) const
{
    const std::lock_guard lock(m_impl->mutex);
    return thread < m_impl->threads.size() ? m_impl->threads[thread]->longEventSince(sinceNs)
                                           : std::nullopt;
}

qint64 Recorder::turnTotalNs(quint16 thread) const
{
    const std::lock_guard lock(m_impl->mutex);
    return thread < m_impl->threads.size() ? m_impl->threads[thread]->turnTotalNs() : 0;
}

} // namespace sendoff::activity
