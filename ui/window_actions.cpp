// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window_actions.h"

#include "ui/theme/icons.h"
#include "ui/window_settings.h"

#include <QAction>
#include <QActionGroup>
#include <QUndoStack>
#include <QWidget>

#include <utility>

namespace sendoff::ui {

namespace {

QAction *named(QAction *action, const char *name)
{
    action->setObjectName(QString::fromLatin1(name));
    return action;
}

} // namespace

WindowActions::WindowActions(QWidget *window, QUndoStack *undoStack)
    : QObject(window),
      addVideos(make("addVideos", tr("&Add videos…"), QKeySequence::Open)),
      addFolder(make("addFolder", tr("Add &folder…"))),
      paste(make("paste", tr("&Paste videos"), QKeySequence::Paste)),
      trySample(make("trySample", tr("Try with a &sample"))),
      quit(make("quit", tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q))),
      undo(named(undoStack->createUndoAction(this, tr("&Undo")), "undo")),
      redo(named(undoStack->createRedoAction(this, tr("&Redo")), "redo")),
      find(make("find", tr("&Find"), QKeySequence::Find)),
      showFilters(make("showFilters", tr("&Filters"), QKeySequence(Qt::Key_F9))),
      showActivity(make("showActivity", tr("&Activity"), QKeySequence(Qt::CTRL | Qt::Key_T))),
      resetLayout(make("resetLayout", tr("&Reset layout"))),
      compactRows(make("compactRows", tr("&Compact rows"))),
      nextRegion(make("nextRegion", tr("&Next region"), QKeySequence(Qt::Key_F6))),
      previousRegion(
          make("previousRegion", tr("&Previous region"), QKeySequence(Qt::SHIFT | Qt::Key_F6))),
      help(make("help", tr("Sendoff &help"), QKeySequence(Qt::Key_F1))),
      shortcuts(make("shortcuts", tr("&Keyboard shortcuts"), QKeySequence(Qt::CTRL | Qt::Key_Question))),
      lessons(make("lessons", tr("&Lessons: parallel and concurrent"))),
      about(make("about", tr("&About Sendoff"))), theme(new QActionGroup(this))
{
    undo->setShortcut(QKeySequence::Undo);
    redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)});
    quit->setMenuRole(QAction::QuitRole);
    about->setMenuRole(QAction::AboutRole);
    for (QAction *action : {showFilters, showActivity, compactRows})
        action->setCheckable(true);
    trySample->setToolTip(tr("Makes three short clips and sends them to your Shelf"));
    makeThemes();
    makeFilters();
    window->addActions(all());
    window->addActions(filters);
}

QAction *WindowActions::make(const char *name, const QString &text, const QKeySequence &key)
{
    auto *action = named(new QAction(text, this), name);
    if (!key.isEmpty())
        action->setShortcut(key);
    return action;
}

void WindowActions::makeThemes()
{
    theme->setExclusive(true);
    const std::pair<Theme, QString> themes[] = {{Theme::System, tr("Follow the &system")},
                                                {Theme::Light, tr("&Light")},
                                                {Theme::Dark, tr("&Dark")}};
    for (const auto &[value, text] : themes) {
        QAction *action = theme->addAction(text);
        action->setCheckable(true);
        action->setData(int(value));
    }
}

void WindowActions::makeFilters()
{
    constexpr int lines = 7;
    for (int line = 1; line <= lines; ++line) {
        QAction *action = make("filter", tr("Filter %1").arg(line),
                               QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + line)));
        filters.append(action);
    }
}

QList<QAction *> WindowActions::all() const
{
    return {addVideos,   addFolder,  paste,       trySample,    quit,         undo,
            redo,        find,       showFilters,  showActivity, resetLayout,
            compactRows, nextRegion, previousRegion, help,      shortcuts,    lessons, about};
}

void WindowActions::setIcons(const QPalette &palette)
{
    const std::pair<QAction *, const char *> icons[] = {
        {addVideos, "add"},      {addFolder, "folder"}, {trySample, "sample"}, {undo, "undo"},
        {redo, "redo"},          {find, "find"},        {showActivity, "activity"},
        {showFilters, "filter"}, {shortcuts, "key"},    {help, "help"},        {lessons, "activity"}, {about, "info"}};
    for (const auto &[action, name] : icons)
        action->setIcon(icon(QString::fromLatin1(name), palette));
}

} // namespace sendoff::ui
