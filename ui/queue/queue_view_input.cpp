// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the pointer and the keys do in the list.
#include "ui/queue/queue_view.h"

#include "ui/queue/queue_actions.h"
#include "ui/queue/queue_filter.h"
#include "ui/queue/queue_model.h"

#include <QContextMenuEvent>
#include <QDrag>
#include <QHelpEvent>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QToolTip>

namespace sendoff::ui {

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
