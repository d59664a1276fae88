// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How the command line names jobs. Pure.

#include "core/base/result.h"

#include <QStringList>

namespace sendoff::app {

// What was given as jobs: ids, beginnings that only one id has, or "all". In the order of `order`,
// each once. JobUnknown; BadUsage for a beginning of several.
Result<QStringList> jobsNamed(const QStringList &words, const QStringList &order);

} // namespace sendoff::app
