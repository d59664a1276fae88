// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/activity_table.h"

namespace sendoff::activity {

ActivityTable::~ActivityTable()
{
    for (const auto &block : m_blocks)
        delete block.load();
}

ActivityId ActivityTable::add(const QString &title)
{
    const std::lock_guard lock(m_mutex);
    const std::size_t id = m_titles.size();
    if (id >= m_blocks.size() * blockSize)
        return 0;
    std::atomic<Block *> &block = m_blocks[id / blockSize];
    if (!block.load(std::memory_order_relaxed))
        block.store(std::make_unique<Block>().release(), std::memory_order_release);
    m_titles.push_back(title);
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

std::vector<QString> ActivityTable::titles() const
{
    const std::lock_guard lock(m_mutex);
    return m_titles;
}

} // namespace sendoff::activity
