// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// UndoBar: says for ten seconds what was just done and offers to take it back. The time stands
// still while the user is at the bar; Edit ▸ Undo has no such limit.

#include "ui/bars/message_bar.h"

#include <QTimer>

#include <chrono>

namespace sendoff::ui {

class UndoBar : public MessageBar {
    Q_OBJECT

public:
    static constexpr std::chrono::seconds shownFor{10};

    explicit UndoBar(QWidget *parent = nullptr);

    // In place of what it said before.
    void offer(const QString &text, QList<BarAction> actions);
    // For tests: as if the time were over.
    void expire();

private:
    QTimer m_timer;
};

} // namespace sendoff::ui
