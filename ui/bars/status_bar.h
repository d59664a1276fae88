// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StatusBar: the whole queue in one sentence, and beside it what the machine does. Not for: facts
// that need an answer (notice_bar.h).

#include <QStatusBar>

class QLabel;

namespace sendoff::ui {

class StatusBar : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusBar(QWidget *parent = nullptr);

    void setSentence(const QString &text);
    // Bytes that may still be written where exports work; below zero = the system does not say.
    void setFreeSpace(qint64 bytes);
    // Before the free space.
    void addGauge(QWidget *gauge);

private:
    QLabel *m_sentence;
    QLabel *m_freeSpace;
};

} // namespace sendoff::ui
