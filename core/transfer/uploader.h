// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Uploader: the one loop that sends a ByteSource to a Destination. What to send next is
// sealed − confirmed; the server says what is confirmed.

#include "core/base/result.h"
#include "core/base/sleep.h"
#include "core/transfer/destination.h"

#include <QCoroTask>
#include <QJsonObject>

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::transfer {

// Written on the network thread, read by anyone at ≤ 10 Hz.
struct UploadProgress {
    std::atomic<qint64> confirmed{0}; // bytes that the server says it has
    std::atomic<qint64> inFlight{0}; // of the part being sent: acknowledged by TCP
    std::atomic<qint64> total{-1};
    std::atomic<int> attempts{0};
    std::atomic<qint64> resent{0}; // bytes sent again
    std::atomic<qint64> nextTryMs{0}; // system clock, 0 = not waiting
    std::atomic<bool> waitsForExport{false};
    std::atomic<bool> isVerifying{false};
};

struct UploadRequest {
    UploadTarget target;
    QJsonObject resumeState; // of an earlier run, or empty
    // The feed's generation that resumeState belongs to: of another one, the remote part is
    // discarded. 0 = the present one.
    quint64 resumeGeneration = 0;
    std::shared_ptr<UploadProgress> progress; // not null
    // Persists the session's state; awaited before the first byte is sent. An empty state means
    // that there is no remote part any more.
    std::function<QCoro::Task<Result<void>>(QJsonObject state)> saveState;
    // Awaited before finish(): resolves when the export leg is Done, or with its Error.
    std::function<QCoro::Task<Result<void>>(std::stop_token)> mayFinish; // empty = at once
    // Told of each wait and its end, for the row: an Error with when it will be tried again, or
    // nothing when it goes on.
    std::function<void(std::optional<Error>, std::chrono::milliseconds)> waiting; // may be empty
    bool hashSource = true; // SHA-256 while sending, on the I/O pool
    WorkerPool *io = nullptr; // the I/O pool; without one the source is not hashed
    std::shared_ptr<ServerMemory> memory; // null: nothing is known of what was refused before
};

struct UploadResult {
    Delivery delivery;
    qint64 bytes = 0;
    QByteArray sha256; // of what was sent; empty without hashSource
    qint64 resentBytes = 0;
    int attempts = 0; // requests with a body, plus session creations
    QJsonObject receipt; // the last resume state, to verify the delivery later
};

// Waits between attempts; tests give one that does not.
struct UploadPolicy {
    Delay delay; // empty = sleepFor
    int attemptsWithoutProgress = 8; // then the error goes to the caller
    // The same where the destination does not answer, is busy or in trouble: for callers that
    // have more than one upload to it. Negative = as above.
    int attemptsUnanswered = -1;
    std::chrono::milliseconds firstDelay{1000};
    std::chrono::milliseconds longestDelay{60'000};
    // While the export still writes: a request waits for this many new bytes, or for this long
    // since the first of them was sealed, so that there are no tiny requests.
    qint64 gatherBytes = 256 << 10;
    std::chrono::milliseconds gatherTime{1000};
};

// Sends, retries, resumes, finishes. Cancelled leaves the remote part for a later resume. The
// destination outlives the task.
QCoro::Task<Result<UploadResult>> upload(Destination *destination, UploadRequest request,
                                         UploadPolicy policy, std::stop_token stop);

// Removes what an upload left at the destination, of its stored state: after a cancel that was not
// undone. Best effort: an Error says that something may still lie there.
QCoro::Task<Result<void>> discardUpload(Destination *destination, QJsonObject resumeState,
                                        std::stop_token stop);

} // namespace sendoff::transfer
