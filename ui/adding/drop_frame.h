// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The frame that says “drop here”, and DropOverlay, which shows it over a queue that has rows.

#include <QWidget>

class QPainter;

namespace sendoff::ui {

enum class DropFrame { Inviting, Dragging }; // dashed; solid in the accent color

void paintDropFrame(QPainter &painter, const QRect &rect, const QPalette &palette,
                    DropFrame frame);

// Covers its parent while something is dragged over the window. Takes no mouse and no focus.
class DropOverlay : public QWidget {
public:
    explicit DropOverlay(QWidget *parent);

    void showText(const QString &text); // empty hides it

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace sendoff::ui
