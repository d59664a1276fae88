// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Quantities in a person's words and language: sizes, rates, percentages, durations. Every one has
// a form for what is not known, so that no “nan”, “∞” or “-1” is ever written. Not for: errors and
// logs, which are English (error_text.h).

#include <QLocale>
#include <QString>

#include <chrono>

namespace sendoff::queue {

// "62 %", cut, not rounded: "100 %" means all of it. 0…1; what is outside or no number is "0 %".
QString percentText(double fraction, const QLocale &locale);
// "3.1 GB", decimal units as file managers show them; negative = "0 bytes".
QString bytesText(qint64 bytes, const QLocale &locale);
// "2.1 MB/s"; empty below 1 kB/s, where a number would only flicker.
QString rateText(double bytesPerSecond, const QLocale &locale);
// "41 fps"; empty where none is known.
QString frameRateText(double framesPerSecond, const QLocale &locale);
// "45 s", "3 min 20 s", "4 min", "2 h 5 min"; zero parts are left out.
QString spanText(std::chrono::seconds span, const QLocale &locale);

// In steps that a person can believe: 1 s below 10 s, 5 s below a minute, 10 s below ten minutes,
// then minutes; rounded up.
std::chrono::seconds roundedLeft(double seconds);

// A name from outside within a sentence: kept apart from the direction of the text around it
// (U+2068 … U+2069).
QString isolated(const QString &name);

} // namespace sendoff::queue
