// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// An Error as three sentences for a person: what happened, what is kept, what to do next. The same
// text serves the terminal, a row of the window, a notification and the log.

#include "core/base/error.h"

namespace sendoff {

struct ErrorText {
    QString what; // never a code, never "Error", "failed" or "invalid"
    QString kept; // may be empty
    QString next; // what the user can do; never empty but for Cancelled

    QString sentence() const; // all of them in one line
};

ErrorText describe(const Error &error);

// "3.1 GB": decimal units as file managers show them. `bytes` >= 0.
QString sizeText(qint64 bytes);
// "3 min 20 s" for whole seconds >= 0.
QString durationText(qint64 seconds);

} // namespace sendoff
