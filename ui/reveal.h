// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Hands files and links to the desktop: the file manager, the player, the browser.

#include "core/base/file_path.h"

#include <QUrl>

class QObject;

namespace sendoff::ui {

// As a file: URL with the exact bytes of the name.
QUrl fileUrl(const FilePath &path);

// Opens the folder with the file selected (org.freedesktop.FileManager1), else the folder alone.
// `context`: the answer is not waited for beyond its life.
void showInFolder(const FilePath &path, QObject *context);
// In the program that the desktop has for it. False where there is none.
bool openOnDesktop(const QUrl &url);

} // namespace sendoff::ui
