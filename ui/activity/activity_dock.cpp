// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_dock.h"

#include "core/activity/bottleneck.h"
#include "ui/activity/activity_legend.h"
#include "ui/activity/live_controls.h"
#include "ui/activity/timeline_widget.h"
#include "ui/theme/elided_label.h"
#include "ui/theme/icons.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sendoff::ui {

namespace {

using activity::Lane;
using activity::LaneKind;

constexpr qint64 wordsNs = 900'000'000; // words change once a second: they are to be read
constexpr qint64 loadNs = 10'000'000'000;

// "3:30"
QString minutes(double seconds)
{
    const auto whole = qint64(seconds);
    return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

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
      m_sentence(new ElidedLabel),
      m_bottleneck(new ElidedLabel),
      m_totals(new ElidedLabel)
{
    setObjectName(QStringLiteral("activityDock"));
    auto *const content = new QWidget;
    auto *const layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 2);
    layout->setSpacing(0);
    layout->addWidget(makeTools());
    layout->addWidget(makePicture(), 1);
    layout->addWidget(m_legend);
    layout->addWidget(makeFooter());
    setWidget(content);
    connect(m_timeline, &TimelineWidget::sentenceChanged, m_sentence, &QLabel::setText);
    connect(m_feed, &ActivityFeed::updated, this, &ActivityDock::advance);
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
    m_pages->addWidget(scroll);
    m_pages->addWidget(m_table);
    return m_pages;
}

QWidget *ActivityDock::makeFooter()
{
    auto *const footer = new QWidget;
    auto *const layout = new QHBoxLayout(footer);
    layout->setContentsMargins(8, 0, 8, 0);
    for (QLabel *label : {m_sentence, m_bottleneck, m_totals}) {
        label->setTextFormat(Qt::PlainText);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_totals->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_sentence->setAccessibleName(tr("At the cursor"));
    m_bottleneck->setAccessibleName(tr("What sets the pace"));
    m_totals->setAccessibleName(tr("So far"));
    layout->addWidget(m_sentence, 5);
    layout->addWidget(m_bottleneck, 4);
    layout->addWidget(m_totals, 4);
    return footer;
}

void ActivityDock::setReducedMotion(bool isReduced)
{
    m_timeline->setReducedMotion(isReduced);
}

void ActivityDock::setTableShown(bool isShown)
{
    m_tableModel->show(m_feed->timeline());
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

// In a narrow window or with a large font the tools that have an icon show it alone.
void ActivityDock::fitTools()
{
    const auto setStyle = [this](Qt::ToolButtonStyle style) {
        for (const auto &[button, name] : std::as_const(m_tools))
            button->setToolButtonStyle(style);
    };
    setStyle(Qt::ToolButtonTextBesideIcon);
    if (m_toolRow->sizeHint().width() > width())
        setStyle(Qt::ToolButtonIconOnly);
}

void ActivityDock::resizeEvent(QResizeEvent *event)
{
    QDockWidget::resizeEvent(event);
    fitTools();
}

void ActivityDock::changeEvent(QEvent *event)
{
    QDockWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        setIcons();
    else if (event->type() == QEvent::FontChange)
        fitTools();
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
    facts.codecThreads = m_feed->codecThreads();
    const activity::Timeline &timeline = m_feed->timeline();
    for (const Lane &lane : timeline.lanes()) {
        const double lateMs =
            double(lane.worstDelayNs(timeline.nowNs() - wordsNs, timeline.nowNs())) / 1e6;
        if (lane.kind() == LaneKind::NetworkLoop)
            facts.networkLagMs = lateMs;
        if (lane.kind() == LaneKind::WindowLoop)
            facts.windowLagMs = lateMs;
    }
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
    const double share = m_feed->cpu().exportCores < 0
        ? -1
        : m_feed->cpu().exportCores / m_feed->cores();
    const activity::Load load =
        activity::loadOf(timeline, {}, timeline.nowNs() - loadNs, timeline.nowNs(), share);
    m_bottleneck->setText(bottleneckSentence(activity::bottleneckOf(load), {}));
    m_bottleneck->setToolTip(bottlenecksByVideo(timeline, share));
    m_totals->setText(totalsText());
    m_totals->setToolTip(totalsTip());
    if (isTableShown())
        m_tableModel->show(timeline);
}

QString ActivityDock::totalsText() const
{
    const QString overlapped = minutes(m_feed->overlap().overlapSeconds());
    const double used = m_feed->coresUsedSoFar();
    if (used < 0)
        return tr("Overlapped so far %1").arg(overlapped);
    return tr("Overlapped so far %1 · cores used %2")
        .arg(overlapped, QLocale().toString(used, 'f', 2));
}

QString ActivityDock::totalsTip() const
{
    return tr("Overlapped: how long an export and an upload went on at the same time (the length of "
              "the intersection of the unions of export and upload spans).\n"
              "Exports ran for %1, uploads for %2, both together for %3.\n"
              "Cores used: processor seconds of exports ÷ seconds in which any export ran.")
        .arg(minutes(m_feed->overlap().exportSeconds()), minutes(m_feed->overlap().uploadSeconds()),
             minutes(m_feed->overlap().overlapSeconds()));
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
