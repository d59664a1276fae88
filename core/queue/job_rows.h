// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Job rows: one row of the tables `jobs`, `legs` and `leftovers` to and from values. Pure but for
// reading the current row of a query.

#include "core/queue/job.h"
#include "core/queue/leftover.h"

#include <QString>
#include <QVariant>

#include <optional>

class QSqlQuery;

namespace sendoff::queue {

// The columns in the order in which the functions below use them.
inline constexpr auto jobColumns = u"id, position, created_us, source, identity, recipe, plan, "
                                   u"sameness, is_checked, cancelled_ms";
inline constexpr auto legColumns = u"job, kind, ordinal, state, wait_for, error, done_bytes, "
                                   u"total_bytes, generation, resume, result, before";
inline constexpr auto leftoverColumns = u"id, place, file, resume";
// The same of a database of schema version 1.
inline constexpr auto jobColumnsOf1 = u"id, position, created_us, source, identity, recipe, plan, "
                                      u"sameness, 1, 0";
inline constexpr auto legColumnsOf1 = u"job, kind, ordinal, state, wait_for, error, done_bytes, "
                                      u"total_bytes, generation, resume, result, NULL";

QVariantList jobValues(const Job &job);
QVariantList legValues(const QString &jobId, const Leg &leg);
QVariantList leftoverValues(const Leftover &leftover);

// Nothing where a column does not hold what this version writes. Without the legs.
std::optional<Job> jobFromRow(const QSqlQuery &row);
std::optional<Leg> legFromRow(const QSqlQuery &row);
std::optional<Leftover> leftoverFromRow(const QSqlQuery &row);
QString jobOfLeg(const QSqlQuery &row);

} // namespace sendoff::queue
