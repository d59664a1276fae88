// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_rows.h"

namespace sendoff::ui {

using queue::RowState;
using queue::RowWord;

namespace {

bool isAtWork(RowWord word)
{
    return word == RowWord::Exporting || word == RowWord::Uploading
        || word == RowWord::ExportingAndUploading || word == RowWord::Verifying
        || word == RowWord::Retrying;
}

} // namespace

void QueueRows::take(const Row &row)
{
    ++m_counts[std::size_t(row.state.word)];
    if (isAtWork(row.state.word))
        m_active.insert(row.id);
}

void QueueRows::drop(const Row &row)
{
    --m_counts[std::size_t(row.state.word)];
    m_active.remove(row.id);
}

void QueueRows::number(int from)
{
    m_positions.clear();
    m_rowOf.reserve(qsizetype(m_rows.size()));
    for (int row = from; row < size(); ++row)
        m_rowOf.insert(m_rows[std::size_t(row)].id, row);
}

void QueueRows::insert(int row, const QStringList &ids, const StateOf &stateOf)
{
    std::vector<Row> added;
    added.reserve(std::size_t(ids.size()));
    for (const QString &id : ids) {
        added.push_back({id, stateOf(id)});
        take(added.back());
    }
    m_rows.insert(m_rows.begin() + row, added.begin(), added.end());
    number(row);
}

void QueueRows::remove(int first, int last)
{
    for (int row = first; row <= last; ++row) {
        drop(m_rows[std::size_t(row)]);
        m_rowOf.remove(m_rows[std::size_t(row)].id);
    }
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    number(first);
}

void QueueRows::reorder(const QStringList &order)
{
    std::vector<Row> rows;
    rows.reserve(m_rows.size());
    for (const QString &id : order) {
        if (const int row = rowOf(id); row >= 0)
            rows.push_back(m_rows[std::size_t(row)]);
    }
    Q_ASSERT(rows.size() == m_rows.size());
    m_rows = std::move(rows);
    number(0);
}

void QueueRows::setState(int row, const RowState &state)
{
    Row &changed = m_rows[std::size_t(row)];
    if (changed.state == state)
        return;
    drop(changed);
    changed.state = state;
    take(changed);
    m_positions.clear();
}

int QueueRows::positionOf(int row) const
{
    if (m_positions.empty()) {
        m_positions.reserve(m_rows.size());
        int waiting = 0;
        for (const Row &each : m_rows) {
            const bool waits =
                each.state.word == RowWord::Waiting && each.state.waitFor == queue::WaitFor::Slot;
            m_positions.push_back(waits ? ++waiting : 0);
        }
    }
    return m_positions[std::size_t(row)];
}

} // namespace sendoff::ui
