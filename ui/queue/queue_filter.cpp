// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_filter.h"

#include "ui/queue/queue_model.h"

namespace sendoff::ui {

using queue::RowWord;

bool isOfKind(RowWord word, FilterKind kind)
{
    switch (kind) {
    case FilterKind::All:
        return true;
    case FilterKind::NeedsAttention:
        return word == RowWord::NeedsAttention;
    case FilterKind::Exporting:
        return word == RowWord::Exporting || word == RowWord::ExportingAndUploading;
    case FilterKind::Uploading:
        return word == RowWord::Uploading || word == RowWord::ExportingAndUploading
            || word == RowWord::Verifying || word == RowWord::Retrying;
    case FilterKind::Waiting:
        return word == RowWord::Waiting || word == RowWord::Checking;
    case FilterKind::Paused:
        return word == RowWord::Paused;
    case FilterKind::Done:
        return word == RowWord::Done;
    case FilterKind::Cancelled:
        return word == RowWord::Cancelled;
    }
    Q_UNREACHABLE();
}

QString filterText(FilterKind kind)
{
    switch (kind) {
    case FilterKind::All:
        return QueueFilter::tr("All");
    case FilterKind::NeedsAttention:
        return queue::rowWordText(RowWord::NeedsAttention);
    case FilterKind::Exporting:
        return queue::rowWordText(RowWord::Exporting);
    case FilterKind::Uploading:
        return queue::rowWordText(RowWord::Uploading);
    case FilterKind::Waiting:
        return queue::rowWordText(RowWord::Waiting);
    case FilterKind::Paused:
        return queue::rowWordText(RowWord::Paused);
    case FilterKind::Done:
        return queue::rowWordText(RowWord::Done);
    case FilterKind::Cancelled:
        return queue::rowWordText(RowWord::Cancelled);
    }
    Q_UNREACHABLE();
}

QString filterIcon(FilterKind kind)
{
    switch (kind) {
    case FilterKind::All:
        return QStringLiteral("filter");
    case FilterKind::NeedsAttention:
        return QStringLiteral("attention");
    case FilterKind::Exporting:
        return QStringLiteral("exporting");
    case FilterKind::Uploading:
        return QStringLiteral("uploading");
    case FilterKind::Waiting:
        return QStringLiteral("waiting");
    case FilterKind::Paused:
        return QStringLiteral("pause");
    case FilterKind::Done:
        return QStringLiteral("done");
    case FilterKind::Cancelled:
        return QStringLiteral("cancelled");
    }
    Q_UNREACHABLE();
}

QueueFilter::QueueFilter(QueueModel *model, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
{
    setFilterRole(QueueModel::WordRole);
    setSourceModel(model);
    // A row's state is told as a change of its content; only then may it come or go.
    connect(model, &QueueModel::countsChanged, this, [this] {
        if (m_kind != FilterKind::All)
            invalidateRowsFilter();
    });
}

void QueueFilter::setKind(FilterKind kind)
{
    if (kind == m_kind)
        return;
    m_kind = kind;
    invalidateRowsFilter();
    Q_EMIT filterChanged();
}

void QueueFilter::setFindText(const QString &text)
{
    if (text == m_findText)
        return;
    m_findText = text;
    invalidateRowsFilter();
    Q_EMIT filterChanged();
}

int QueueFilter::count(FilterKind kind) const
{
    int rows = 0;
    for (int word = 0; word <= int(RowWord::Done); ++word) {
        if (isOfKind(RowWord(word), kind))
            rows += m_model->rows().count(RowWord(word));
    }
    return rows;
}

QString QueueFilter::idOf(const QModelIndex &index) const
{
    return index.data(QueueModel::IdRole).toString();
}

QModelIndex QueueFilter::indexOf(const QString &id) const
{
    const int row = m_model->rows().rowOf(id);
    return row < 0 ? QModelIndex() : mapFromSource(m_model->index(row));
}

bool QueueFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    if (!isOfKind(m_model->rows().stateAt(row).word, m_kind))
        return false;
    if (m_findText.isEmpty())
        return true;
    const queue::Job *job = m_model->jobAt(row);
    return job && displayName(job->source).contains(m_findText, Qt::CaseInsensitive);
}

} // namespace sendoff::ui
