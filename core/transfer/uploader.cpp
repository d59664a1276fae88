// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/uploader.h"

#include "core/base/crash_point.h"
#include "core/transfer/part_planner.h"
#include "core/transfer/server_memory.h"
#include "core/transfer/source_wait.h"
#include "core/transfer/upload_run.h"

#include <algorithm>
#include <utility>

namespace sendoff::transfer {

UploadRun::UploadRun(Destination *destination, UploadRequest request, UploadPolicy policy,
                     std::stop_token stop)
    : m_destination(destination)
    , m_request(std::move(request))
    , m_policy(std::move(policy))
    , m_stop(std::move(stop))
    , m_budget(m_policy)
    , m_parts(m_request.progress)
    , m_generation(m_request.resumeGeneration)
    , m_resume(m_request.resumeState)
    , m_saved(m_request.resumeState)
{
    if (m_request.memory)
        m_pace.refuse(m_request.memory->refused.smallest(destination->server()));
}

QCoro::Task<Result<UploadResult>> UploadRun::run()
{
    for (;;) {
        auto stepped = co_await step();
        if (stepped && *stepped == Next::Delivered)
            co_return std::move(m_result);
        if (stepped)
            continue;
        co_await groundParts(); // nothing is on its way while this waits
        auto recovered = co_await recover(std::move(stepped).error());
        if (!recovered)
            co_return failure(explained(std::move(recovered).error()));
    }
}

QCoro::Task<Result<UploadRun::Next>> UploadRun::step()
{
    if (m_stop.stop_requested())
        co_return failure(Error::cancelled());
    OutputFeed::State now = source().state();
    if (now.failed) {
        Error error = co_await abandonedFor(*now.failed);
        co_return failure(std::move(error));
    }
    if (m_hash.isRunning() && m_hash.generation() != now.generation)
        co_await m_hash.cancel();
    if (!m_session || m_generation != now.generation)
        co_return co_await prepare(std::move(now));
    startHash(now);
    SO_CO_TRY_VOID(co_await takeLanded());
    if (m_mustAsk && m_parts.count() == 0)
        co_return co_await ask();
    if (m_mustAsk)
        co_return co_await waitForLanding(std::move(now));
    if (now.total && m_ledger.confirmed().covers({0, *now.total}))
        co_return co_await deliver(*now.total);
    auto part = partToSend(now);
    if (part)
        co_return co_await startPart(std::move(*part));
    if (m_parts.count() > 0)
        co_return co_await waitForLanding(std::move(now));
    if (!nextPart(now, m_ledger.confirmed(), *m_rules, m_session->grid()))
        m_gatheringSince.reset();
    else if (!m_gatheringSince)
        m_gatheringSince = Clock::now();
    co_return co_await waitForMore(std::move(now));
}

// Towards a session for the present generation of the source.
QCoro::Task<Result<UploadRun::Next>> UploadRun::prepare(OutputFeed::State now)
{
    if (!m_rules) {
        SO_CO_TRY(m_rules, co_await m_destination->capabilities(m_stop));
        co_return Next::GoOn;
    }
    if (now.generation == 0)
        co_return co_await waitForMore(std::move(now)); // the writer has not begun
    const bool isOther = m_generation != 0 && m_generation != now.generation;
    if (isOther && (m_session || !m_resume.isEmpty())) {
        co_await discardRemote(); // a start-over: its bytes are no longer these
        co_return Next::GoOn;
    }
    // A remote part is made once there is something for it, so that an export that yields nothing
    // leaves nothing behind.
    const bool hasSome = now.total || !now.sealed.isEmpty();
    if (!hasSome || (m_rules->needsLengthFirst && !now.total))
        co_return co_await waitForMore(std::move(now));
    if (m_rules->publishesAtOnce) {
        SO_CO_TRY_VOID(co_await mayFinish());
        if (source().state().generation != now.generation)
            co_return Next::GoOn;
    }
    co_return co_await open(std::move(now));
}

QCoro::Task<Result<UploadRun::Next>> UploadRun::open(OutputFeed::State now)
{
    const bool isRestored = !m_resume.isEmpty();
    if (!isRestored)
        m_request.progress->attempts.store(++m_result.attempts);
    UploadTarget target = m_request.target;
    QJsonObject state = m_resume;
    auto opening = m_destination->open(std::move(target), std::move(state), m_stop);
    SO_CO_TRY(m_session, co_await std::move(opening));
    crashPoint("upload-session-created");
    m_generation = now.generation;
    m_mustAsk = false;
    m_askedAgain = false;
    m_bodyError.reset();
    if (std::exchange(m_isReopening, false)) {
        m_ledger.reopen();
    } else {
        m_ledger.begin(isRestored ? UploadLedger::SessionOrigin::Restored
                                  : UploadLedger::SessionOrigin::New);
    }
    m_ledger.handOver(m_session->sentByOpening());
    m_resume = m_session->resumeState();
    const auto saved = co_await saveState();
    if (!saved && !isRestored) {
        // Nobody could ever find it again.
        co_await discardRemote();
        co_return failure(saved.error());
    }
    SO_CO_TRY_VOID(co_await settle());
    co_return Next::GoOn;
}

QCoro::Task<Result<UploadRun::Next>> UploadRun::waitForMore(OutputFeed::State now)
{
    std::optional<std::chrono::milliseconds> limit;
    if (m_gatheringSince) {
        const auto until = *m_gatheringSince + m_policy.gatherTime;
        limit = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        limit = std::max(*limit, std::chrono::milliseconds(0));
    }
    m_request.progress->waitsForExport = true;
    auto waiting = waitForSource(m_request.target.source, now.revision, limit, m_stop);
    const auto waited = co_await std::move(waiting);
    m_request.progress->waitsForExport = false;
    if (!waited)
        co_return failure(waited.error());
    // Opened while the path is fresh: the writer may rename the file when it is complete.
    if (!source().state().path.empty())
        (void)source().handle(); // sending will say why, if it cannot be opened
    co_return Next::GoOn;
}

QCoro::Task<Result<UploadRun::Next>> UploadRun::ask()
{
    SO_CO_TRY_VOID(co_await m_session->refresh(m_stop));
    m_mustAsk = false;
    const qint64 before = m_ledger.confirmed().totalBytes();
    SO_CO_TRY_VOID(co_await settle());
    if (m_mustAsk)
        co_return Next::GoOn; // it said less than before
    auto bodyError = std::exchange(m_bodyError, std::nullopt);
    if (bodyError && m_ledger.confirmed().totalBytes() == before)
        co_return failure(std::move(*bodyError));
    co_return Next::GoOn;
}

QCoro::Task<Result<UploadRun::Next>> UploadRun::deliver(qint64 size)
{
    SO_CO_TRY(m_result.sha256, co_await awaitHash(m_generation));
    SO_CO_TRY_VOID(co_await mayFinish());
    if (source().state().generation != m_generation)
        co_return Next::GoOn;
    if (auto unchanged = source().verifyUnchanged(); !unchanged) {
        Error error = co_await abandonedFor(std::move(unchanged).error());
        co_return failure(std::move(error));
    }
    m_request.progress->isVerifying = true;
    crashPoint("upload-before-finish");
    auto finishing = finish(size);
    auto finished = co_await std::move(finishing);
    m_request.progress->isVerifying = false;
    if (!finished) {
        m_mustAsk = true; // the reply may be lost, not the request
        co_return failure(std::move(finished).error());
    }
    crashPoint("upload-after-finish");
    m_result.delivery = *std::move(finished);
    m_result.bytes = size;
    m_result.resentBytes = m_ledger.resentBytes();
    m_result.receipt = m_session->resumeState();
    co_return Next::Delivered;
}

QCoro::Task<Result<Delivery>> UploadRun::finish(qint64 size)
{
    SO_CO_TRY_VOID(co_await m_session->assemble(size, m_stop));
    SO_CO_TRY_VOID(co_await saveState());
    co_return co_await m_session->finish(size, m_stop);
}

QCoro::Task<Result<UploadResult>> upload(Destination *destination, UploadRequest request,
                                         UploadPolicy policy, std::stop_token stop)
{
    UploadRun upload(destination, std::move(request), std::move(policy), std::move(stop));
    auto result = co_await upload.run();
    co_await upload.close();
    co_return result;
}

QCoro::Task<Result<void>> discardUpload(Destination *destination, QJsonObject resumeState,
                                        std::stop_token stop)
{
    // A source of which nothing is known: no state disagrees with it.
    UploadTarget target;
    target.source = std::make_shared<ByteSource>(std::make_shared<OutputFeed>());
    auto opening = destination->open(std::move(target), std::move(resumeState), stop);
    auto opened = co_await std::move(opening);
    if (!opened && opened.error().kind == ErrorKind::UploadExpired)
        co_return Result<void>(); // there is nothing any more
    SO_CO_TRY(const auto session, std::move(opened));
    co_return co_await session->discard(stop);
}

} // namespace sendoff::transfer
