// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// destinations test, orphans: what is done at a destination, with its secrets. Not for: the list of
// those that are set up (destination_verbs.cpp).

#include "core/transfer/destination.h"

#include <QCoroTask>

#include <stop_token>

namespace sendoff::app {

class Application;
class Reporter;

// A step, and a sentence, for each thing that an upload needs. The exit code. Main thread; `application`
// and `reporter` outlive the task.
QCoro::Task<int> testDestination(Application &application, transfer::DestinationConfig config,
                                 Reporter *reporter, std::stop_token stop);

// Uploads that were left unfinished there; `removes` them too. The exit code. As above.
QCoro::Task<int> listOrphans(Application &application, transfer::DestinationConfig config,
                             bool removes, Reporter *reporter, std::stop_token stop);

} // namespace sendoff::app
