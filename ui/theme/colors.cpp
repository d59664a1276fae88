// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/colors.h"

#include <QPalette>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

namespace {

// WCAG 2.2, relative luminance: the sRGB component made linear.
double linear(double component)
{
    return component <= 0.04045 ? component / 12.92 : std::pow((component + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

} // namespace

bool isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Base)) < luminance(palette.color(QPalette::Text));
}

const Colors &colorsFor(const QPalette &palette)
{
    static const Colors light{QColor(0x1f6fb8), QColor(0x0b7a63), QColor(0x8a5a00),
                              QColor(0xb3261e), QColor(0x2b7a36), QColor(0xdfe3e7),
                              QColor(0x868d95)};
    static const Colors dark{QColor(0x5aa7f0), QColor(0x3fc1a4), QColor(0xf0b429),
                             QColor(0xff7b72), QColor(0x6fcf7c), QColor(0x3a4047),
                             QColor(0x6f767e)};
    return isDark(palette) ? dark : light;
}

QColor mixed(const QColor &base, const QColor &over, double share)
{
    const auto channel = [share](int from, int to) {
        return int(std::lround(from + (to - from) * share));
    };
    return QColor(channel(base.red(), over.red()), channel(base.green(), over.green()),
                  channel(base.blue(), over.blue()));
}

double contrast(const QColor &one, const QColor &other)
{
    const double first = luminance(one);
    const double second = luminance(other);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace sendoff::ui
