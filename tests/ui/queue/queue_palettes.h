// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A palette as desktops have it for high contrast, for tests and pictures; the light and the dark
// one are the program's own (ui/theme/palettes.h).

#include "ui/theme/palettes.h"

#include <QColor>
#include <QPalette>

namespace sendoff::ui::test {

inline QPalette paletteOf(const QColor &window, const QColor &base, const QColor &text,
                          const QColor &highlight)
{
    QPalette palette(text, window, window.lighter(110), window.darker(150), window.darker(120),
                     text, base);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Highlight, highlight);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    return palette;
}

inline QPalette highContrastPalette()
{
    return paletteOf(Qt::black, Qt::black, Qt::white, QColor(0x3399ff));
}

} // namespace sendoff::ui::test
