// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a running upload: which goes next, and what those that ended tell.

#include "core/transfer/part_planner.h"
#include "core/transfer/server_memory.h"
#include "core/transfer/source_wait.h"
#include "core/transfer/upload_run.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sendoff::transfer {

std::optional<PartPlan> UploadRun::partToSend(const OutputFeed::State &now) const
{
    Capabilities rules = *m_rules;
    if (m_request.memory && rules.takesAnyOrder)
        rules.partsAtOnce = m_request.memory->partsAtOnce.value(m_destination->config().name,
                                                                rules.partsAtOnce);
    const PartGrid *grid = m_session->grid();
    ByteRanges taken = m_ledger.confirmed();
    const ByteRanges inFlight = m_parts.ranges();
    taken.add(inFlight);
    if (grid && grid->goesOnInside()) {
        // One request at a time for each of them.
        for (const ByteRange &range : inFlight.ranges()) {
            for (int index = grid->indexAt(range.begin); index <= grid->indexAt(range.end - 1); ++index)
                taken.add(grid->part(index, now.total));
        }
    }
    if (!grid || grid->goesOnInside())
        rules.maximumPart = m_pace.nextSize(rules);
    auto part = nextPart(now, taken, rules, grid, bytesToGather(now));
    if (part && m_parts.count() >= m_pace.partsAtOnce(rules, part->range.size()))
        return std::nullopt;
    return part;
}

QCoro::Task<Result<UploadRun::Next>> UploadRun::startPart(PartPlan part)
{
    if (auto unchanged = source().verifyUnchanged(); !unchanged) {
        Error error = co_await abandonedFor(std::move(unchanged).error());
        co_return failure(std::move(error));
    }
    SO_CO_TRY_VOID(co_await m_session->prepare(part.range, m_stop));
    SO_CO_TRY_VOID(co_await saveState());
    m_gatheringSince.reset();
    m_request.progress->attempts.store(++m_result.attempts);
    m_parts.start(m_session.get(), std::move(part), m_stop);
    co_return Next::GoOn;
}

// Ends what is on its way. What the server has of it, it will say.
QCoro::Task<void> UploadRun::groundParts()
{
    co_await m_parts.stop();
    for (const PartsInFlight::Landed &part : m_parts.takeLanded()) {
        m_ledger.handOver({part.range.begin, part.range.begin + part.handedOver});
        m_mustAsk = true;
    }
}

// Until a part has landed or there is more to send.
QCoro::Task<Result<UploadRun::Next>> UploadRun::waitForLanding(OutputFeed::State now)
{
    auto waiting =
        waitForSource(m_request.target.source, now.revision, std::nullopt, m_parts.landing());
    (void)co_await std::move(waiting); // stopped by a landing; the next step looks
    co_return Next::GoOn;
}

// What the parts that ended tell.
QCoro::Task<Result<void>> UploadRun::takeLanded()
{
    const std::vector<PartsInFlight::Landed> landed = m_parts.takeLanded();
    if (landed.empty())
        co_return Result<void>();
    bool isAccepted = false;
    std::optional<Error> final;
    for (const PartsInFlight::Landed &part : landed) {
        m_ledger.handOver({part.range.begin, part.range.begin + part.handedOver});
        isAccepted = isAccepted || part.outcome.has_value();
        if (part.outcome && m_request.memory)
            m_request.memory->speeds.note(m_destination->server(), part.range.size(), part.busy);
        if (!part.outcome)
            note(part.outcome.error(), part.range, &final);
    }
    if (final) {
        Error error = co_await checkedSourceError(std::move(*final));
        co_return failure(std::move(error));
    }
    if (!isAccepted)
        co_return Result<void>();
    const qint64 before = m_ledger.confirmed().totalBytes();
    SO_CO_TRY_VOID(co_await settle());
    const qint64 gained = m_ledger.confirmed().totalBytes() - before;
    m_pace.note(std::max<qint64>(0, gained), m_parts.takeBusyTime());
    if (gained == 0 && !m_mustAsk) {
        m_mustAsk = true;
        m_bodyError =
            Error(ErrorKind::UploadMismatch,
                  QStringLiteral("a part was accepted, but nothing of it confirmed"),
                  RetryAdvice::backoff())
                .with(argument::reason, QStringLiteral("it kept nothing of what was sent"));
    }
    co_return Result<void>();
}

// Nothing is concluded from a broken request, not even from its status: the server says what it
// has. Where it asked us to wait, after that.
void UploadRun::note(const Error &error, ByteRange part, std::optional<Error> *final)
{
    m_mustAsk = true;
    const PartGrid *grid = m_session->grid();
    const bool isTooLarge =
        error.kind == ErrorKind::DestinationLimit && (!grid || grid->goesOnInside());
    if (isTooLarge && m_pace.refuse(part.size())) {
        if (m_request.memory)
            m_request.memory->refused.note(m_destination->server(), part.size());
        return; // something on the way takes smaller bodies only
    }
    const RetryAdvice::When when = error.retry.when;
    if (when == RetryAdvice::When::Backoff || when == RetryAdvice::When::WhenDestination)
        m_bodyError = error;
    else if (!*final || (*final)->kind == ErrorKind::Cancelled)
        *final = error;
}

} // namespace sendoff::transfer
