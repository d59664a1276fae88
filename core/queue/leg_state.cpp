// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/leg_state.h"

#include <algorithm>

namespace sendoff::queue {

namespace {

struct StateName {
    LegState state;
    QStringView name;
};

constexpr std::array stateNames{
    StateName{LegState::NotNeeded, u"not-needed"},
    StateName{LegState::Waiting, u"waiting"},
    StateName{LegState::Running, u"running"},
    StateName{LegState::Paused, u"paused"},
    StateName{LegState::Retrying, u"retrying"},
    StateName{LegState::NeedsAttention, u"needs-attention"},
    StateName{LegState::Verifying, u"verifying"},
    StateName{LegState::Done, u"done"},
    StateName{LegState::Cancelled, u"cancelled"},
};

struct WaitName {
    WaitFor wait;
    QStringView name;
};

constexpr std::array waitNames{
    WaitName{WaitFor::Nothing, u"nothing"}, WaitName{WaitFor::Slot, u"slot"},
    WaitName{WaitFor::Export, u"export"},   WaitName{WaitFor::Destination, u"destination"},
    WaitName{WaitFor::Space, u"space"},     WaitName{WaitFor::Schedule, u"schedule"},
    WaitName{WaitFor::SignIn, u"sign-in"},
};

} // namespace

QString stateName(LegState state)
{
    const auto found = std::find_if(stateNames.begin(), stateNames.end(),
                                    [state](const StateName &own) { return own.state == state; });
    Q_ASSERT(found != stateNames.end());
    return found->name.toString();
}

std::optional<LegState> stateFromName(QStringView name)
{
    const auto found = std::find_if(stateNames.begin(), stateNames.end(),
                                    [name](const StateName &own) { return own.name == name; });
    if (found == stateNames.end())
        return std::nullopt;
    return found->state;
}

QString waitName(WaitFor wait)
{
    const auto found = std::find_if(waitNames.begin(), waitNames.end(),
                                    [wait](const WaitName &own) { return own.wait == wait; });
    Q_ASSERT(found != waitNames.end());
    return found->name.toString();
}

std::optional<WaitFor> waitFromName(QStringView name)
{
    const auto found = std::find_if(waitNames.begin(), waitNames.end(),
                                    [name](const WaitName &own) { return own.name == name; });
    if (found == waitNames.end())
        return std::nullopt;
    return found->wait;
}

} // namespace sendoff::queue
