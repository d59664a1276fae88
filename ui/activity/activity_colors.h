// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityColors: the colors of the Activity view beside those of the theme. Each is told from the
// others in greyscale too, or has another shape.

#include "ui/theme/colors.h"

#include <QColor>

class QPalette;

namespace sendoff::ui {

struct ActivityColors {
    QColor work; // an export computes
    QColor onWork; // text on it
    QColor turn; // an upload has its turn
    QColor ready; // posted, the thread is busy
    QColor busy; // a loop runs something else
    QColor paint; // the window paints itself
    QColor held; // words and hatching of waits that are not the network's
    QColor ground; // of the window
    QColor lane; // where nothing is
    QColor outline;
    QColor text;
    QColor quiet; // text that explains
    QColor marker; // the loupe's place
    bool isDark = false;
};

ActivityColors activityColors(const QPalette &palette);

// How dark (on a dark base: how bright) a share of time is drawn, 0…1: by its logarithm, so that
// 0.1 % and 1 % and 100 % can be told apart.
double shadeOf(double share);

} // namespace sendoff::ui
