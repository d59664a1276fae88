// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_view.h"

#include "ui/queue/queue_actions.h"
#include "ui/queue/queue_filter.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/queue_placeholder.h"
#include "ui/queue/thumbnail_store.h"

#include <QHeaderView>
#include <QScrollBar>

#include <algorithm>

namespace sendoff::ui {

QueueView::QueueView(QueueFilter *filter, QueueActions *actions, QWidget *parent)
    : QTreeView(parent)
    , m_filter(filter)
    , m_actions(actions)
    , m_delegate(new RowDelegate(this))
    , m_placeholder(new QueuePlaceholder(viewport()))
{
    setObjectName(QStringLiteral("queueView"));
    setAccessibleName(tr("Videos"));
    setAccessibleDescription(tr("The videos in the order in which they are worked on"));
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(false); // the delegate draws its own ring
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setDragDropMode(DragDrop);
    setDefaultDropAction(Qt::MoveAction);
    setMouseTracking(true);
    setItemDelegate(m_delegate);
    connectRows(); // before the view itself forgets where its rows stood
    setModel(filter);
    addActions(actions->rowActions());
    connect(m_placeholder, &QueuePlaceholder::showAllRequested, this, &QueueView::showAllRequested);
    connect(filter->queueModel(), &QueueModel::moveRequested, actions, &QueueActions::moveBefore);
    updatePlaceholder();
}

void QueueView::connectRows()
{
    connect(m_filter, &QAbstractItemModel::rowsAboutToBeInserted, this, &QueueView::keepAnchor);
    connect(m_filter, &QAbstractItemModel::rowsAboutToBeRemoved, this, &QueueView::keepAnchor);
    connect(m_filter, &QAbstractItemModel::layoutAboutToBeChanged, this, &QueueView::keepAnchor);
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, &QueueView::updatePlaceholder);
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this, &QueueView::updatePlaceholder);
    connect(m_filter, &QueueFilter::filterChanged, this, &QueueView::updatePlaceholder);
}

void QueueView::setDensity(RowDensity density)
{
    m_delegate->setDensity(density);
    scheduleDelayedItemsLayout();
}

void QueueView::setThumbnails(ThumbnailStore *store)
{
    m_delegate->setThumbnails([this, store](const QModelIndex &index, const QSize &size) {
        const queue::Job *job = m_filter->queueModel()->jobAt(m_filter->mapToSource(index).row());
        return job ? store->find(job->source, job->identity, size) : QPixmap();
    });
    connect(store, &ThumbnailStore::arrived, viewport(), qOverload<>(&QWidget::update));
}

QStringList QueueView::selectedIds() const
{
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QStringList ids;
    ids.reserve(rows.size());
    for (const QModelIndex &row : std::as_const(rows))
        ids.append(m_filter->idOf(row));
    return ids;
}

void QueueView::select(const QStringList &ids)
{
    QItemSelection selection;
    for (const QString &id : ids) {
        if (const QModelIndex row = m_filter->indexOf(id); row.isValid())
            selection.select(row, row);
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

void QueueView::showJob(const QString &id)
{
    const QModelIndex row = m_filter->indexOf(id);
    if (!row.isValid())
        return;
    setCurrentIndex(row);
    scrollTo(row);
}

void QueueView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    const QStringList ids = selectedIds();
    m_actions->setSelection(ids);
    Q_EMIT selectionChangedTo(ids);
}

// Rows that come and go above what is seen do not move it.
void QueueView::keepAnchor()
{
    if (!m_anchorId.isEmpty() || verticalScrollBar()->value() == 0)
        return;
    const QModelIndex first = indexAt(QPoint(viewport()->width() / 2, 0));
    if (!first.isValid())
        return;
    m_anchorId = m_filter->idOf(first);
    m_anchorTop = visualRect(first).top();
    QMetaObject::invokeMethod(this, &QueueView::restoreAnchor, Qt::QueuedConnection);
}

void QueueView::restoreAnchor()
{
    executeDelayedItemsLayout();
    const QModelIndex anchor = m_filter->indexOf(m_anchorId);
    m_anchorId.clear();
    if (!anchor.isValid())
        return;
    QScrollBar *bar = verticalScrollBar();
    bar->setValue(bar->value() + visualRect(anchor).top() - m_anchorTop);
}

QStyleOptionViewItem QueueView::optionFor(const QModelIndex &index) const
{
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    option.rect = visualRect(index);
    return option;
}

RowLayout QueueView::layoutAt(const QModelIndex &index) const
{
    const auto content = index.data(QueueModel::ContentRole).value<RowContent>();
    return m_delegate->layoutOf(optionFor(index), content);
}

void QueueView::showEvent(QShowEvent *event)
{
    QTreeView::showEvent(event);
    window()->installEventFilter(this);
    updateShown();
}

void QueueView::hideEvent(QHideEvent *event)
{
    QTreeView::hideEvent(event);
    updateShown();
}

bool QueueView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == window() && event->type() == QEvent::WindowStateChange)
        updateShown();
    return QTreeView::eventFilter(watched, event);
}

// What nobody sees is neither sampled nor painted.
void QueueView::updateShown()
{
    m_filter->queueModel()->setShown(isVisible() && !window()->isMinimized());
}

void QueueView::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_actions->retint();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        scheduleDelayedItemsLayout();
}

void QueueView::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    m_placeholder->setGeometry(viewport()->rect());
}

void QueueView::updatePlaceholder()
{
    m_placeholder->setGeometry(viewport()->rect());
    m_placeholder->refresh(*m_filter);
}

} // namespace sendoff::ui
