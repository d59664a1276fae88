// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_colors.h"

#include "ui/theme/colors.h"

#include <QPalette>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

ActivityColors activityColors(const QPalette &palette)
{
    const Colors &theme = colorsFor(palette);
    ActivityColors colors;
    colors.isDark = isDark(palette);
    colors.work = theme.exporting;
    colors.onWork = colors.isDark ? QColor(0x0c1a28) : QColor(Qt::white);
    colors.turn = theme.uploading;
    colors.ready = theme.held;
    colors.busy = colors.isDark ? QColor(0x8e979f) : QColor(0x6c747c);
    colors.paint = colors.isDark ? QColor(0xc79bff) : QColor(0x6b2fa3);
    colors.held = theme.held;
    colors.ground = palette.color(QPalette::Window);
    colors.lane = palette.color(QPalette::Base);
    colors.outline = theme.trackOutline;
    colors.text = palette.color(QPalette::WindowText);
    colors.quiet = mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.32);
    colors.marker = palette.color(QPalette::Highlight);
    return colors;
}

double shadeOf(double share)
{
    constexpr double faintest = 1e-4; // one ten-thousandth of the time is still seen
    if (share <= 0)
        return 0;
    const double decades = std::log10(std::clamp(share, faintest, 1.0) / faintest);
    return 0.10 + 0.90 * decades / 4.0;
}

} // namespace sendoff::ui
