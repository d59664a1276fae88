// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "core/base/error_text.h"
#include "core/queue/job_queue.h"
#include "core/queue/job_runner.h"
#include "core/queue/queue_commands.h"
#include "core/queue/scheduler.h"
#include "core/transfer/destination_store.h"
#include "ui/about_dialog.h"
#include "ui/activity/activity_dock.h"
#include "ui/activity/activity_feed.h"
#include "ui/activity/gauges.h"
#include "ui/activity/live_controls.h"
#include "ui/adding/adding.h"
#include "ui/adding/drop_frame.h"
#include "ui/adding/drop_target.h"
#include "ui/adding/empty_page.h"
#include "ui/adding/video_picker.h"
#include "ui/appearance.h"
#include "ui/bars/notice_bar.h"
#include "ui/bars/recipe_bar.h"
#include "ui/bars/status_bar.h"
#include "ui/bars/top_bar.h"
#include "ui/bars/undo_bar.h"
#include "ui/lessons_window.h"
#include "ui/queue/filter_list.h"
#include "ui/queue/queue_actions.h"
#include "ui/queue/queue_filter.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/queue_view.h"
#include "ui/queue/thumbnail_store.h"
#include "ui/queue_notices.h"
#include "ui/regions.h"
#include "ui/reveal.h"
#include "ui/upload_limit_control.h"
#include "ui/window_actions.h"
#include "ui/window_menus.h"

#include <QAction>
#include <QActionGroup>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QMenuBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QVBoxLayout>

namespace sendoff::ui {

namespace {

constexpr int undoSteps = 50;

ProgressSource progressOf(queue::JobRunner *runner)
{
    return [runner](const QString &job, int leg) { return runner->progress(job, leg); };
}

queue::PresetTitles titlesOf(const QList<media::Preset> &presets)
{
    queue::PresetTitles titles;
    for (const media::Preset &preset : presets)
        titles.insert(preset.id, preset.title);
    return titles;
}

} // namespace

MainWindow::MainWindow(WindowServices services, Appearance *appearance)
    : m_services(std::move(services)), m_appearance(appearance),
      m_actions(new WindowActions(this, &m_undoStack)),
      m_model(new QueueModel(m_services.queue, m_services.commands, progressOf(m_services.runner),
                             steadyNow, this)),
      m_filter(new QueueFilter(m_model, this)),
      m_queueActions(new QueueActions({m_services.queue, m_services.commands}, &m_undoStack, this)),
      m_recipeBar(new RecipeBar(m_services.presets, shelfText(), this)),
      m_topBar(new TopBar(m_actions->addVideos, m_queueActions->pauseAll, m_recipeBar, this)),
      m_filterList(new FilterList(m_filter, this)), m_noticeBar(new NoticeBar(this)),
      m_view(new QueueView(m_filter, m_queueActions, this)), m_emptyPage(new EmptyPage(this)),
      m_undoBar(new UndoBar(this)), m_statusBar(new StatusBar(this)),
      m_feed(new ActivityFeed(m_services.recorder, this)),
      m_activityDock(new ActivityDock(m_feed, this)),
      m_thumbnails(new ThumbnailStore(decodingLoader(m_services.io), this)),
      m_splitter(new QSplitter(this)), m_stack(new QStackedWidget(this)),
      m_picker(new VideoPicker(this, m_services.settings.lastFolder))
{
    m_undoStack.setUndoLimit(undoSteps);
    setAcceptDrops(true);
    setContextMenuPolicy(Qt::NoContextMenu); // no tool bar is hidden by accident
    fillMenus(menuBar(), *m_actions, *m_queueActions);
    buildBars();
    buildCentre();
    connectActions();
    connectQueue();
    connectAdding();
    connectActivity();
    restoreSettings();
    m_actions->setIcons(palette());
    showRecipe();
    showParts();
    showFigures();
    watchFreeSpace();
}

MainWindow::~MainWindow() = default;

// As a person calls it: a folder at home without the way there.
QString MainWindow::shelfText() const
{
    const FilePath home = QDir::homePath().toStdString();
    const FilePath inside = m_services.shelfFolder.lexically_relative(home);
    const bool isAtHome = !inside.empty() && *inside.begin() != "..";
    return displayPath(isAtHome ? inside : m_services.shelfFolder);
}

void MainWindow::buildBars()
{
    auto *toolBar = new QToolBar(tr("Tools"), this);
    toolBar->setObjectName(QStringLiteral("toolBar"));
    toolBar->setMovable(false);
    toolBar->addWidget(m_topBar);
    addToolBar(toolBar);
    m_topBar->find()->installEventFilter(this); // Escape and the arrow go back to the rows
    setStatusBar(m_statusBar);
}

void MainWindow::buildCentre()
{
    auto *column = new QWidget(m_splitter);
    auto *lines = new QVBoxLayout(column);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    lines->addWidget(m_noticeBar);
    lines->addWidget(m_stack, 1);
    lines->addWidget(m_undoBar);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_emptyPage);
    m_splitter->addWidget(m_filterList);
    m_splitter->addWidget(column);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    setCentralWidget(m_splitter);
    addDockWidget(Qt::BottomDockWidgetArea, m_activityDock);
    m_activityDock->hide();
    m_activityDock->installEventFilter(this);
    m_dropOverlay = new DropOverlay(column);
    for (MessageBar *bar : {static_cast<MessageBar *>(m_noticeBar),
                            static_cast<MessageBar *>(m_undoBar)})
        bar->returnFocusTo(m_view);
    m_regions = std::make_unique<Regions>(
        QList<QWidget *>{m_topBar, m_filterList, m_noticeBar, m_stack, m_undoBar,
                         m_activityDock});
}

// What the Activity view shows and what is changed in it acts on the running program.
void MainWindow::connectActivity()
{
    for (QWidget *gauge : {static_cast<QWidget *>(new LagGauge(m_feed, m_statusBar)),
                           static_cast<QWidget *>(new NetworkGauge(m_feed, m_statusBar)),
                           static_cast<QWidget *>(new CpuGauge(m_feed, m_statusBar))})
        m_statusBar->addGauge(gauge);
    m_feed->measureProcessorOn(m_services.io);
    LiveControls *controls = m_activityDock->controls();
    controls->setExportsAtOnce(m_services.scheduler->exportsAtOnce());
    controls->setUploadsAtOnce(m_services.scheduler->uploadsAtOnce());
    connect(controls, &LiveControls::exportsAtOnceChanged, m_services.scheduler,
            &queue::Scheduler::setExportsAtOnce);
    connect(controls, &LiveControls::uploadsAtOnceChanged, m_services.scheduler,
            &queue::Scheduler::setUploadsAtOnce);
    controls->setThreadsPerExport(m_services.scheduler->threadsPerExport());
    connect(controls, &LiveControls::threadsPerExportChanged, m_services.scheduler,
            &queue::Scheduler::setThreadsPerExport);
    auto *const limit = new UploadLimitControl(m_services.uploadLimit, controls, this);
    connect(limit, &UploadLimitControl::chosen, this, [this](const transfer::LimitTimetable &chosen) {
        m_tasks.spawn([this, chosen](std::stop_token) {
            return keepUploadLimit(m_services.uploadLimit, chosen,
                                   [this](const Error &error) { tell(error); });
        });
    });
    connect(limit, &UploadLimitControl::notUnderstood, this, &MainWindow::tell);
    connect(m_activityDock, &ActivityDock::traceWanted, this, [this](const QString &path) {
        const FilePath file = QFile::encodeName(path).toStdString();
        m_tasks.spawn([this, file](std::stop_token stop) { return saveTrace(file, stop); });
    });
}

void MainWindow::connectActions()
{
    const auto on = [this](QAction *action, auto act) {
        connect(action, &QAction::triggered, this, act);
    };
    on(m_actions->addVideos, [this] { m_picker->pickVideos(); });
    on(m_actions->addFolder, [this] { m_picker->pickFolderOfVideos(); });
    on(m_actions->paste, [this] { pasteVideos(); });
    on(m_actions->trySample, [this] { trySample(); });
    on(m_actions->quit, [this] { close(); });
    on(m_actions->find, [this] { m_topBar->find()->setFocus(Qt::ShortcutFocusReason); });
    on(m_actions->about, [this] { (new AboutDialog(this))->open(); });
    for (QAction *action : {m_actions->help, m_actions->shortcuts})
        on(action, [this] { (new ShortcutsDialog(*menuBar(), this))->open(); });
    on(m_actions->lessons, [this] { LessonsWindow::open(this); });
    connect(m_activityDock, &ActivityDock::lessonsWanted, m_actions->lessons, &QAction::trigger);
    on(m_actions->resetLayout, [this] { resetLayout(); });
    on(m_actions->showFilters, [this] { showParts(); });
    on(m_actions->showActivity, [this] {
        m_wantsActivity = m_actions->showActivity->isChecked();
        showParts();
    });
    on(m_actions->compactRows, [this] { showDensity(); });
    for (int place = 0; place < m_actions->filters.size(); ++place)
        on(m_actions->filters[place], [this, place] {
            if (const auto kind = m_filterList->kindAt(place))
                m_filter->setKind(*kind);
        });
    on(m_actions->nextRegion, [this] { m_regions->next(); });
    on(m_actions->previousRegion, [this] { m_regions->previous(); });
    addAction(m_queueActions->pauseAll); // its key works in all of the window
    connect(&m_undoStack, &QUndoStack::indexChanged, this, [this] {
        if (m_undoStack.canRedo()) // what the bar offers to undo was just undone
            m_undoBar->dismiss();
    });
    connect(m_actions->theme, &QActionGroup::triggered, this, [this](QAction *action) {
        m_appearance->setTheme(Theme(action->data().toInt()));
    });
    connect(m_emptyPage, &EmptyPage::addWanted, m_actions->addVideos, &QAction::trigger);
    connect(m_emptyPage, &EmptyPage::sampleWanted, m_actions->trySample, &QAction::trigger);
    connect(m_recipeBar, &RecipeBar::recipeChanged, this, &MainWindow::showRecipe);
    connect(m_recipeBar, &RecipeBar::folderWanted, m_picker,
            &VideoPicker::pickFolderForResults);
    connect(m_recipeBar, &RecipeBar::serverWanted, this, &MainWindow::askForServer);
    connect(m_services.destinations, &transfer::DestinationStore::changed, this,
            &MainWindow::showSetUpDestinations);
}

// What the queue's own parts tell, as facts of the window.
void MainWindow::connectQueue()
{
    m_view->setThumbnails(m_thumbnails);
    m_model->setPresetTitles(titlesOf(m_services.presets));
    connect(m_model, &QueueModel::countsChanged, this, [this] {
        showParts();
        showFigures();
    });
    connect(m_model, &QueueModel::leftChanged, this, &MainWindow::showFigures);
    connect(m_model, &QueueModel::moveRequested, m_queueActions, &QueueActions::moveBefore);
    connect(m_services.commands, &queue::QueueCommands::pausedAllChanged, this,
            &MainWindow::showFigures);
    connect(m_services.queue, &queue::JobQueue::notSaved, this,
            [this](const Error &error) { m_noticeBar->post(notSavedNotice(error)); });
    connect(m_services.scheduler, &queue::Scheduler::destinationChanged, this,
            &MainWindow::showDestinations);
    connect(m_topBar->find(), &QLineEdit::textChanged, m_filter, &QueueFilter::setFindText);
    connect(m_queueActions, &QueueActions::showInFolderRequested, this, [this](const QString &id) {
        if (const queue::Job *job = m_services.queue->find(id))
            showInFolder(outputOf(*job), this);
    });
    connect(m_queueActions, &QueueActions::openRequested, this, [this](const QString &id) {
        if (const queue::Job *job = m_services.queue->find(id))
            openResult(*job);
    });
    connect(m_view, &QueueView::showAllRequested, this, [this] {
        m_topBar->find()->clear();
        m_filter->setKind(FilterKind::All);
    });
    connect(m_queueActions, &QueueActions::cancelled, this, [this](const QStringList &ids) {
        offerUndo(tr("Cancelled %1.").arg(videosText(ids)));
    });
    connect(m_queueActions, &QueueActions::removed, this, [this](const QStringList &ids) {
        offerUndo(tr("Removed %1 from the list.").arg(videosText(ids)));
    });
}

void MainWindow::offerUndo(const QString &text)
{
    BarAction undo;
    undo.text = tr("&Undo");
    undo.act = [this] { m_undoStack.undo(); };
    m_undoBar->offer(text, {undo});
}

// “Picnic.mp4”, or how many.
QString MainWindow::videosText(const QStringList &ids) const
{
    const queue::Job *job = ids.size() == 1 ? m_services.queue->find(ids.first()) : nullptr;
    return job ? tr("“%1”").arg(displayName(job->source))
               : tr("%n video(s)", nullptr, int(ids.size()));
}

} // namespace sendoff::ui
