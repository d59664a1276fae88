// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_dock.h"

#include "ui/activity/activity_footer.h"
#include "ui/activity/activity_legend.h"
#include "ui/activity/live_controls.h"
#include "ui/activity/timeline_widget.h"
#include "ui/theme/icons.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <tuple>

namespace sendoff::ui {

namespace {

using activity::Lane;
using activity::LaneKind;

constexpr qint64 wordsNs = 900'000'000; // words change once a second: they are to be read
constexpr qint64 heldUpShownNs = 10'000'000'000;

} // namespace

ActivityDock::ActivityDock(ActivityFeed *feed, QWidget *parent)
    : QDockWidget(tr("Activity"), parent),
      m_feed(feed),
      m_timeline(new TimelineWidget(feed)),
      m_controls(new LiveControls(feed->cores())),
      m_tableModel(new ActivityTableModel(this)),
      m_table(new QTableView),
      m_pages(new QStackedWidget),
      m_legend(new ActivityLegend),
      m_footer(new ActivityFooter(feed))
{
    setObjectName(QStringLiteral("activityDock"));
    auto *const content = new QWidget;
    auto *const layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 2);
    layout->setSpacing(0);
    layout->addWidget(makeTools());
    layout->addWidget(makePicture(), 1);
    layout->addWidget(m_legend);
    layout->addWidget(m_footer);
    setWidget(content);
    m_fitting.setSingleShot(true);
    connect(&m_fitting, &QTimer::timeout, this, [this] {
        if (m_toolRow->sizeHint().width() != m_fittedWidth)
            fitTools();
    });
    connect(m_timeline, &TimelineWidget::sentenceChanged, m_footer, &ActivityFooter::setSentence);
    connect(m_feed, &ActivityFeed::updated, this, &ActivityDock::advance);
    connect(m_feed, &ActivityFeed::wasHeldUp, this,
            [this](activity::ThreadRole loop, const activity::LongEvent &event) {
                HeldUp &heldUp =
                    loop == activity::ThreadRole::Window ? m_windowHeldUp : m_networkHeldUp;
                heldUp = {heldUpWords(event), event.endNs};
            });
}

QToolButton *ActivityDock::addTool(QBoxLayout *layout, const QString &name, const QString &text,
                                   const QString &tip)
{
    auto *const button = new QToolButton;
    button->setAutoRaise(true);
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    if (!name.isEmpty()) {
        button->setIcon(icon(name, palette()));
        m_tools.append({button, name});
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    }
    button->setMinimumSize(24, 24);
    layout->addWidget(button);
    return button;
}

QWidget *ActivityDock::makeTools()
{
    auto *const tools = new QWidget;
    m_toolRow = tools;
    tools->installEventFilter(this);
    auto *const layout = new QHBoxLayout(tools);
    layout->setContentsMargins(6, 2, 6, 2);
    m_freeze = addTool(layout, QStringLiteral("pause"), tr("Freeze"),
                       tr("Hold the picture still (Space in the view)"));
    m_freeze->setCheckable(true);
    connect(m_freeze, &QToolButton::toggled, m_timeline, &TimelineWidget::setFrozen);
    connect(m_timeline, &TimelineWidget::frozenChanged, m_freeze, &QToolButton::setChecked);
    m_tableButton = addTool(layout, QStringLiteral("table"), tr("Table"),
                            tr("Show the same facts as a table"));
    m_tableButton->setCheckable(true);
    connect(m_tableButton, &QToolButton::toggled, this, &ActivityDock::setTableShown);
    QToolButton *const out = addTool(layout, {}, tr("−"), tr("Zoom out (− or Ctrl+wheel)"));
    connect(out, &QToolButton::clicked, m_timeline, &TimelineWidget::zoomOut);
    QToolButton *const in = addTool(layout, {}, tr("+"), tr("Zoom in (+ or Ctrl+wheel)"));
    connect(in, &QToolButton::clicked, m_timeline, &TimelineWidget::zoomIn);
    layout->addSpacing(10);
    layout->addWidget(m_controls, 1);
    QToolButton *const trace =
        addTool(layout, {}, tr("Export trace…"),
                tr("Save what was recorded as Chrome trace JSON or CSV"));
    connect(trace, &QToolButton::clicked, this, &ActivityDock::chooseTraceFile);
    QToolButton *const lessons = addTool(layout, QStringLiteral("help"), tr("Lessons"),
                                         tr("What this picture shows, tried out on samples"));
    connect(lessons, &QToolButton::clicked, this, &ActivityDock::lessonsWanted);
    return tools;
}

QWidget *ActivityDock::makePicture()
{
    auto *const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_timeline);
    m_table->setModel(m_tableModel);
    m_table->setObjectName(QStringLiteral("activityTable"));
    m_table->setAccessibleName(tr("Activity as a table"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setSectionResizeMode(ActivityTableModel::Job,
                                                      QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(ActivityTableModel::State,
                                               30 * fontMetrics().averageCharWidth());
    m_table->horizontalHeader()->resizeSection(ActivityTableModel::Pace,
                                               24 * fontMetrics().averageCharWidth());
    m_pages->addWidget(scroll);
    m_pages->addWidget(m_table);
    return m_pages;
}

void ActivityDock::setReducedMotion(bool isReduced)
{
    m_timeline->setReducedMotion(isReduced);
}

void ActivityDock::setTableShown(bool isShown)
{
    m_tableModel->show(m_feed->timeline(), m_feed->exportCpuShare());
    m_pages->setCurrentIndex(isShown ? 1 : 0);
    m_legend->setVisible(!isShown);
    m_tableButton->setChecked(isShown);
}

bool ActivityDock::isTableShown() const
{
    return m_pages->currentIndex() == 1;
}

void ActivityDock::setIcons()
{
    for (const auto &[button, name] : std::as_const(m_tools))
        button->setIcon(icon(name, palette()));
}

// In a narrow window or with a large font the tools that have an icon show it alone; where that is
// not enough, labels are short.
void ActivityDock::fitTools()
{
    const auto setStyle = [this](Qt::ToolButtonStyle style) {
        for (const auto &[button, name] : std::as_const(m_tools))
            button->setToolButtonStyle(style);
    };
    const auto askedWidth = [this] {
        m_controls->layout()->invalidate(); // by themselves they would notice later, and the row
        m_controls->updateGeometry();       // would be laid out by the old width
        m_toolRow->layout()->invalidate();
        return m_toolRow->sizeHint().width();
    };
    setStyle(Qt::ToolButtonTextBesideIcon);
    m_controls->setCompact(false);
    if (askedWidth() > m_toolRow->width())
        setStyle(Qt::ToolButtonIconOnly);
    m_controls->setCompact(askedWidth() > m_toolRow->width());
    m_fittedWidth = askedWidth();
}

// A tool may ask for another width later: an editable box when it is first shown, the limit when a
// timetable changes it, all with a new font.
bool ActivityDock::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_toolRow) {
        if (event->type() == QEvent::Resize)
            fitTools();
        else if (event->type() == QEvent::LayoutRequest)
            m_fitting.start();
    }
    return QDockWidget::eventFilter(watched, event);
}

void ActivityDock::changeEvent(QEvent *event)
{
    QDockWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        setIcons();
}

void ActivityDock::showEvent(QShowEvent *event)
{
    m_feed->setWatched(this, true);
    QDockWidget::showEvent(event);
}

void ActivityDock::hideEvent(QHideEvent *event)
{
    m_feed->setWatched(this, false);
    QDockWidget::hideEvent(event);
}

GroupFacts ActivityDock::factsNow() const
{
    GroupFacts facts;
    facts.cores = m_feed->cores();
    facts.coresUsed = m_feed->cpu().exportCores;
    std::tie(facts.codecThreads, facts.mostCodecThreads) = m_feed->codecThreads();
    const activity::Timeline &timeline = m_feed->timeline();
    for (const Lane &lane : timeline.lanes()) {
        const double lateMs =
            double(lane.worstDelayNs(timeline.nowNs() - wordsNs, timeline.nowNs())) / 1e6;
        if (lane.kind() == LaneKind::NetworkLoop)
            facts.networkLagMs = lateMs;
        if (lane.kind() == LaneKind::WindowLoop)
            facts.windowLagMs = lateMs;
    }
    const auto wordsOf = [&](const HeldUp &heldUp) {
        return timeline.nowNs() - heldUp.endNs < heldUpShownNs ? heldUp.words : QString();
    };
    facts.networkHeldUp = wordsOf(m_networkHeldUp);
    facts.windowHeldUp = wordsOf(m_windowHeldUp);
    return facts;
}

void ActivityDock::advance()
{
    const activity::Timeline &timeline = m_feed->timeline();
    if (!isVisible() || window()->isMinimized() || timeline.nowNs() - m_advancedNs < wordsNs)
        return;
    m_advancedNs = timeline.nowNs();
    m_timeline->setFacts(factsNow());
    m_timeline->setWorkers(m_controls->exportsAtOnce());
    m_footer->tell();
    if (isTableShown())
        m_tableModel->show(timeline, m_feed->exportCpuShare());
}

void ActivityDock::chooseTraceFile()
{
    auto *const dialog = new QFileDialog(this, tr("Export trace"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Chrome trace (*.json)"), tr("Table (*.csv)")});
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(QStringLiteral("sendoff-activity.json"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.contains(u".csv") ? QStringLiteral("csv")
                                                          : QStringLiteral("json"));
    });
    connect(dialog, &QFileDialog::fileSelected, this, &ActivityDock::traceWanted);
    dialog->open();
}

} // namespace sendoff::ui
