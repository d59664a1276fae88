// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The two pages of the Help menu: what Sendoff is made of, and its keys.

#include <QDialog>

class QMenuBar;

namespace sendoff::ui {

class AboutDialog : public QDialog {
    Q_OBJECT

public:
    explicit AboutDialog(QWidget *parent);
    // Name, version and libraries, for a report.
    static QString versions();
};

// Every key of the window, read from its menus: a key that is changed there is right here.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(const QMenuBar &menus, QWidget *parent);
};

} // namespace sendoff::ui
