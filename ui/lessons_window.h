// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LessonsWindow: the lessons (ui/lessons) in a window of their own beside the main one, so that both
// can be looked at.

#include <QDialog>

namespace sendoff::ui {

class LessonsWindow : public QDialog {
    Q_OBJECT

public:
    // Shows the one of `parent`, which is made when it is first wanted and deleted when closed.
    static void open(QWidget *parent);

private:
    explicit LessonsWindow(QWidget *parent);
};

} // namespace sendoff::ui
