// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_placeholder.h"

#include "core/queue/quantity_text.h"
#include "ui/queue/queue_filter.h"
#include "ui/queue/queue_model.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sendoff::ui {

QueuePlaceholder::QueuePlaceholder(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
{
    setObjectName(QStringLiteral("queuePlaceholder"));
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    auto *layout = new QVBoxLayout(this);
    layout->addStretch();
    layout->addWidget(m_text);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch();
    connect(m_button, &QPushButton::clicked, this, &QueuePlaceholder::showAllRequested);
    hide();
}

void QueuePlaceholder::refresh(const QueueFilter &filter)
{
    const bool isNeeded = filter.rowCount() == 0 && filter.queueModel()->rowCount() > 0;
    if (isNeeded) {
        m_text->setText(emptyText(filter));
        m_button->setText(filter.findText().isEmpty() ? tr("Show all") : tr("Clear search"));
        m_button->setAccessibleName(m_button->text());
    }
    setVisible(isNeeded);
}

QString emptyText(const QueueFilter &filter)
{
    if (!filter.findText().isEmpty())
        return QueuePlaceholder::tr("No video named “%1”.").arg(queue::isolated(filter.findText()));
    switch (filter.kind()) {
    case FilterKind::NeedsAttention:
        return QueuePlaceholder::tr("Nothing needs attention.");
    case FilterKind::Exporting:
        return QueuePlaceholder::tr("Nothing is being exported.");
    case FilterKind::Uploading:
        return QueuePlaceholder::tr("Nothing is being uploaded.");
    case FilterKind::Waiting:
        return QueuePlaceholder::tr("Nothing is waiting.");
    case FilterKind::Paused:
        return QueuePlaceholder::tr("Nothing is paused.");
    case FilterKind::Done:
        return QueuePlaceholder::tr("Nothing is done yet.");
    case FilterKind::Cancelled:
        return QueuePlaceholder::tr("Nothing is cancelled.");
    case FilterKind::All:
        break;
    }
    return QueuePlaceholder::tr("There are no videos.");
}

} // namespace sendoff::ui
