// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/queue_verbs.h"

#include <algorithm>

namespace sendoff::queue {

namespace {

bool hasLeg(const Job &job, bool (*condition)(LegState))
{
    return std::any_of(job.legs.begin(), job.legs.end(),
                       [condition](const Leg &leg) { return condition(leg.state); });
}

bool isPaused(LegState state)
{
    return state == LegState::Paused;
}

bool isCancelled(LegState state)
{
    return state == LegState::Cancelled;
}

bool canPause(LegState state)
{
    return next(state, LegEvent::Pause).has_value();
}

bool canCancel(LegState state)
{
    return next(state, LegEvent::Cancel).has_value();
}

bool needsAttention(LegState state)
{
    return state == LegState::NeedsAttention;
}

bool canBeUndone(const Job &job)
{
    return std::any_of(job.legs.begin(), job.legs.end(),
                       [](const Leg &leg) { return leg.before.has_value(); });
}

bool hasBegun(const Job &job)
{
    return std::any_of(job.legs.begin(), job.legs.end(), [](const Leg &leg) {
        return isActive(leg.state) || leg.state == LegState::Done || leg.generation > 0
            || !leg.resume.isEmpty();
    });
}

std::optional<Refusal> refusedUnless(bool applies, Refusal reason)
{
    return applies ? std::nullopt : std::optional(reason);
}

} // namespace

std::optional<Refusal> refusalOf(QueueVerb verb, const Job &job)
{
    const bool cancelled = hasLeg(job, isCancelled);
    switch (verb) {
    case QueueVerb::Pause:
    case QueueVerb::Resume:
    case QueueVerb::Retry: {
        if (job.isDone())
            return Refusal::AlreadyDone;
        if (cancelled)
            return Refusal::IsCancelled;
        const auto condition = verb == QueueVerb::Pause ? canPause
            : verb == QueueVerb::Resume                 ? isPaused
                                                        : needsAttention;
        return refusedUnless(hasLeg(job, condition), Refusal::NothingToDo);
    }
    case QueueVerb::Cancel:
        if (job.isDone())
            return Refusal::AlreadyDone;
        if (!hasLeg(job, canCancel))
            return cancelled ? Refusal::IsCancelled : Refusal::NothingToDo;
        return std::nullopt;
    case QueueVerb::UndoCancel:
        if (!cancelled)
            return Refusal::NothingToDo;
        return refusedUnless(canBeUndone(job), Refusal::GraceIsOver);
    case QueueVerb::StartOver:
    case QueueVerb::Move:
        return std::nullopt;
    case QueueVerb::Remove:
        return refusedUnless(!hasLeg(job, isActive), Refusal::IsRunning);
    case QueueVerb::ChangeRecipe:
        if (cancelled)
            return Refusal::IsCancelled;
        return refusedUnless(!hasBegun(job), Refusal::HasBegun);
    }
    Q_UNREACHABLE();
}

} // namespace sendoff::queue
