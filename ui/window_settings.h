// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// WindowSettings: what the window remembers of itself from one start to the next. An INI file in
// the profile; it never holds a secret and nothing is lost without it.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "ui/bars/place.h"
#include "ui/queue/row_layout.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace sendoff::ui {

enum class Theme { System, Light, Dark };

struct WindowSettings {
    QByteArray geometry; // QWidget::saveGeometry(); empty = the first start
    QByteArray state; // QMainWindow::saveState()
    QByteArray splitter; // between filters and queue
    QString filter; // its stable name; empty = all
    Theme theme = Theme::System;
    RowDensity density = RowDensity::Comfortable;
    bool showsFilters = true;
    bool showsActivity = false;
    bool hasShownActivity = false; // it opens by itself once
    QString preset; // id
    Place place;
    QList<Place> recentPlaces;
    FilePath lastFolder; // of the file dialog

    bool operator==(const WindowSettings &) const = default;
};

// Blocking: I/O pool. A missing or damaged file gives the defaults; so does each value that cannot
// be read.
WindowSettings loadWindowSettings(const FilePath &file);
// Through a temporary file and a rename. OutputNotWritable, DiskFull.
Result<void> saveWindowSettings(const FilePath &file, const WindowSettings &settings);

} // namespace sendoff::ui
