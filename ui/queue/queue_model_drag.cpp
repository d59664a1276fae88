// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// QueueModel: rows that are dragged, within the list and out of it.
#include "core/queue/job.h"
#include "ui/queue/queue_model.h"

#include <QMimeData>
#include <QUrl>

namespace sendoff::ui {

using queue::Job;

namespace {

const auto rowsType = QStringLiteral("application/x-sendoff-rows");

} // namespace

QStringList QueueModel::mimeTypes() const
{
    return {rowsType};
}

// Of our own rows, whatever the drag calls it: they are always moved.
Qt::DropActions QueueModel::supportedDropActions() const
{
    return Qt::MoveAction | Qt::CopyAction;
}

QMimeData *QueueModel::mimeData(const QModelIndexList &indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    QStringList ids;
    QList<QUrl> files;
    for (const QModelIndex &index : indexes) {
        ids.append(m_rows.idAt(index.row()));
        const Job *job = jobAt(index.row());
        const FilePath file = job ? outputOf(*job) : FilePath();
        if (!file.empty())
            files.append(QUrl::fromLocalFile(QString::fromStdString(file.string())));
    }
    auto *mime = new QMimeData; // the caller's
    mime->setData(rowsType, ids.join(u'\n').toUtf8());
    if (!files.isEmpty())
        mime->setUrls(files);
    return mime;
}

bool QueueModel::canDropMimeData(const QMimeData *data, Qt::DropAction, int, int,
                                 const QModelIndex &parent) const
{
    return data->hasFormat(rowsType) && !parent.isValid();
}

bool QueueModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                              const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const QStringList ids = QString::fromUtf8(data->data(rowsType)).split(u'\n');
    Q_EMIT moveRequested(ids, row < 0 ? rowCount() : row);
    return false; // the rows move by orderChanged(): the view must not remove the dragged ones
}

} // namespace sendoff::ui
