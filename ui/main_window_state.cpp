// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers, and what it shows beside the queue.

#include "core/base/error_text.h"
#include "core/queue/job_queue.h"
#include "core/queue/queue_commands.h"
#include "core/queue/scheduler.h"
#include "core/transfer/destination_store.h"
#include "ui/activity/activity_dock.h"
#include "ui/adding/adding.h"
#include "ui/adding/empty_page.h"
#include "ui/adding/video_picker.h"
#include "ui/appearance.h"
#include "ui/bars/notice_bar.h"
#include "ui/bars/recipe_bar.h"
#include "ui/bars/top_bar.h"
#include "ui/main_window.h"
#include "ui/queue/filter_list.h"
#include "ui/queue/queue_actions.h"
#include "ui/queue/queue_filter.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/queue_view.h"
#include "ui/queue_notices.h"
#include "ui/window_actions.h"

#include <QAction>
#include <QActionGroup>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>

#include <array>

namespace sendoff::ui {

namespace {

constexpr int leastRowLines = 24; // lines of text beside the Activity view: six rows and the bars

constexpr QSize usualSize(1280, 800);
constexpr auto usualPreset = "web-1080p";

// For the settings file; they outlive a reordering of the enum.
constexpr std::array filterNames{"all",     "needs-attention", "exporting", "uploading",
                                 "waiting", "paused",          "done",      "cancelled"};
static_assert(filterNames.size() == filterKinds);

QString filterName(FilterKind kind)
{
    return QString::fromLatin1(filterNames[std::size_t(kind)]);
}

FilterKind filterKindFrom(const QString &name)
{
    for (std::size_t index = 0; index < filterNames.size(); ++index) {
        if (name == QLatin1String(filterNames[index]))
            return FilterKind(index);
    }
    return FilterKind::All;
}

} // namespace

void MainWindow::restoreSettings()
{
    const WindowSettings &settings = m_services.settings;
    showSetUpDestinations();
    m_recipeBar->setPlaces(settings.recentPlaces, settings.place);
    m_recipeBar->setPreset(settings.preset.isEmpty() ? QString::fromLatin1(usualPreset)
                                                     : settings.preset);
    m_appearance->setTheme(settings.theme);
    for (QAction *action : m_actions->theme->actions())
        action->setChecked(Theme(action->data().toInt()) == settings.theme);
    if (settings.geometry.isEmpty() || !restoreGeometry(settings.geometry))
        resize(usualSize);
    restoreState(settings.state);
    m_splitter->restoreState(settings.splitter);
    m_actions->showFilters->setChecked(settings.showsFilters);
    m_wantsActivity = settings.showsActivity;
    m_hasShownActivity = settings.hasShownActivity;
    m_actions->showActivity->setChecked(m_wantsActivity);
    m_actions->compactRows->setChecked(settings.density == RowDensity::Compact);
    showDensity();
    m_filter->setKind(filterKindFrom(settings.filter));
}

// Those that videos can be sent to by name.
void MainWindow::showSetUpDestinations()
{
    QStringList names;
    for (const transfer::StoredDestination &known : m_services.destinations->destinations())
        names.append(known.config.name);
    m_recipeBar->setDestinations(names);
}

void MainWindow::showDensity()
{
    m_view->setDensity(m_actions->compactRows->isChecked() ? RowDensity::Compact
                                                           : RowDensity::Comfortable);
}

WindowSettings MainWindow::settingsNow() const
{
    WindowSettings settings = m_services.settings;
    settings.geometry = saveGeometry();
    settings.state = saveState();
    settings.splitter = m_splitter->saveState();
    settings.theme = m_appearance->theme();
    settings.density = m_view->density();
    settings.filter = filterName(m_filter->kind());
    settings.showsFilters = m_actions->showFilters->isChecked();
    settings.showsActivity = m_wantsActivity;
    settings.hasShownActivity = m_hasShownActivity;
    settings.preset = m_recipeBar->presetId();
    settings.place = m_recipeBar->place();
    settings.recentPlaces = m_recipeBar->recentPlaces();
    settings.lastFolder = m_picker->lastFolder();
    return settings;
}

void MainWindow::queueLoaded(const queue::StartReport &report)
{
    m_isLoaded = true;
    m_adding->open();
    if (!report.problems.isEmpty())
        m_noticeBar->post(problemsNotice(report.problems));
    auto notice = restoredNotice(
        report, [this] { m_services.commands->pauseAll(); },
        [this] { m_services.commands->resumeAll(); });
    if (notice)
        m_noticeBar->post(std::move(*notice));
    showParts();
    showFigures();
}

void MainWindow::showDestinations(const QString &place)
{
    const QList<queue::DestinationState> states = m_services.scheduler->destinations();
    m_filterList->setDestinations(states);
    std::optional<Notice> notice;
    for (const queue::DestinationState &state : states) {
        if (state.place == place)
            notice = destinationNotice(state,
                                       [this, place] { m_services.scheduler->tryNow(place); });
    }
    if (notice)
        m_noticeBar->post(std::move(*notice));
    else
        m_noticeBar->withdraw(destinationKey(place));
}

void MainWindow::addFiles(std::vector<FilePath> paths)
{
    m_adding->add(std::move(paths));
}

void MainWindow::raiseWindow()
{
    if (isMinimized())
        showNormal();
    raise();
    activateWindow();
}

void MainWindow::showRecipe()
{
    m_emptyPage->setRecipeSentence(m_recipeBar->sentence());
}

// An empty queue has nothing to filter and nothing that could be watched.
void MainWindow::showParts()
{
    const bool hasRows = !m_services.queue->order().isEmpty();
    const bool isEmpty = m_isLoaded && !hasRows;
    m_stack->setCurrentWidget(isEmpty ? static_cast<QWidget *>(m_emptyPage) : m_view);
    m_filterList->setVisible(!isEmpty && m_actions->showFilters->isChecked());
    m_activityDock->setVisible(!isEmpty && m_wantsActivity);
    m_queueActions->pauseAll->setEnabled(hasRows);
    m_actions->find->setEnabled(hasRows);
    m_topBar->find()->setEnabled(hasRows);
}

// The first time that two jobs run the Activity view opens by itself, where the rows keep the
// greater part of the window.
void MainWindow::showActivityOnce(int running)
{
    const QSize wanted = m_activityDock->minimumSizeHint();
    const bool hasRoom = wanted.width() <= width() && height() - wanted.height() >= height() / 2
        && height() - wanted.height() >= leastRowLines * fontMetrics().height();
    if (m_hasShownActivity || running < 2 || !hasRoom)
        return;
    m_hasShownActivity = true;
    m_wantsActivity = true;
    m_actions->showActivity->setChecked(true);
    showParts();
}

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_activityDock && event->type() == QEvent::Close) {
        m_wantsActivity = false;
        m_actions->showActivity->setChecked(false);
    }
    if (watched == m_topBar->find() && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Escape)
            m_topBar->find()->clear();
        if (key == Qt::Key_Escape || key == Qt::Key_Down || key == Qt::Key_Return) {
            m_view->setFocus(Qt::OtherFocusReason);
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::resetLayout()
{
    m_actions->showFilters->setChecked(true);
    m_wantsActivity = m_model->rowCount() > 1;
    m_actions->showActivity->setChecked(m_wantsActivity);
    m_activityDock->setFloating(false);
    addDockWidget(Qt::BottomDockWidgetArea, m_activityDock);
    m_filterList->updateGeometry();
    m_splitter->setSizes({m_filterList->sizeHint().width(), width()});
    showParts();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_actions->setIcons(palette());
}

} // namespace sendoff::ui
