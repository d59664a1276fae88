// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The menu bar of UX.md 11: every command of the window, with its key.

class QMenuBar;

namespace sendoff::ui {

class QueueActions;
class WindowActions;

void fillMenus(QMenuBar *bar, const WindowActions &window, const QueueActions &rows);

} // namespace sendoff::ui
