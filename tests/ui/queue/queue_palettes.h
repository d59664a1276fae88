// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Palettes as desktops have them, for tests and pictures.

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

inline QPalette lightPalette()
{
    return paletteOf(QColor(0xefefef), Qt::white, Qt::black, QColor(0x1f6fb8));
}

inline QPalette darkPalette()
{
    return paletteOf(QColor(0x2a2e32), QColor(0x1b1e20), QColor(0xf0f0f0), QColor(0x2a7ac4));
}

inline QPalette highContrastPalette()
{
    return paletteOf(Qt::black, Qt::black, Qt::white, QColor(0x3399ff));
}

} // namespace sendoff::ui::test
