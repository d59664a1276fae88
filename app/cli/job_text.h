// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A stored job as `queue list` and `queue show` tell it, to people and to programs. Pure; no secret
// of a job leaves here. Not for: the words of its state (core/queue/row_text.h).

#include "core/queue/job.h"
#include "core/queue/queue_commands.h"
#include "core/queue/row_state.h"
#include "core/queue/row_text.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace sendoff::app {

struct JobRow {
    queue::Job job;
    int position = 0; // in the queue, from 1
    queue::RowState state;
    queue::RowFacts facts;
};

// One line of `queue list --json`, and all of `queue show --json`.
QJsonObject rowJson(const JobRow &row);
QJsonObject detailJson(const JobRow &row);
// `columns`: of the terminal; long names are cut in the middle. 0 = nothing is cut.
QString rowTable(const QList<JobRow> &rows, int columns);
QString detailText(const JobRow &row);

// Of what the row is about, 0…1; nothing where that is not known.
std::optional<double> fractionOf(const JobRow &row);

// Why a command does not apply, as a clause that follows the job's name.
QString refusalClause(queue::Refusal refusal);
QString refusalName(queue::Refusal refusal); // stable, for JSON: "already-done"

} // namespace sendoff::app
