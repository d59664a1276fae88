// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/drop_target.h"

#include "ui/adding/adding.h"
#include "ui/adding/drop_content.h"
#include "ui/adding/drop_frame.h"
#include "ui/adding/empty_page.h"

#include <QDropEvent>
#include <QMimeData>

namespace sendoff::ui {

namespace {

// The source is never moved or deleted, whatever the other program proposes.
void acceptCopy(QDropEvent *event)
{
    event->setDropAction(Qt::CopyAction);
    event->accept();
}

// A link or a text is taken as well, so that the window can say why it is of no use.
bool isForUs(const QDropEvent &event)
{
    const bool isOurOwn = event.source() != nullptr; // a row of the queue
    return !isOurOwn && (event.possibleActions() & Qt::CopyAction)
        && (event.mimeData()->hasUrls() || event.mimeData()->hasText());
}

} // namespace

DropTarget::DropTarget(QWidget *window, Adding *adding, EmptyPage *emptyPage, DropOverlay *overlay)
    : QObject(window), m_adding(adding), m_emptyPage(emptyPage), m_overlay(overlay)
{
    window->setAcceptDrops(true);
    window->installEventFilter(this);
}

bool DropTarget::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove: {
        auto *drag = static_cast<QDropEvent *>(event);
        if (!isForUs(*drag))
            return false;
        const DropContent content = dropContentOf(*drag->mimeData());
        if (event->type() == QEvent::DragEnter)
            showText(content.canBeAdded() ? releaseText(content) : refusalText(content));
        acceptCopy(drag);
        return true;
    }
    case QEvent::DragLeave:
        showText({});
        return true;
    case QEvent::Drop: {
        showText({});
        auto *drop = static_cast<QDropEvent *>(event);
        if (!isForUs(*drop))
            return false;
        acceptCopy(drop);
        m_adding->addFrom(*drop->mimeData());
        return true;
    }
    default:
        return QObject::eventFilter(watched, event);
    }
}

void DropTarget::showText(const QString &text)
{
    const bool isEmptyPage = m_emptyPage->isVisible();
    m_emptyPage->setDragText(isEmptyPage ? text : QString());
    m_overlay->showText(isEmptyPage ? QString() : text);
}

} // namespace sendoff::ui
