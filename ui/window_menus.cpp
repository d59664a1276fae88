// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window_menus.h"

#include "ui/queue/queue_actions.h"
#include "ui/window_actions.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

namespace sendoff::ui {

namespace {

struct MenuWords {
    Q_DECLARE_TR_FUNCTIONS(MenuWords)
};

void fillFile(QMenu *menu, const WindowActions &window)
{
    menu->addActions({window.addVideos, window.addFolder, window.trySample});
    menu->addSeparator();
    menu->addAction(window.quit);
}

void fillEdit(QMenu *menu, const WindowActions &window)
{
    menu->addActions({window.undo, window.redo});
    menu->addSeparator();
    menu->addAction(window.paste);
    menu->addSeparator();
    menu->addAction(window.find);
}

void fillJob(QMenu *menu, const QueueActions &rows)
{
    menu->addAction(rows.pauseAll);
    menu->addSeparator();
    rows.fill(menu);
    menu->addAction(rows.clearFinished);
}

void fillView(QMenu *menu, const WindowActions &window)
{
    menu->addActions({window.showFilters, window.showActivity});
    menu->addSeparator();
    menu->addMenu(MenuWords::tr("&Show"))->addActions(window.filters);
    menu->addAction(window.compactRows);
    QMenu *theme = menu->addMenu(MenuWords::tr("&Theme"));
    theme->addActions(window.theme->actions());
    menu->addSeparator();
    menu->addActions({window.nextRegion, window.previousRegion});
    menu->addSeparator();
    menu->addAction(window.resetLayout);
}

} // namespace

void fillMenus(QMenuBar *bar, const WindowActions &window, const QueueActions &rows)
{
    bar->setObjectName(QStringLiteral("menuBar"));
    bar->setAccessibleName(MenuWords::tr("Menus"));
    fillFile(bar->addMenu(MenuWords::tr("&File")), window);
    fillEdit(bar->addMenu(MenuWords::tr("&Edit")), window);
    fillJob(bar->addMenu(MenuWords::tr("&Job")), rows);
    fillView(bar->addMenu(MenuWords::tr("&View")), window);
    QMenu *help = bar->addMenu(MenuWords::tr("&Help"));
    help->addActions({window.help, window.shortcuts, window.lessons});
    help->addSeparator();
    help->addAction(window.about);
    for (QAction *entry : bar->actions())
        entry->menu()->setToolTipsVisible(true); // why something does not apply
}

} // namespace sendoff::ui
