// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a recipe is in words: "Web 1080p → Family server". Not for: reading presets, whose titles
// the caller brings.

#include "core/queue/job.h"

#include <QMap>
#include <QString>

namespace sendoff::queue {

using PresetTitles = QMap<QString, QString>; // by id

// What a person calls a destination: its own name, "Shelf", the host of an address, a folder's
// name.
QString placeText(const QString &destination);
// Preset and places of one job. Names are isolated.
QString recipeText(const Recipe &recipe, const PresetTitles &titles);

} // namespace sendoff::queue
