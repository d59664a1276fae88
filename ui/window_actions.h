// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// WindowActions: the actions that concern the window and the whole queue, each once, for menus,
// tool bar and keys. Not for: what acts on rows (ui/queue/queue_actions.h).

#include <QKeySequence>
#include <QList>
#include <QObject>

class QAction;
class QActionGroup;
class QPalette;
class QUndoStack;
class QWidget;

namespace sendoff::ui {

class WindowActions : public QObject {
    Q_OBJECT

public:
    // The actions become actions of `window`, so that their keys work in all of it.
    WindowActions(QWidget *window, QUndoStack *undoStack);

    // Icons are tinted from the palette: again after each change of it.
    void setIcons(const QPalette &palette);
    QAction *const addVideos;
    QAction *const addFolder;
    QAction *const paste;
    QAction *const trySample;
    QAction *const quit;
    QAction *const undo;
    QAction *const redo;
    QAction *const find;
    QAction *const showFilters;
    QAction *const showActivity;
    QAction *const resetLayout;
    QAction *const compactRows;
    QAction *const nextRegion;
    QAction *const previousRegion;
    QAction *const help;
    QAction *const shortcuts;
    QAction *const lessons;
    QAction *const about;
    QList<QAction *> filters; // the first to the seventh line of the filter list
    QActionGroup *const theme; // checkable; data() is a Theme

    // All that have a key, for the page of shortcuts.
    QList<QAction *> all() const;

private:
    QAction *make(const char *name, const QString &text, const QKeySequence &key = {});
    void makeThemes();
    void makeFilters();
};

} // namespace sendoff::ui
