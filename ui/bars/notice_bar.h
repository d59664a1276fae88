// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// NoticeBar: facts about the whole queue, one at a time, the gravest first. Not for: one job's
// trouble (its row says it) and what was just done (undo_bar.h).

#include "ui/bars/message_bar.h"

#include <vector>

namespace sendoff::ui {

struct Notice {
    QString key; // another notice of the same key takes its place
    Tone tone = Tone::Information;
    QString text;
    QList<BarAction> actions;
    bool canBeClosed = true; // false: it goes when the fact does
};

class NoticeBar : public MessageBar {
    Q_OBJECT

public:
    explicit NoticeBar(QWidget *parent = nullptr);

    void post(Notice notice);
    // The fact is no longer so. Nothing happens where there is no such notice.
    void withdraw(const QString &key);
    // The one that is shown; empty where none is.
    QString currentKey() const { return m_current; }

private:
    void showGravest();

    std::vector<Notice> m_notices; // in the order they came
    QString m_current;
};

} // namespace sendoff::ui
