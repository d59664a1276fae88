// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a power cut leaves of what a program did: everything that it did not make durable itself is
// lost. Judged by a trace of its system calls, as POSIX has it, which is stricter than any file
// system of today: contents are kept by fsync() of the file, and names by fsync() of their folder.

#include "core/base/file_path.h"

#include <QString>
#include <QStringList>

namespace sendoff::test {

// Words to put before a program's own, so that it is traced into `log`.
QStringList tracedForPowerCut(const QString &log);

// Takes back what the program did within `folder` after it last was durable: cuts files, or fills
// what they lost with zeros; undoes renames, where nothing was replaced; removes new files. What
// was overwritten within a durable part stays overwritten, and what was removed stays removed.
// How many files and names were lost; -1 where the trace cannot be read.
int cutPower(const QString &log, const FilePath &folder, bool withZeros);

} // namespace sendoff::test
