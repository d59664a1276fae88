// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Loads Sendoff's texts in the user's language. English needs it too: its plurals are there.

class QCoreApplication;
class QLocale;

namespace sendoff::app {

// Once, before any text is made. A language that Sendoff does not speak gives English.
void installTranslations(QCoreApplication *application, const QLocale &locale);

} // namespace sendoff::app
