// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// UploadRun: one upload while it runs: the state of the one loop (uploader.h) and its steps. Not
// for: protocols (destinations/), or what to send next (part_planner.h).

#include "core/transfer/part_pace.h"
#include "core/transfer/parts_in_flight.h"
#include "core/transfer/retry_policy.h"
#include "core/transfer/source_hash.h"
#include "core/transfer/upload_ledger.h"
#include "core/transfer/uploader.h"

#include <chrono>
#include <memory>
#include <optional>

namespace sendoff::transfer {

// Lives in the frame of upload(), which awaits run() and then close().
class UploadRun {
public:
    UploadRun(Destination *destination, UploadRequest request, UploadPolicy policy,
              std::stop_token stop);

    QCoro::Task<Result<UploadResult>> run();
    // Nothing of this runs on any thread after it.
    QCoro::Task<void> close();

private:
    enum class Next { GoOn, Delivered };
    using Clock = std::chrono::steady_clock;

    // Each step looks at the source, the session and what the server said, and does one thing.
    QCoro::Task<Result<Next>> step();
    QCoro::Task<Result<Next>> prepare(OutputFeed::State now);
    QCoro::Task<Result<Next>> waitForMore(OutputFeed::State now);
    QCoro::Task<Result<Next>> open(OutputFeed::State now);
    QCoro::Task<Result<Next>> ask();
    QCoro::Task<Result<Next>> startPart(PartPlan part);
    QCoro::Task<Result<Next>> waitForLanding(OutputFeed::State now);
    QCoro::Task<Result<Next>> deliver(qint64 size);
    QCoro::Task<Result<Delivery>> finish(qint64 size);

    std::optional<PartPlan> partToSend(const OutputFeed::State &now) const;
    QCoro::Task<Result<void>> takeLanded();
    QCoro::Task<void> groundParts();
    void note(const Error &error, ByteRange part, std::optional<Error> *final);
    // Believes what the session says that the server has, or not.
    QCoro::Task<Result<void>> settle();
    QCoro::Task<Result<void>> saveState();
    QCoro::Task<Result<QByteArray>> awaitHash(quint64 generation);
    QCoro::Task<Result<void>> mayFinish();
    // Waits as the error and the budget say; the error itself where it is the caller's affair.
    QCoro::Task<Result<void>> recover(Error error);

    void dropSession();
    // The remote part is worth nothing any more.
    QCoro::Task<void> discardRemote();
    QCoro::Task<Error> abandonedFor(Error error);
    QCoro::Task<Error> checkedSourceError(Error error);

    qint64 bytesToGather(const OutputFeed::State &now) const;
    void startHash(const OutputFeed::State &now);
    void showProgress();
    Error explained(Error error) const;
    ByteSource &source() const { return *m_request.target.source; }

    Destination *m_destination;
    UploadRequest m_request;
    UploadPolicy m_policy;
    std::stop_token m_stop;
    RetryBudget m_budget;
    UploadLedger m_ledger;
    SourceHash m_hash;
    PartPace m_pace;

    std::optional<Capabilities> m_rules;
    std::unique_ptr<UploadSession> m_session;
    PartsInFlight m_parts; // of m_session
    quint64 m_generation = 0; // of the source that m_session holds a part of
    QJsonObject m_resume; // to open a session from
    QJsonObject m_saved; // what the store has
    UploadResult m_result;

    std::optional<Error> m_bodyError; // of a part; the server is asked before it counts
    bool m_mustAsk = false;
    bool m_isReopening = false; // the session is to be opened from its state, within this run
    bool m_askedAgain = false; // after it said less than before
    bool m_startedAnew = false; // after it had forgotten, and no progress since
    bool m_isFinal = false; // the error that comes next is for the caller, whatever its advice
    std::optional<Clock::time_point> m_gatheringSince;
};

} // namespace sendoff::transfer
