// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The whole queue in words: the window's title, the status bar's sentence, the question at quit.
// Pure. Not for: one job (core/queue/row_text.h).

#include <QString>

#include <chrono>
#include <optional>

namespace sendoff::ui {

struct QueueFigures {
    int exporting = 0;
    int exportSlots = 0;
    int uploading = 0;
    int uploadSlots = 0;
    int waiting = 0;
    int paused = 0;
    int attention = 0;
    int done = 0;
    int all = 0;
    bool isPausedAll = false;
    // Of all that runs and waits; nothing before it can be known.
    std::optional<std::chrono::seconds> shortestLeft;
    std::optional<std::chrono::seconds> longestLeft;
};

// "2 exporting, 3 uploading — Sendoff"
QString windowTitle(const QueueFigures &figures);
// "2 of 2 exports · 3 of 4 uploads · 8–11 min left"
QString statusSentence(const QueueFigures &figures);

// What quitting now costs. Uploads cost nothing: they go on where they are.
struct QuitCost {
    int exports = 0; // that start again from their last checkpoint
    double exportSeconds = 0; // of their work, together
    int uploads = 0;
};
// Empty where nothing would be done again: less than `worthAsking` of work.
QString quitQuestion(const QuitCost &cost);
inline constexpr double worthAsking = 5; // seconds of work

} // namespace sendoff::ui
