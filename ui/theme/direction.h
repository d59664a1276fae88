// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Painted words that read in their own direction, whichever way the window is laid out: "▲ 3.5 MB/s"
// stays in order in a mirrored window. The alignment is the painter's device's: leading and
// trailing follow its layout.

#include <QString>
#include <Qt>

class QPainter;
class QRect;

namespace sendoff::ui {

// One line, not elided.
void drawInItsDirection(QPainter &painter, const QRect &rect, Qt::Alignment alignment,
                        const QString &text);

} // namespace sendoff::ui
