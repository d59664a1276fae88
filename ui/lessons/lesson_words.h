// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The words of the lessons, and which experiments each compares. Pure.

#include "core/lessons/experiment.h"

#include <QString>

#include <utility>

namespace sendoff::ui {

struct LessonWords {
    QString title;
    QString story;
};

struct LessonCaptions {
    QString before;
    QString after;
    QString conclusion;
};

int lessonWordsCount();
LessonWords lessonWords(int lesson);
std::pair<lessons::Experiment, lessons::Experiment> lessonExperiments(int lesson);
// What was measured, whichever way it went.
LessonCaptions lessonCaptions(int lesson, const lessons::Outcome &before,
                              const lessons::Outcome &after);

} // namespace sendoff::ui
