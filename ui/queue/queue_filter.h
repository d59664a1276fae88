// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueFilter: the rows that a person wants to see: of one kind of state, and with a text in their
// name. It never sorts: the queue's order is what runs first.

#include "core/queue/row_state.h"

#include <QList>
#include <QSortFilterProxyModel>
#include <QString>

namespace sendoff::ui {

class QueueModel;

enum class FilterKind {
    All,
    NeedsAttention,
    Exporting,
    Uploading,
    Waiting,
    Paused,
    Done,
    Cancelled,
};
inline constexpr int filterKinds = 8;

// A row that exports and uploads at once is of both kinds; one that retries is an upload.
bool isOfKind(queue::RowWord word, FilterKind kind);
QString filterText(FilterKind kind); // "Needs attention"
QString filterIcon(FilterKind kind); // of resources/icons

class QueueFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit QueueFilter(QueueModel *model, QObject *parent = nullptr);

    FilterKind kind() const { return m_kind; }
    void setKind(FilterKind kind);
    QString findText() const { return m_findText; }
    // Rows whose name holds it, whatever its case.
    void setFindText(const QString &text);
    // Of the whole queue, not only of what is shown.
    int count(FilterKind kind) const;

    QueueModel *queueModel() const { return m_model; }
    QString idOf(const QModelIndex &index) const;
    QModelIndex indexOf(const QString &id) const; // invalid where it is not shown

Q_SIGNALS:
    void filterChanged();

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QueueModel *m_model;
    FilterKind m_kind = FilterKind::All;
    QString m_findText;
};

} // namespace sendoff::ui
