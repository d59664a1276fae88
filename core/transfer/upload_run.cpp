// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/upload_run.h"

#include "core/base/crash_point.h"
#include "core/base/error_text.h"

#include <QCoreApplication>

#include <utility>

namespace sendoff::transfer {

namespace {

bool isAboutSource(ErrorKind kind)
{
    return kind == ErrorKind::SourceChanged || kind == ErrorKind::SourceMissing
        || kind == ErrorKind::SourceUnreadable;
}

// Milliseconds since the epoch: what a row counts down to.
qint64 clockTimeIn(std::chrono::milliseconds delay)
{
    const auto then = std::chrono::system_clock::now() + delay;
    return std::chrono::duration_cast<std::chrono::milliseconds>(then.time_since_epoch()).count();
}

} // namespace

QCoro::Task<void> UploadRun::close()
{
    co_await m_parts.stop();
    co_await m_hash.cancel();
}

QCoro::Task<Result<void>> UploadRun::settle()
{
    const ByteRanges claimed = m_session->confirmed();
    UploadLedger::Verdict verdict = m_ledger.judge(claimed, source().state().total);
    if (verdict == UploadLedger::Verdict::Less && !m_askedAgain) {
        // Its connection to us and its storage may disagree for a moment.
        m_askedAgain = true;
        m_mustAsk = true;
        co_return Result<void>();
    }
    if (verdict != UploadLedger::Verdict::Plausible) {
        const bool isLess = verdict == UploadLedger::Verdict::Less;
        const QString reason = isLess ? QStringLiteral("it lost bytes that it had confirmed")
                                      : QStringLiteral("it claims bytes that were never sent");
        Error error(ErrorKind::ProtocolViolation, reason);
        error.with(argument::reason, reason);
        Error last = co_await abandonedFor(std::move(error));
        co_return failure(std::move(last));
    }
    m_askedAgain = false;
    if (m_ledger.accept(claimed)) {
        m_budget.renew();
        m_startedAnew = false;
    }
    showProgress();
    co_return co_await saveState();
}

QCoro::Task<Result<void>> UploadRun::saveState()
{
    QJsonObject state = m_session ? m_session->resumeState() : QJsonObject();
    m_resume = state;
    if (state == m_saved || !m_request.saveState)
        co_return Result<void>();
    QJsonObject stored = state;
    auto saving = m_request.saveState(std::move(state));
    SO_CO_TRY_VOID(co_await std::move(saving));
    m_saved = std::move(stored);
    crashPoint("upload-state-saved");
    co_return Result<void>();
}

QCoro::Task<Result<QByteArray>> UploadRun::awaitHash(quint64 generation)
{
    const bool isDue = m_request.hashSource && m_hash.isRunning()
        && m_hash.generation() == generation && source().sha256().isEmpty();
    if (isDue) {
        auto hashing = m_hash.result(m_stop);
        auto hashed = co_await std::move(hashing);
        if (!hashed) {
            Error error = co_await checkedSourceError(std::move(hashed).error());
            co_return failure(std::move(error));
        }
        source().rememberSha256(generation, *hashed);
    }
    co_return source().sha256();
}

QCoro::Task<Result<void>> UploadRun::mayFinish()
{
    if (!m_request.mayFinish)
        co_return Result<void>();
    m_request.progress->waitsForExport = true;
    auto asking = m_request.mayFinish(m_stop);
    auto allowed = co_await std::move(asking);
    m_request.progress->waitsForExport = false;
    if (allowed || allowed.error().kind == ErrorKind::Cancelled)
        co_return allowed;
    // The export did not pass its check: what was sent must never be published.
    Error error = co_await abandonedFor(std::move(allowed).error());
    co_return failure(std::move(error));
}

QCoro::Task<Result<void>> UploadRun::recover(Error error)
{
    if (m_stop.stop_requested())
        co_return failure(Error::cancelled());
    if (m_isFinal || error.kind == ErrorKind::Cancelled)
        co_return failure(std::move(error));
    if (error.kind == ErrorKind::UploadExpired && !m_startedAnew) {
        m_startedAnew = true;
        m_isReopening = false;
        m_ledger.forfeit();
        m_session.reset();
        auto saving = saveState(); // the remote part is gone
        co_return co_await std::move(saving);
    }
    error = explained(std::move(error));
    const auto delay = m_budget.nextDelay(error, std::chrono::system_clock::now());
    if (!delay)
        co_return failure(std::move(error));
    if (m_request.waiting)
        m_request.waiting(error, *delay);
    m_request.progress->nextTryMs = clockTimeIn(*delay);
    auto sleeping = m_policy.delay ? m_policy.delay(*delay, m_stop) : sleepFor(*delay, m_stop);
    const bool slept = co_await std::move(sleeping);
    m_request.progress->nextTryMs = 0;
    if (!slept)
        co_return failure(Error::cancelled());
    if (m_request.waiting)
        m_request.waiting(std::nullopt, std::chrono::milliseconds(0));
    if (m_session && error.retry.when == RetryAdvice::When::WhenDestination)
        dropSession();
    co_return Result<void>();
}

// What it holds open may be of a disk that is gone, though it may come back: it is opened anew.
void UploadRun::dropSession()
{
    m_session.reset();
    m_isReopening = true;
    m_mustAsk = false;
    m_askedAgain = false;
    m_bodyError.reset();
}

QCoro::Task<void> UploadRun::discardRemote()
{
    co_await groundParts();
    if (!m_session && !m_resume.isEmpty()) {
        UploadTarget target = m_request.target;
        QJsonObject state = m_resume;
        auto opening = m_destination->open(std::move(target), std::move(state), m_stop);
        auto opened = co_await std::move(opening);
        if (opened)
            m_session = *std::move(opened);
    }
    if (m_session)
        (void)co_await m_session->discard(m_stop); // best effort: servers expire what is left
    m_session.reset();
    m_isReopening = false;
    m_generation = 0;
    m_mustAsk = false;
    m_askedAgain = false;
    m_bodyError.reset();
    m_ledger.begin(UploadLedger::SessionOrigin::New);
    showProgress();
    (void)co_await saveState(); // what follows stores again, or fails for its own reason
}

QCoro::Task<Error> UploadRun::abandonedFor(Error error)
{
    co_await discardRemote();
    m_isFinal = true;
    co_return error;
}

// A part of a file that is not what it was is worth nothing; any other error keeps it.
QCoro::Task<Error> UploadRun::checkedSourceError(Error error)
{
    if (error.kind == ErrorKind::SourceChanged)
        co_return co_await abandonedFor(std::move(error));
    m_isFinal = isAboutSource(error.kind);
    co_return error;
}

qint64 UploadRun::bytesToGather(const OutputFeed::State &now) const
{
    const bool isOver = m_gatheringSince && Clock::now() >= *m_gatheringSince + m_policy.gatherTime;
    return now.total || isOver ? 0 : m_policy.gatherBytes;
}

void UploadRun::startHash(const OutputFeed::State &now)
{
    const bool isWanted = m_request.hashSource && m_request.io && now.total
        && source().sha256().isEmpty() && !m_hash.isRunning();
    if (!isWanted)
        return;
    if (const auto handle = source().handle())
        m_hash.start(*handle, now.generation, *now.total, source().displayedName(), m_request.io);
}

void UploadRun::showProgress()
{
    UploadProgress &progress = *m_request.progress;
    progress.confirmed = m_ledger.confirmed().totalBytes();
    progress.resent = m_ledger.resentBytes();
    progress.total = source().state().total.value_or(-1);
}

// With what every sentence needs: who, and what is safe there.
Error UploadRun::explained(Error error) const
{
    if (error[argument::destination].isEmpty())
        error.with(argument::destination, m_destination->config().name);
    const qint64 confirmed = m_ledger.confirmed().totalBytes();
    if (!m_resume.isEmpty() && confirmed > 0 && error[argument::kept].isEmpty()) {
        const QString sentence =
            QCoreApplication::translate("Uploader", "%1 have arrived and are kept there.");
        error.with(argument::kept, sentence.arg(sizeText(confirmed)));
    }
    return error;
}

} // namespace sendoff::transfer
