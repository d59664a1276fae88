// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LegState: the one state machine of every leg (an export or an upload), as a table.

#include <QString>

#include <array>
#include <optional>

namespace sendoff::queue {

enum class LegState {
    NotNeeded, // an upload-only job's export; an export-only job has no upload leg
    Waiting, // for what: WaitFor
    Running,
    Paused,
    Retrying, // will be tried again by itself
    NeedsAttention, // only the user can go on
    Verifying,
    Done,
    Cancelled,
};

enum class WaitFor { Nothing, Slot, Export, Destination, Space, Schedule, SignIn };

enum class LegEvent {
    Start, // a slot is free
    Completed, // all bytes are written or confirmed
    Verified,
    Pause,
    Resume,
    Hold, // must wait for something: WaitFor
    Backoff, // a passing fault; tried again later
    Fail, // only the user can go on
    Retry, // by the user or by a timer
    Cancel,
    Undo, // of a cancel
    StartOver, // from the beginning, by the user or because the source changed
    Interrupted, // the program ended while it ran
};

struct LegStep {
    LegState from;
    LegEvent on;
    LegState to;
};

inline constexpr std::array legSteps{
    LegStep{LegState::Waiting, LegEvent::Start, LegState::Running},
    LegStep{LegState::Waiting, LegEvent::Hold, LegState::Waiting},
    LegStep{LegState::Waiting, LegEvent::Pause, LegState::Paused},
    LegStep{LegState::Waiting, LegEvent::Fail, LegState::NeedsAttention},
    LegStep{LegState::Waiting, LegEvent::Cancel, LegState::Cancelled},
    LegStep{LegState::Waiting, LegEvent::StartOver, LegState::Waiting},

    LegStep{LegState::Running, LegEvent::Completed, LegState::Verifying},
    LegStep{LegState::Running, LegEvent::Hold, LegState::Waiting},
    LegStep{LegState::Running, LegEvent::Backoff, LegState::Retrying},
    LegStep{LegState::Running, LegEvent::Pause, LegState::Paused},
    LegStep{LegState::Running, LegEvent::Fail, LegState::NeedsAttention},
    LegStep{LegState::Running, LegEvent::Cancel, LegState::Cancelled},
    LegStep{LegState::Running, LegEvent::StartOver, LegState::Waiting},
    LegStep{LegState::Running, LegEvent::Interrupted, LegState::Waiting},

    LegStep{LegState::Verifying, LegEvent::Verified, LegState::Done},
    LegStep{LegState::Verifying, LegEvent::Backoff, LegState::Retrying},
    LegStep{LegState::Verifying, LegEvent::Hold, LegState::Waiting},
    LegStep{LegState::Verifying, LegEvent::Pause, LegState::Paused},
    LegStep{LegState::Verifying, LegEvent::Fail, LegState::NeedsAttention},
    LegStep{LegState::Verifying, LegEvent::Cancel, LegState::Cancelled},
    LegStep{LegState::Verifying, LegEvent::StartOver, LegState::Waiting},
    LegStep{LegState::Verifying, LegEvent::Interrupted, LegState::Waiting},

    LegStep{LegState::Retrying, LegEvent::Start, LegState::Running},
    LegStep{LegState::Retrying, LegEvent::Retry, LegState::Running},
    LegStep{LegState::Retrying, LegEvent::Hold, LegState::Waiting},
    LegStep{LegState::Retrying, LegEvent::Pause, LegState::Paused},
    LegStep{LegState::Retrying, LegEvent::Fail, LegState::NeedsAttention},
    LegStep{LegState::Retrying, LegEvent::Cancel, LegState::Cancelled},
    LegStep{LegState::Retrying, LegEvent::StartOver, LegState::Waiting},
    LegStep{LegState::Retrying, LegEvent::Interrupted, LegState::Waiting},

    // The work was complete before it could be stopped: that is what counts.
    LegStep{LegState::Paused, LegEvent::Completed, LegState::Verifying},
    LegStep{LegState::Paused, LegEvent::Resume, LegState::Waiting},
    LegStep{LegState::Paused, LegEvent::Cancel, LegState::Cancelled},
    LegStep{LegState::Paused, LegEvent::StartOver, LegState::Paused},

    LegStep{LegState::NeedsAttention, LegEvent::Retry, LegState::Waiting},
    LegStep{LegState::NeedsAttention, LegEvent::StartOver, LegState::Waiting},
    LegStep{LegState::NeedsAttention, LegEvent::Cancel, LegState::Cancelled},

    LegStep{LegState::Done, LegEvent::StartOver, LegState::Waiting},
    LegStep{LegState::Cancelled, LegEvent::Completed, LegState::Verifying},
    LegStep{LegState::Cancelled, LegEvent::Undo, LegState::Waiting},
    LegStep{LegState::Cancelled, LegEvent::StartOver, LegState::Waiting},
};

// The state after `event`, or nothing where it is not allowed (logged, never applied).
constexpr std::optional<LegState> next(LegState from, LegEvent event)
{
    for (const LegStep &step : legSteps) {
        if (step.from == from && step.on == event)
            return step.to;
    }
    return std::nullopt;
}

static_assert(next(LegState::Done, LegEvent::Resume) == std::nullopt);
static_assert(next(LegState::Running, LegEvent::Completed) == LegState::Verifying);

constexpr bool isActive(LegState state)
{
    return state == LegState::Running || state == LegState::Verifying
        || state == LegState::Retrying;
}
// Nothing will happen to it by itself any more.
constexpr bool isSettled(LegState state)
{
    return state == LegState::NotNeeded || state == LegState::Done
        || state == LegState::Cancelled || state == LegState::NeedsAttention;
}

QString stateName(LegState state); // stable, for JSON and the database: "needs-attention"
std::optional<LegState> stateFromName(QStringView name);
QString waitName(WaitFor wait);
std::optional<WaitFor> waitFromName(QStringView name);

} // namespace sendoff::queue
