// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Job records: the parts of a job as they stand in the database's JSON columns. Pure. Not for: SQL
// (job_database.h).

#include "core/queue/job.h"

#include <QJsonObject>

#include <optional>

namespace sendoff::queue {

// The time of RetryAdvice::At is kept in whole microseconds.
QJsonObject errorToJson(const Error &error);
// Nothing for a kind or an advice that this version does not know.
std::optional<Error> errorFromJson(const QJsonObject &json);

QJsonObject legBeforeToJson(const LegBefore &before);
std::optional<LegBefore> legBeforeFromJson(const QJsonObject &json);

// Whether the legs are what makeJob() makes: the export leg first, then one upload leg for each
// destination, in order.
bool hasExpectedLegs(const Job &job);

// What ran when the program ended waits again.
void interrupt(Job &job);

} // namespace sendoff::queue
