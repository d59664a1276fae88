// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// describeStream(): one stream of an opened input as a value. Private to core/media.

#include "core/media/input.h"
#include "core/media/media_info.h"

#include <QStringList>

namespace sendoff::media {

// Adds sentences to `warnings` for what an export cannot bring out rightly.
StreamInfo describeStream(const Input &input, int index, QStringList &warnings);

// How a picture must be turned to be shown upright, by a display matrix of nine 16.16 numbers:
// first flipped horizontally, then rotated clockwise.
struct Orientation {
    int rotation = 0; // 0, 90, 180, 270; the nearest where the matrix says something between
    bool isMirrored = false;
    bool operator==(const Orientation &) const = default;
};
Orientation orientationOf(const qint32 (&matrix)[9]);

} // namespace sendoff::media
