// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// checkDestination: tries a destination step by step, as an upload would use it, and leaves nothing
// there. Not for: what its options may hold (checkedConfig in destination.h).

#include "core/base/error.h"
#include "core/transfer/destination.h"

#include <QCoroTask>

#include <stop_token>

namespace sendoff::transfer {

struct CheckStep {
    enum class What { Resolve, Connect, Tls, SignIn, Write, Resume, Delete };
    What what = What::Connect;
    std::optional<Error> error; // nothing: it is fine
    QString note; // in addition, a sentence; may be empty
};

QString stepName(CheckStep::What what); // for JSON: "resolve"
QString stepSentence(const CheckStep &step); // for people

// In the order of an upload; the first that fails is the last, but for the removal of what may lie
// there by then. A destination without a server has no steps that are about one. `destination`
// outlives the task.
QCoro::Task<QList<CheckStep>> checkDestination(Destination *destination, DestinationContext context,
                                               std::stop_token stop);

} // namespace sendoff::transfer
