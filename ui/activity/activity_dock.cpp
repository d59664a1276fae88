// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_dock.h"

#include "ui/activity/timeline_widget.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace sendoff::ui {

ActivityDock::ActivityDock(ActivityFeed *feed, QWidget *parent)
    : QDockWidget(tr("Activity"), parent),
      m_feed(feed),
      m_timeline(new TimelineWidget(feed)),
      m_freeze(new QToolButton),
      m_sentence(new QLabel)
{
    setObjectName(QStringLiteral("activityDock"));
    auto *const content = new QWidget;
    auto *const layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeTools());
    auto *const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_timeline);
    layout->addWidget(scroll, 1);
    setWidget(content);
    connect(m_timeline, &TimelineWidget::sentenceChanged, m_sentence, &QLabel::setText);
}

QWidget *ActivityDock::makeTools()
{
    auto *const tools = new QWidget;
    auto *const layout = new QHBoxLayout(tools);
    layout->setContentsMargins(8, 2, 8, 2);
    m_freeze->setCheckable(true);
    m_freeze->setText(tr("Freeze"));
    m_freeze->setToolTip(tr("Hold the picture still (Space)"));
    m_freeze->setAccessibleName(tr("Freeze the picture"));
    m_freeze->setAutoRaise(true);
    connect(m_freeze, &QToolButton::toggled, m_timeline, &TimelineWidget::setFrozen);
    connect(m_timeline, &TimelineWidget::frozenChanged, m_freeze, &QToolButton::setChecked);
    layout->addWidget(m_freeze);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(m_sentence, 1);
    return tools;
}

} // namespace sendoff::ui
