// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// DropTarget: makes a whole window a place to drop videos on, and says while they are dragged what
// releasing them will do. Not for: rows that are dragged within the queue (the view takes those).

#include <QObject>

class QMimeData;

namespace sendoff::ui {

class Adding;
class DropOverlay;
class EmptyPage;

// All outlive it but `window`, whose events it watches.
class DropTarget : public QObject {
    Q_OBJECT

public:
    DropTarget(QWidget *window, Adding *adding, EmptyPage *emptyPage, DropOverlay *overlay);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void showText(const QString &text); // empty: nothing is dragged

    Adding *m_adding;
    EmptyPage *m_emptyPage;
    DropOverlay *m_overlay;
};

} // namespace sendoff::ui
