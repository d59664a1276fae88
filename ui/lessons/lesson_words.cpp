// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_words.h"

#include <QCoreApplication>
#include <QLocale>

namespace sendoff::ui {

namespace {

using lessons::Experiment;
using lessons::Outcome;

enum Lesson { Workers, Uploads, Blocked, LessonTotal };

QString said(const char *text)
{
    return QCoreApplication::translate("sendoff::ui::LessonWords", text);
}

QString secondsOf(const Outcome &outcome)
{
    return said("%1 s").arg(QLocale().toString(outcome.seconds, 'f', 1));
}

QString times(const Outcome &before, const Outcome &after)
{
    return QLocale().toString(before.seconds / after.seconds, 'f', 1);
}

QString workersConclusion(const Outcome &before, const Outcome &after)
{
    if (after.cores < 2) {
        return said("This computer gives Sendoff one core: two cooks at one stove are not faster "
                    "(%1 against %2). With a second core they would be.")
            .arg(secondsOf(after), secondsOf(before));
    }
    if (before.seconds < after.seconds * 1.2) {
        return said("Hardly faster this time (%1 against %2): other work has taken the second "
                    "stove. Try it again when the computer has nothing else to do.")
            .arg(secondsOf(after), secondsOf(before));
    }
    return said("Two cooks at two stoves: %1 × as fast. Both bars are solid at the same instant — "
                "that is parallel.")
        .arg(times(before, after));
}

QString uploadsConclusion(const Outcome &before, const Outcome &after)
{
    return said("The same one cook: %1 × as fast, because he never stands beside a pot that "
                "simmers. No two strokes lie at the same instant — that is concurrent, not parallel.")
        .arg(times(before, after));
}

QString blockedConclusion(const Outcome &after)
{
    return said("For %1 ms one pot kept the cook, and every upload stood still: all were ready, and "
                "none had its turn. That is why nothing in Sendoff may block this thread.")
        .arg(QLocale().toString(qint64(after.worstDelayMs)));
}

} // namespace

int lessonWordsCount()
{
    return LessonTotal;
}

LessonWords lessonWords(int lesson)
{
    switch (lesson) {
    case Workers:
        return {said("Two cooks, two stoves"),
                said("Exporting a video is like frying: it needs a stove all the time. One cook can "
                     "only fry one dish after another. Two cooks at two stoves fry two dishes at "
                     "the same instant.\n\nThis exports two short clips: first with one worker, "
                     "then with two.")};
    case Uploads:
        return {said("One cook, three pots"),
                said("Uploading is like simmering: the pot needs a stir now and then, and otherwise "
                     "only time. One cook looks after three pots, stirring one while the others "
                     "simmer.\n\nThis uploads three files to a slow server on this computer: first "
                     "one after another, then all three on the same one thread.")};
    default:
        return {said("A pot that keeps the cook"),
                said("One cook for all pots works only while no pot keeps him for long.\n\nThis "
                     "uploads three files twice. The second time something blocks their thread on "
                     "purpose, for half a second.")};
    }
}

std::pair<Experiment, Experiment> lessonExperiments(int lesson)
{
    switch (lesson) {
    case Workers:
        return {Experiment::OneWorker, Experiment::TwoWorkers};
    case Uploads:
        return {Experiment::OneUpload, Experiment::ThreeUploads};
    default:
        return {Experiment::FreeLoop, Experiment::BlockedLoop};
    }
}

LessonCaptions lessonCaptions(int lesson, const Outcome &before, const Outcome &after)
{
    switch (lesson) {
    case Workers:
        return {said("One worker: %1").arg(secondsOf(before)),
                said("Two workers: %1").arg(secondsOf(after)), workersConclusion(before, after)};
    case Uploads:
        return {said("One upload at a time: %1").arg(secondsOf(before)),
                said("Three uploads at once, one thread: %1").arg(secondsOf(after)),
                uploadsConclusion(before, after)};
    default:
        return {said("Undisturbed: %1").arg(secondsOf(before)),
                said("Blocked on purpose: %1").arg(secondsOf(after)), blockedConclusion(after)};
    }
}

} // namespace sendoff::ui
