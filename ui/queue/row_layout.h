// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RowLayout: where everything in a row stands. Pure geometry from the font; mirrored as a whole for
// languages that are read from the right. Not for: painting (row_delegate.h).

#include "ui/queue/row_content.h"

#include <QFont>
#include <QFontMetrics>
#include <QList>
#include <QRect>

#include <array>

namespace sendoff::ui {

enum class RowDensity { Comfortable, Compact };

// The fonts of a row, made once for a view.
struct RowFonts {
    explicit RowFonts(const QFont &base);
    QFont normal;
    QFont bold;
    QFontMetrics metrics;
    QFontMetrics boldMetrics;
};

struct RowLayout {
    QRect thumbnail; // null in compact rows
    QRect name;
    QRect recipe; // null where there is no room for it
    QList<QRect> tracks; // one for each of RowContent::tracks
    QRect icon; // square
    QRect sentence;
    QRect left; // null where the row has no time left
    std::array<QRect, 2> buttons; // null where there is no button

    // -1 = no button there.
    int buttonAt(const QPoint &point) const;
};

int rowHeight(const RowFonts &fonts, RowDensity density);
RowLayout rowLayout(const QRect &row, const RowContent &content, const RowFonts &fonts,
                    RowDensity density, Qt::LayoutDirection direction);

// Cut in its middle where it is too long, so that the extension stays; isolated.
QString elidedName(const QString &name, const QFontMetrics &metrics, int width);

} // namespace sendoff::ui
