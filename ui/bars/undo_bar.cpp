// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/undo_bar.h"

namespace sendoff::ui {

UndoBar::UndoBar(QWidget *parent) : MessageBar(parent)
{
    setObjectName(QStringLiteral("undoBar"));
    m_timer.setSingleShot(true);
    m_timer.setInterval(shownFor);
    connect(&m_timer, &QTimer::timeout, this, &UndoBar::expire);
    connect(this, &MessageBar::dismissed, &m_timer, &QTimer::stop);
}

void UndoBar::offer(const QString &text, QList<BarAction> actions)
{
    BarMessage message;
    message.text = text;
    message.actions = std::move(actions);
    message.closeText = tr("Close");
    setMessage(std::move(message));
    m_timer.start();
}

void UndoBar::expire()
{
    if (isAttended()) {
        m_timer.start();
        return;
    }
    m_timer.stop();
    dismiss();
}

} // namespace sendoff::ui
