// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Painting of a row's parts: tracks, buttons, a video's placeholder. Each fills the rectangle it is
// given.

#include "ui/queue/row_content.h"
#include "ui/theme/colors.h"

#include <QPalette>
#include <QPixmap>
#include <QRect>

class QPainter;

namespace sendoff::ui {

// `isFromRight`: fills from the right, as languages that are read from there do.
struct TrackStyle {
    const Colors &colors;
    QColor background; // of the row
    bool isFromRight = false;
};
void paintTrack(QPainter *painter, const QRect &rect, const Track &track, const TrackStyle &style);

struct ButtonStyle {
    const QPalette &palette;
    QColor background; // of the row
    bool isHovered = false;
    bool isPressed = false;
};
void paintButton(QPainter *painter, const QRect &rect, RowAction action, const ButtonStyle &style);

// A video's picture in device pixels, whole and with its shape; null: what stands for it.
void paintThumbnail(QPainter *painter, const QRect &rect, const QPixmap &picture,
                    const QPalette &palette);

} // namespace sendoff::ui
