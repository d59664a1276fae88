// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Icons: Sendoff's own SVG icons (resources/icons), tinted so that they are visible on any palette.

#include <QIcon>
#include <QString>

class QColor;
class QPalette;

namespace sendoff::ui {

// resources/icons/<name>.svg, drawn in one color (black in the file) with transparency. Crisp at
// every device pixel ratio. A missing name is a broken build: it asserts, and gives a null icon.
QIcon icon(const QString &name, const QColor &color);
// In the palette's text color, dimmed where disabled.
QIcon icon(const QString &name, const QPalette &palette);
// The program's own, in its colors (resources/desktop).
QIcon applicationIcon();

} // namespace sendoff::ui
