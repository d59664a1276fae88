// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/palettes.h"

#include "ui/theme/colors.h"

namespace sendoff::ui {

namespace {

constexpr double quietShare = 0.66; // of the text's color: more than 4.5:1 on any row

struct Shades {
    QColor window;
    QColor base;
    QColor alternateBase;
    QColor button;
    QColor text;
    QColor quiet; // placeholders
    QColor disabled;
    QColor accent;
    QColor onAccent;
    QColor link;
    QColor toolTip;
    // Fusion draws its frames and bevels with these.
    QColor light;
    QColor midlight;
    QColor mid;
    QColor dark;
    QColor shadow;
};

QPalette paletteOf(const Shades &shades)
{
    QPalette palette(shades.text, shades.button, shades.light, shades.dark, shades.mid,
                     shades.text, shades.onAccent, shades.base, shades.window);
    palette.setColor(QPalette::AlternateBase, shades.alternateBase);
    palette.setColor(QPalette::Midlight, shades.midlight);
    palette.setColor(QPalette::Shadow, shades.shadow);
    palette.setColor(QPalette::ButtonText, shades.text);
    palette.setColor(QPalette::Highlight, shades.accent);
    palette.setColor(QPalette::HighlightedText, shades.onAccent);
    palette.setColor(QPalette::Link, shades.link);
    palette.setColor(QPalette::LinkVisited, shades.link);
    palette.setColor(QPalette::ToolTipBase, shades.toolTip);
    palette.setColor(QPalette::ToolTipText, shades.text);
    palette.setColor(QPalette::PlaceholderText, shades.quiet);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, shades.disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, shades.midlight);
    return palette;
}

} // namespace

QPalette lightPalette()
{
    Shades shades;
    shades.window = QColor(0xf3f4f6);
    shades.base = QColor(0xffffff);
    shades.alternateBase = QColor(0xf7f8fa);
    shades.button = QColor(0xf3f4f6);
    shades.text = QColor(0x1b1f24);
    shades.quiet = QColor(0x5c646d);
    shades.disabled = QColor(0x8b929a);
    shades.accent = QColor(0x1f6fb8);
    shades.onAccent = QColor(0xffffff);
    shades.link = QColor(0x1a5f9e);
    shades.toolTip = QColor(0xffffff);
    shades.light = QColor(0xffffff);
    shades.midlight = QColor(0xe6e9ed);
    shades.mid = QColor(0xc3c9d0);
    shades.dark = QColor(0x9aa2ab);
    shades.shadow = QColor(0x646c75);
    return paletteOf(shades);
}

QPalette darkPalette()
{
    Shades shades;
    shades.window = QColor(0x202327);
    shades.base = QColor(0x17191c);
    shades.alternateBase = QColor(0x1d2023);
    shades.button = QColor(0x2b2f34);
    shades.text = QColor(0xeceef1);
    shades.quiet = QColor(0xa4acb5);
    shades.disabled = QColor(0x7b838c);
    shades.accent = QColor(0x2a6ca8);
    shades.onAccent = QColor(0xffffff);
    shades.link = QColor(0x7fbcf5);
    shades.toolTip = QColor(0x2b2f34);
    shades.light = QColor(0x4a5058);
    shades.midlight = QColor(0x3a4047);
    shades.mid = QColor(0x33383e);
    shades.dark = QColor(0x121416);
    shades.shadow = QColor(Qt::black);
    return paletteOf(shades);
}

QColor quietText(const QPalette &palette)
{
    return mixed(palette.color(QPalette::Base), palette.color(QPalette::Text), quietShare);
}

} // namespace sendoff::ui
