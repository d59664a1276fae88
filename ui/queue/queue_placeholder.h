// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueuePlaceholder: what stands in the queue's place when its filter leaves no row, and the way
// back to all of them. Not for: an empty queue, which is the window's.

#include <QString>
#include <QWidget>

class QLabel;
class QPushButton;

namespace sendoff::ui {

class QueueFilter;

class QueuePlaceholder : public QWidget {
    Q_OBJECT

public:
    explicit QueuePlaceholder(QWidget *parent);

    // Visible only where the queue has rows and the filter shows none of them.
    void refresh(const QueueFilter &filter);

Q_SIGNALS:
    void showAllRequested();

private:
    QLabel *m_text;
    QPushButton *m_button;
};

// “Nothing is paused.”, “No video named “xyz”.”
QString emptyText(const QueueFilter &filter);

} // namespace sendoff::ui
