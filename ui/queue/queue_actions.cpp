// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_actions.h"

#include "core/base/error_text.h"
#include "core/queue/job_queue.h"
#include "ui/theme/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QUndoStack>

#include <algorithm>

namespace sendoff::ui {

using queue::Job;
using queue::MoveTo;
using queue::QueueVerb;

QueueActions::QueueActions(QueueTarget target, QUndoStack *undoStack, QObject *parent)
    : QObject(parent)
    , m_target(target)
    , m_undoStack(undoStack)
{
    pause = add(tr("&Pause"), QStringLiteral("pause"), Qt::Key_Space);
    cancel = add(tr("&Cancel"), QStringLiteral("cancel"), QKeySequence::Delete);
    undoCancel = add(tr("&Undo cancel"), QStringLiteral("undo"), {});
    retry = add(tr("&Retry"), QStringLiteral("retry"), QKeySequence(Qt::CTRL | Qt::Key_R));
    startOver = add(tr("&Start over"), QStringLiteral("start-over"), {});
    moveUp = add(tr("Move &up"), QStringLiteral("up"), QKeySequence(Qt::ALT | Qt::Key_Up));
    moveDown = add(tr("Move &down"), QStringLiteral("down"), QKeySequence(Qt::ALT | Qt::Key_Down));
    moveToTop =
        add(tr("Move to &top"), QStringLiteral("top"), QKeySequence(Qt::ALT | Qt::Key_Home));
    moveToBottom =
        add(tr("Move to &bottom"), QStringLiteral("bottom"), QKeySequence(Qt::ALT | Qt::Key_End));
    changeRecipe = add(tr("Cha&nge recipe…"), QStringLiteral("preset"), {});
    openResult =
        add(tr("&Open result"), QStringLiteral("open"), QKeySequence(Qt::CTRL | Qt::Key_Return));
    showInFolder = add(tr("Show in &folder"), QStringLiteral("show-in-folder"),
                       QKeySequence(Qt::CTRL | Qt::Key_L));
    copyLink = add(tr("Copy &link"), QStringLiteral("copy-link"),
                   QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    copyDetails = add(tr("Copy d&etails"), QStringLiteral("copy"), {});
    remove = add(tr("Re&move from list"), QStringLiteral("remove"), {});
    pauseAll = add(tr("Pause &all"), QStringLiteral("pause"),
                   QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Space));
    clearFinished = add(tr("Clear &finished"), QStringLiteral("clear"), {});
    connectActions();
    update();
}

QAction *QueueActions::add(const QString &text, const QString &icon, const QKeySequence &shortcut)
{
    auto *action = new QAction(ui::icon(icon, QGuiApplication::palette()), text, this);
    action->setObjectName(icon);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    return action;
}

void QueueActions::retint()
{
    const QList<QAction *> actions = findChildren<QAction *>(Qt::FindDirectChildrenOnly);
    for (QAction *action : actions)
        action->setIcon(icon(action->objectName(), QGuiApplication::palette()));
    update();
}

void QueueActions::connectActions()
{
    connect(pause, &QAction::triggered, this, [this] {
        const QStringList running = usable(QueueVerb::Pause, m_selection);
        if (!running.isEmpty())
            act(QueueVerb::Pause, running);
        else
            act(QueueVerb::Resume, usable(QueueVerb::Resume, m_selection));
    });
    connect(cancel, &QAction::triggered, this, &QueueActions::cancelOrRemove);
    connect(undoCancel, &QAction::triggered, this,
            [this] { (void)m_target.commands->undoCancel(m_selection); });
    connect(retry, &QAction::triggered, this,
            [this] { (void)m_target.commands->retry(m_selection); });
    connect(startOver, &QAction::triggered, this,
            [this] { (void)m_target.commands->startOver(m_selection); });
    connect(moveUp, &QAction::triggered, this, [this] { move(MoveTo::Up); });
    connect(moveDown, &QAction::triggered, this, [this] { move(MoveTo::Down); });
    connect(moveToTop, &QAction::triggered, this, [this] { move(MoveTo::Top); });
    connect(moveToBottom, &QAction::triggered, this, [this] { move(MoveTo::Bottom); });
    connect(changeRecipe, &QAction::triggered, this,
            [this] { Q_EMIT recipeRequested(m_selection); });
    connect(openResult, &QAction::triggered, this,
            [this] { Q_EMIT openRequested(m_selection.value(0)); });
    connect(showInFolder, &QAction::triggered, this,
            [this] { Q_EMIT showInFolderRequested(m_selection.value(0)); });
    connect(copyLink, &QAction::triggered, this, [this] { copyLinks(m_selection); });
    connect(copyDetails, &QAction::triggered, this, &QueueActions::copyText);
    connect(remove, &QAction::triggered, this,
            [this] { act(QueueVerb::Remove, usable(QueueVerb::Remove, m_selection)); });
    connect(pauseAll, &QAction::triggered, this, [this] {
        if (m_target.commands->isPausedAll())
            m_target.commands->resumeAll();
        else
            m_target.commands->pauseAll();
    });
    connect(clearFinished, &QAction::triggered, this, [this] {
        QStringList finished;
        for (const QString &id : m_target.queue->order()) {
            if (m_target.queue->find(id)->isDone())
                finished.append(id);
        }
        act(QueueVerb::Remove, finished);
    });
    connect(m_target.queue, &queue::JobQueue::legChanged, this, [this](const QString &id) {
        if (m_selection.contains(id))
            update();
    });
    connect(m_target.queue, &queue::JobQueue::jobsAdded, this, &QueueActions::update);
    connect(m_target.queue, &queue::JobQueue::jobsRemoved, this, &QueueActions::update);
    connect(m_target.queue, &queue::JobQueue::orderChanged, this, &QueueActions::update);
    connect(m_target.commands, &queue::QueueCommands::pausedAllChanged, this,
            &QueueActions::update);
}

QList<QAction *> QueueActions::rowActions() const
{
    return {pause,     cancel,       undoCancel, retry,        startOver, moveUp,      moveDown,
            moveToTop, moveToBottom, changeRecipe, openResult, showInFolder, copyLink, copyDetails, remove};
}

void QueueActions::fill(QMenu *menu) const
{
    menu->setToolTipsVisible(true);
    menu->addActions({pause, cancel, undoCancel, retry, startOver});
    menu->addSeparator();
    QMenu *moving = menu->addMenu(tr("Mo&ve"));
    moving->setToolTipsVisible(true);
    moving->addActions({moveUp, moveDown, moveToTop, moveToBottom});
    menu->addAction(changeRecipe);
    menu->addSeparator();
    menu->addActions({openResult, showInFolder, copyLink, copyDetails});
    menu->addSeparator();
    menu->addAction(remove);
}

void QueueActions::setSelection(const QStringList &ids)
{
    m_selection = ids;
    update();
}

void QueueActions::act(QueueVerb verb, const QStringList &ids)
{
    if (ids.isEmpty())
        return;
    QUndoCommand *command = undoable(verb, ids, m_target).release();
    m_undoStack->push(command); // deletes it where it changed nothing
    if (m_undoStack->index() == 0 || m_undoStack->command(m_undoStack->index() - 1) != command)
        return;
    if (verb == QueueVerb::Cancel)
        Q_EMIT cancelled(ids);
    else if (verb == QueueVerb::Remove)
        Q_EMIT removed(ids);
}

void QueueActions::cancelOrRemove()
{
    const QStringList unfinished = usable(QueueVerb::Cancel, m_selection);
    if (unfinished.isEmpty())
        act(QueueVerb::Remove, usable(QueueVerb::Remove, m_selection));
    else
        act(QueueVerb::Cancel, unfinished);
}

void QueueActions::move(MoveTo where)
{
    const QStringList ids = usable(QueueVerb::Move, m_selection);
    if (ids.isEmpty())
        return;
    m_undoStack->push(undoableMove(ids, where, m_target).release());
    Q_EMIT moved(ids);
}

void QueueActions::moveBefore(const QStringList &ids, int index)
{
    m_undoStack->push(undoableMoveBefore(ids, index, m_target).release());
    Q_EMIT moved(ids);
}

void QueueActions::setRecipe(const QStringList &ids, const queue::Recipe &recipe)
{
    m_undoStack->push(undoableRecipe(ids, recipe, m_target).release());
}

void QueueActions::perform(RowAction action, const QString &id)
{
    const QStringList ids{id};
    switch (action) {
    case RowAction::None:
        return;
    case RowAction::Pause:
        return act(QueueVerb::Pause, ids);
    case RowAction::Resume:
        // Paused with all others: only resuming all lets it go on.
        if (m_target.commands->whyNot(QueueVerb::Resume, id) && m_target.commands->isPausedAll())
            return m_target.commands->resumeAll();
        return act(QueueVerb::Resume, ids);
    case RowAction::Cancel:
        return act(QueueVerb::Cancel, ids);
    case RowAction::UndoCancel:
        (void)m_target.commands->undoCancel(ids);
        return;
    case RowAction::Retry:
        (void)m_target.commands->retry(ids);
        return;
    case RowAction::StartOver:
        (void)m_target.commands->startOver(ids);
        return;
    case RowAction::CopyLink:
        return copyLinks(ids);
    case RowAction::ShowInFolder:
        Q_EMIT showInFolderRequested(id);
        return;
    case RowAction::Remove:
        return act(QueueVerb::Remove, ids);
    }
}

void QueueActions::copyLinks(const QStringList &ids)
{
    QStringList links;
    for (const QString &id : ids) {
        const Job *job = m_target.queue->find(id);
        if (job && !linkOf(*job).isEmpty())
            links.append(linkOf(*job));
    }
    if (links.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(links.join(u'\n'));
    Q_EMIT linkCopied(links.first());
}

// What helps another person to understand a row.
void QueueActions::copyText() const
{
    QStringList lines;
    for (const QString &id : m_selection) {
        const Job *job = m_target.queue->find(id);
        if (!job)
            continue;
        const auto state = rowStateOf(*job, m_target.commands->isPausedAll());
        lines.append(displayPath(job->source));
        lines.append(rowText(*job, state, {}).sentence);
        for (const queue::Leg &leg : job->legs) {
            if (leg.error)
                lines.append(describe(*leg.error).sentence());
        }
        if (const QString link = linkOf(*job); !link.isEmpty())
            lines.append(link);
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace sendoff::ui
