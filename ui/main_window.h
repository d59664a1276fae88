// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// MainWindow: assembles the regions of UX.md 3 and passes facts between them. What a region does is
// its own affair; what the queue does is core's.

#include "core/base/task_scope.h"
#include "core/queue/session_log.h"
#include "ui/window_services.h"

#include <QMainWindow>
#include <QPointer>
#include <QUndoStack>

#include <memory>

class QSplitter;
class QStackedWidget;

namespace sendoff::queue {
struct Job;
}

namespace sendoff::ui {

class ActivityDock;
class ActivityFeed;
class Adding;
class Appearance;
class DropOverlay;
class DropTarget;
class EmptyPage;
class FilterList;
class NoticeBar;
class QueueActions;
class QueueFilter;
class QueueModel;
class QueueView;
class RecipeBar;
class Regions;
class StatusBar;
class ThumbnailStore;
class TopBar;
class UndoBar;
class VideoPicker;
class WindowActions;

// Main thread. close()d and awaited (leave()) before its services go.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(WindowServices services, Appearance *appearance);
    ~MainWindow() override;

    // The stored queue is in memory now: before that the window shows neither rows nor the
    // invitation of an empty queue, and what is added waits.
    // `problems`: one sentence for each record that could not be read.
    void queueLoaded(const queue::StartReport &report);
    // Files of the command line or of a second start.
    void addFiles(std::vector<FilePath> paths);
    void raiseWindow();

    // What would be lost or done again by quitting now; empty = nothing worth a question.
    QString quitQuestion() const;
    WindowSettings settingsNow() const;
    // Stops the window's own work (the sample, saving its settings). Nothing of it runs afterwards.
    QCoro::Task<void> leave();

Q_SIGNALS:
    // The user wants to quit and there is nothing more to ask.
    void quitWanted();

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QString shelfText() const;
    void buildBars();
    void buildCentre();
    void connectActions();
    void connectAdding();
    void connectActivity();
    void connectQueue();
    void restoreSettings();
    void showRecipe();
    void showParts();
    void showFigures();
    void showActivityOnce(int running);
    void showDensity();
    void resetLayout();
    void watchFreeSpace();
    QCoro::Task<void> saveTrace(FilePath file, std::stop_token stop);
    QCoro::Task<void> measureFreeSpace(std::stop_token stop);
    void showDestinations(const QString &place);
    void showSetUpDestinations();
    void openResult(const queue::Job &job);
    void offerUndo(const QString &text);
    QString videosText(const QStringList &ids) const;
    void pasteVideos();
    void askForServer();
    void askForRecipe(const QStringList &ids);
    void trySample();
    void tell(const Error &error);
    QCoro::Task<void> addSample(std::stop_token stop);

    WindowServices m_services;
    Appearance *m_appearance;
    QUndoStack m_undoStack;
    WindowActions *m_actions;
    QueueModel *m_model;
    QueueFilter *m_filter;
    QueueActions *m_queueActions;
    RecipeBar *m_recipeBar;
    // Made in the order in which Tab goes through the window.
    TopBar *m_topBar;
    FilterList *m_filterList;
    NoticeBar *m_noticeBar;
    QueueView *m_view;
    EmptyPage *m_emptyPage;
    UndoBar *m_undoBar;
    StatusBar *m_statusBar;
    ActivityFeed *m_feed;
    ActivityDock *m_activityDock;
    ThumbnailStore *m_thumbnails;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    DropOverlay *m_dropOverlay = nullptr;
    VideoPicker *m_picker;
    std::unique_ptr<Adding> m_adding;
    std::unique_ptr<DropTarget> m_dropTarget;
    std::unique_ptr<Regions> m_regions;
    bool m_wantsActivity = false;
    bool m_hasShownActivity = false;
    bool m_isLoaded = false;
    bool m_isMakingSample = false;
    TaskScope m_tasks;
};

} // namespace sendoff::ui
