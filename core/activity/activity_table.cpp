// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/activity_table.h"

#include <algorithm>
#include <utility>

namespace sendoff::activity {

ActivityTable::~ActivityTable()
{
    for (const auto &block : m_blocks)
        delete block.load();
}

ActivityId ActivityTable::add(ActivityFacts facts)
{
    const std::lock_guard lock(m_mutex);
    const std::size_t id = m_facts.size();
    if (id >= m_blocks.size() * blockSize)
        return 0;
    std::atomic<Block *> &block = m_blocks[id / blockSize];
    if (!block.load(std::memory_order_relaxed))
        block.store(std::make_unique<Block>().release(), std::memory_order_release);
    m_facts.push_back(std::move(facts));
    return ActivityId(id);
}

ActivityTable::State *ActivityTable::find(ActivityId id) const noexcept
{
    const std::size_t index = id / blockSize;
    if (id == 0 || index >= m_blocks.size())
        return nullptr;
    Block *const block = m_blocks[index].load(std::memory_order_acquire);
    return block ? &(*block)[id % blockSize] : nullptr;
}

std::vector<ActivityFacts> ActivityTable::facts(std::size_t from) const
{
    const std::lock_guard lock(m_mutex);
    const auto begin = m_facts.begin() + std::ptrdiff_t(std::min(from, m_facts.size()));
    return {begin, m_facts.end()};
}

std::size_t ActivityTable::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_facts.size();
}

void ActivityTable::appendWaiting(std::vector<Span> &spans, qint64 nowNs) const
{
    const std::size_t end = count();
    for (std::size_t id = 1; id < end; ++id) {
        const State *const state = find(ActivityId(id));
        const WaitReason reason = state->reason.load(std::memory_order_relaxed);
        if (reason == WaitReason::None || state->turns.load(std::memory_order_acquire) > 0)
            continue;
        Span span;
        span.beginNs = state->idleSinceNs.load(std::memory_order_relaxed);
        span.endNs = nowNs;
        span.activity = ActivityId(id);
        span.kind = SpanKind::Wait;
        span.reason = reason;
        if (span.beginNs > 0 && span.endNs > span.beginNs)
            spans.push_back(span);
    }
}

} // namespace sendoff::activity
