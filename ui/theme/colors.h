// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Colors: what Sendoff's own colours mean, for a light and a dark palette. Each stands at 4.5:1 or
// more on the base it is made for. No state is told by colour alone.

#include <QColor>

class QPalette;

namespace sendoff::ui {

struct Colors {
    QColor exporting;
    QColor uploading;
    QColor held; // paused, offline, backing off
    QColor attention;
    QColor done;
    QColor track; // of a progress track; its outline carries the contrast
    QColor trackOutline; // 3:1 on the base
};

// Told by the lightness of the palette's base: Qt 6.4 knows no color scheme.
bool isDark(const QPalette &palette);
const Colors &colorsFor(const QPalette &palette);

// `share` of `over` on `base`, opaque.
QColor mixed(const QColor &base, const QColor &over, double share);

// Relative contrast of two opaque colors, 1…21 (WCAG 2.2, contrast ratio).
double contrast(const QColor &one, const QColor &other);

} // namespace sendoff::ui
