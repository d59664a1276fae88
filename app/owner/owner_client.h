// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// OwnerClient: hands one command to the process that owns the profile and passes its words on. Not
// for: what to do when there is no owner (profile_entry.h).

#include "app/owner/owner_protocol.h"

#include <QCoroTask>

#include <stop_token>
#include <variant>

namespace sendoff::app {

// How an attempt ended where the owner did not say it.
enum class HandOverEnd {
    NotTaken, // nobody listens, or it went away before it took the command
    Silent, // somebody listens and does not answer
    Lost, // it took the command and went away before the command was done
    Stopped, // by `stop`, after the owner took the command: it goes on with it
};
using HandOverResult = std::variant<OwnerExit, OwnerRefusal, HandOverEnd>;

// Main thread. The owner's words go to `output` as they come. `answerLimit`: how long the owner may
// take to accept the command.
QCoro::Task<HandOverResult> handOverTo(FilePath socket, HandOver handOver, Output *output,
                                       std::chrono::milliseconds answerLimit,
                                       std::stop_token stop);

} // namespace sendoff::app
