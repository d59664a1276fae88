// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The way into a profile: this process becomes its owner, or the owner does what was asked of this
// one (DESIGN.md, “One profile, one owner”).

#include "app/owner/owner_client.h"
#include "app/owner/owner_server.h"
#include "core/base/profile.h"

#include <QCoroTask>

#include <functional>
#include <memory>
#include <stop_token>
#include <variant>

namespace sendoff::app {

// The lock is held; others are heard once `server->serve()` was called. Close the server first.
struct Ownership {
    Profile profile;
    std::unique_ptr<ProcessLock> lock;
    std::unique_ptr<OwnerServer> server;
};

struct EntryRequest {
    FilePath profileFolder; // as Profile::open()
    HandOver handOver;
    // What happens when the owner ends before the command is done: this process takes its place, or
    // says so (OwnerGone) because to do a part of it twice would be wrong.
    enum class OwnerEnds { TakeItsPlace, GiveUp };
    OwnerEnds ifOwnerEnds = OwnerEnds::TakeItsPlace;
    // How long an owner may take to answer, and to come up or go down.
    std::chrono::milliseconds patience{15'000};
};

// What the process without the profile tells while it waits.
enum class EntryNews {
    OwnerEnded, // going on here
    LeftBehind, // stopped; the owner goes on with it
};

// An exit code: the owner did it, or `stop` came. Main thread. `output` takes the owner's words.
// ProfileOnOtherHost, OwnerUnusable, OwnerGone, and the errors of Profile::open().
using Entry = std::variant<Ownership, int>;
QCoro::Task<Result<Entry>> enterProfile(EntryRequest request, Output *output,
                                        std::function<void(EntryNews)> tell,
                                        std::stop_token stop);

} // namespace sendoff::app
