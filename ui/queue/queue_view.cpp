// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_view.h"

#include "ui/queue/queue_actions.h"
#include "ui/queue/queue_filter.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/queue_placeholder.h"
#include "ui/queue/thumbnail_store.h"

#include <QContextMenuEvent>
#include <QDrag>
#include <QHeaderView>
#include <QHelpEvent>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>

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

RowPointer QueueView::pointerAt(const QPoint &point) const
{
    RowPointer pointer;
    const QModelIndex index = indexAt(point);
    if (!index.isValid())
        return pointer;
    pointer.button = layoutAt(index).buttonAt(point);
    if (pointer.button >= 0)
        pointer.index = index;
    return pointer;
}

void QueueView::setPointer(const RowPointer &pointer)
{
    const bool isSame = m_pointer.index == pointer.index && m_pointer.button == pointer.button
        && m_pointer.isPressed == pointer.isPressed;
    if (isSame)
        return;
    const QPersistentModelIndex before = m_pointer.index;
    m_pointer = pointer;
    m_delegate->setPointer(pointer);
    QTreeView::update(before);
    QTreeView::update(pointer.index);
}

void QueueView::mousePressEvent(QMouseEvent *event)
{
    RowPointer pointer = pointerAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || pointer.button < 0) {
        QTreeView::mousePressEvent(event);
        return;
    }
    pointer.isPressed = true; // neither selects nor drags
    setPointer(pointer);
    event->accept();
}

void QueueView::mouseMoveEvent(QMouseEvent *event)
{
    RowPointer pointer = pointerAt(event->position().toPoint());
    if (m_pointer.isPressed) {
        const bool isStillOver =
            pointer.index == m_pointer.index && pointer.button == m_pointer.button;
        if (!isStillOver)
            setPointer({});
        return;
    }
    setPointer(pointer);
    if (!event->buttons() || pointer.button < 0)
        QTreeView::mouseMoveEvent(event);
}

void QueueView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_pointer.isPressed) {
        QTreeView::mouseReleaseEvent(event);
        return;
    }
    const RowPointer pressed = m_pointer;
    const RowPointer now = pointerAt(event->position().toPoint());
    setPointer(now);
    if (now.index != pressed.index || now.button != pressed.button)
        return;
    const auto content = pressed.index.data(QueueModel::ContentRole).value<RowContent>();
    m_actions->perform(content.buttons[std::size_t(pressed.button)], content.id);
}

void QueueView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (pointerAt(event->position().toPoint()).button >= 0)
        mousePressEvent(event); // two quick clicks on a button are two clicks
    else
        QTreeView::mouseDoubleClickEvent(event);
}

void QueueView::leaveEvent(QEvent *event)
{
    setPointer({});
    QTreeView::leaveEvent(event);
}

void QueueView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !selectionModel()->selection().isEmpty()) {
        clearSelection();
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

void QueueView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    if (!isByKey && !indexAt(event->pos()).isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_actions->fill(menu);
    const QPoint place =
        isByKey ? viewport()->mapToGlobal(visualRect(currentIndex()).center()) : event->globalPos();
    menu->popup(place);
}

bool QueueView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QTreeView::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    showToolTip(help->pos(), help->globalPos());
    return true;
}

// What a button does; else what may have been cut.
void QueueView::showToolTip(const QPoint &point, const QPoint &global)
{
    const QModelIndex index = indexAt(point);
    if (!index.isValid()) {
        QToolTip::hideText();
        return;
    }
    const auto content = index.data(QueueModel::ContentRole).value<RowContent>();
    const RowLayout layout = layoutAt(index);
    const int button = layout.buttonAt(point);
    const QString text = button >= 0    ? actionText(content.buttons[std::size_t(button)])
        : layout.name.contains(point)   ? content.name
        : layout.recipe.contains(point) ? content.recipe
                                        : content.text.sentence;
    // Shown as plain text: names may look like HTML.
    QToolTip::showText(global, text.toHtmlEscaped(), viewport(), visualRect(index));
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

// Within the list rows are moved; to other programs a finished file is only ever given as a copy.
void QueueView::startDrag(Qt::DropActions)
{
    const QModelIndexList rows = selectionModel()->selectedRows();
    QMimeData *mime = m_filter->mimeData(rows);
    if (!mime)
        return;
    auto *drag = new QDrag(this);
    drag->setMimeData(mime);
    const QModelIndex first = rows.contains(currentIndex()) ? currentIndex() : rows.first();
    const QRect row = visualRect(first);
    drag->setPixmap(viewport()->grab(QRect(row.topLeft(), QSize(row.width() / 2, row.height()))));
    const bool hasFiles = mime->hasUrls();
    drag->exec(hasFiles ? Qt::CopyAction | Qt::LinkAction : Qt::DropActions(Qt::MoveAction),
               hasFiles ? Qt::CopyAction : Qt::MoveAction);
    setState(NoState);
}

} // namespace sendoff::ui
