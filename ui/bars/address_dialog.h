// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// AddressDialog: asks for a server's address and says at once what is wrong with it. Opened, never
// exec()uted.

#include "ui/bars/place.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace sendoff::ui {

class AddressDialog : public QDialog {
    Q_OBJECT

public:
    explicit AddressDialog(QWidget *parent);

Q_SIGNALS:
    void chosen(const sendoff::ui::Place &place);

private:
    void check();

    QLineEdit *m_address;
    QLabel *m_trouble;
    QPushButton *m_use;
};

} // namespace sendoff::ui
