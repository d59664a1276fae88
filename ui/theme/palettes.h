// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Palettes: Sendoff's own light and dark palettes for the Fusion style, for where the desktop has
// none of its own or the user chose one. Text on each stands at 4.5:1 or more.

#include <QPalette>

namespace sendoff::ui {

QPalette lightPalette();
QPalette darkPalette();

// Text that is less important than its neighbour, still at 4.5:1 on the palette's base and window.
QColor quietText(const QPalette &palette);

} // namespace sendoff::ui
