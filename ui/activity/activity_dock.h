// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityDock: the Activity view as the main window's dock: the timeline or its table, what stands
// around it and its commands.

#include "ui/activity/activity_feed.h"
#include "ui/activity/activity_table.h"
#include "ui/activity/activity_words.h"

#include <QDockWidget>
#include <QList>
#include <QString>
#include <QTimer>

#include <utility>

class QBoxLayout;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace sendoff::ui {

class ActivityFooter;
class ActivityLegend;
class LiveControls;
class TimelineWidget;

class ActivityDock : public QDockWidget {
    Q_OBJECT

public:
    // `feed` outlives this.
    explicit ActivityDock(ActivityFeed *feed, QWidget *parent = nullptr);

    TimelineWidget *timeline() const { return m_timeline; }
    // Their signals are the caller's to act on; it also says what holds now.
    LiveControls *controls() const { return m_controls; }
    void setReducedMotion(bool isReduced);
    // Instead of the picture: for screen readers and for who wants numbers.
    void setTableShown(bool isShown);
    bool isTableShown() const;

Q_SIGNALS:
    // A file was chosen: Chrome trace JSON or CSV by its extension (writeChromeTrace, writeCsv).
    void traceWanted(const QString &path);
    void lessonsWanted();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    // What held a loop up for long, the last time.
    struct HeldUp {
        QString words;
        qint64 endNs = 0;
    };
    QWidget *makeTools();
    QWidget *makePicture();
    QToolButton *addTool(QBoxLayout *layout, const QString &icon, const QString &text,
                         const QString &tip);
    void setIcons();
    void fitTools();
    void advance();
    void chooseTraceFile();
    GroupFacts factsNow() const;

    ActivityFeed *m_feed;
    TimelineWidget *m_timeline;
    LiveControls *m_controls;
    ActivityTableModel *m_tableModel;
    QTableView *m_table;
    QStackedWidget *m_pages;
    ActivityLegend *m_legend;
    QList<std::pair<QToolButton *, QString>> m_tools; // with the names of their icons
    QToolButton *m_freeze = nullptr;
    QToolButton *m_tableButton = nullptr;
    QWidget *m_toolRow = nullptr;
    QTimer m_fitting; // until what changed the tools has come to its end
    int m_fittedWidth = 0; // that the tools ask for since they were last fitted
    ActivityFooter *m_footer;
    HeldUp m_networkHeldUp;
    HeldUp m_windowHeldUp;
    qint64 m_advancedNs = 0;
};

} // namespace sendoff::ui
