// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueRows: the ids in the model's order with their states, and what is counted of them. Not for:
// telling anybody (queue_model.h).

#include "core/queue/row_state.h"

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

#include <array>
#include <functional>
#include <vector>

namespace sendoff::ui {

class QueueRows {
public:
    int size() const { return int(m_rows.size()); }
    int rowOf(const QString &id) const { return m_rowOf.value(id, -1); }
    const QString &idAt(int row) const { return m_rows[std::size_t(row)].id; }
    const queue::RowState &stateAt(int row) const { return m_rows[std::size_t(row)].state; }
    int count(queue::RowWord word) const { return m_counts[std::size_t(word)]; }
    // Ids of rows at work, whose progress changes by itself.
    const QSet<QString> &active() const { return m_active; }

    using StateOf = std::function<queue::RowState(const QString &id)>;
    void insert(int row, const QStringList &ids, const StateOf &stateOf);
    void remove(int first, int last);
    void reorder(const QStringList &order);
    void setState(int row, const queue::RowState &state);
    // The place among the rows that wait for a slot, from 1; 0 = it does not. Counted once after
    // each change.
    int positionOf(int row) const;
    bool hasPositions() const { return !m_positions.empty(); }

private:
    struct Row {
        QString id;
        queue::RowState state;
    };

    void take(const Row &row);
    void drop(const Row &row);
    void number(int from);

    std::vector<Row> m_rows;
    QHash<QString, int> m_rowOf;
    std::array<int, std::size_t(queue::RowWord::Done) + 1> m_counts{};
    QSet<QString> m_active;
    mutable std::vector<int> m_positions; // by row; empty = to be counted
};

} // namespace sendoff::ui
