// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueActions: everything that can be done with rows of the queue, as actions that menus, the
// toolbar, the context menu, the rows' buttons and shortcuts share. Not for: the window's own
// actions (add, find, quit).

#include "ui/queue/queue_undo.h"
#include "ui/queue/row_content.h"

#include <QAction>
#include <QObject>
#include <QStringList>

#include <memory>

class QMenu;
class QUndoStack;

namespace sendoff::ui {

// Main thread. What `target` names and `undoStack` outlive it.
class QueueActions : public QObject {
    Q_OBJECT

public:
    QueueActions(QueueTarget target, QUndoStack *undoStack, QObject *parent = nullptr);

    // What the actions act on: ids in queue order.
    void setSelection(const QStringList &ids);
    const QStringList &selection() const { return m_selection; }

    QAction *pause; // of the selection; reads “Resume” where all of it is paused
    QAction *cancel; // Del: cancels what is unfinished, removes what is finished
    QAction *undoCancel;
    QAction *retry;
    QAction *startOver;
    QAction *moveUp;
    QAction *moveDown;
    QAction *moveToTop;
    QAction *moveToBottom;
    QAction *changeRecipe; // of what has not begun
    QAction *openResult;
    QAction *showInFolder;
    QAction *copyLink;
    QAction *copyDetails;
    QAction *remove; // the rows only
    QAction *pauseAll; // reads “Resume all” while all are paused
    QAction *clearFinished;

    // All that belong to rows, for adding them to a widget with their shortcuts.
    QList<QAction *> rowActions() const;
    // The context menu of the selection: always the same order, what does not apply is disabled.
    void fill(QMenu *menu) const;

    // What a row's button does, for that row alone.
    void perform(RowAction action, const QString &id);
    void moveBefore(const QStringList &ids, int index);
    // The icons in the colors of the present palette.
    void retint();
    void setRecipe(const QStringList &ids, const queue::Recipe &recipe);

Q_SIGNALS:
    // By the user's wish, through one of the actions; the jobs it changed. For the Undo bar.
    void cancelled(const QStringList &ids);
    void removed(const QStringList &ids);
    void openRequested(const QString &id);
    void showInFolderRequested(const QString &id);
    // The owner asks which one, and calls setRecipe().
    void recipeRequested(const QStringList &ids);
    void linkCopied(const QString &link);
    void moved(const QStringList &ids);

private:
    QAction *add(const QString &text, const QString &icon, const QKeySequence &shortcut);
    void connectActions();
    void update();
    void updatePause();
    void setUsable(QAction *action, const QString &reason);
    QStringList usable(queue::QueueVerb verb, const QStringList &ids) const;
    QString reasonAgainst(queue::QueueVerb verb) const;
    QString reasonAgainstLink() const;
    void act(queue::QueueVerb verb, const QStringList &ids);
    void cancelOrRemove();
    void move(queue::MoveTo where);
    void copyLinks(const QStringList &ids);
    void copyText() const;

    QueueTarget m_target;
    QUndoStack *m_undoStack;
    QStringList m_selection;
};

// Why a verb does not apply, as a sentence for a tooltip.
QString refusalText(queue::Refusal refusal);

} // namespace sendoff::ui
