// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A frame with round corners around what is painted many times a second. Stroking an antialiased
// path costs more than the rest of a row; here its two ends are drawn once and kept.

#include <QColor>
#include <QRect>

class QPainter;

namespace sendoff::ui {

struct RoundedFrame {
    QColor line;
    QColor outside; // covers the corners of what was filled before
    int width = 1; // of the line
    int radius = 3;
};

// Lengths in logical pixels; the line lies within `rect`.
void paintRoundedFrame(QPainter *painter, const QRect &rect, const RoundedFrame &frame);

} // namespace sendoff::ui
