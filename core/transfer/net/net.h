// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Net: libcurl's multi interface on the event loop of the thread that made it, awaited by
// coroutines (HTTP.md's six traps are handled here and tested in tst_net). All HTTP of the program
// goes through it.

#include "core/base/result.h"
#include "core/transfer/net/http.h"

#include <QCoroTask>

#include <memory>
#include <stop_token>

namespace sendoff {
class WorkerPool;
}

namespace sendoff::net {

struct NetOptions {
    // Requests with a body at once; the others have two more connections per host and four over
    // all, so that they never wait for a long upload.
    long connectionsPerHost = 8;
    long connections = 32;
    // Reads what is not in memory, and outlives Net. Null: Net has two threads of its own.
    WorkerPool *io = nullptr;
};

class Net {
public:
    explicit Net(NetOptions options = {});
    ~Net(); // every send in flight resumes with Cancelled
    Net(const Net &) = delete;
    Net &operator=(const Net &) = delete;

    // Sends one request; follows no redirect, re-sends no body, keeps early 4xx replies. A reply
    // of any status is a success here; what it means is the protocol's affair. Errors:
    // DestinationUnreachable, DestinationInvalid (it cannot be sent at all), CertificateRejected,
    // ReplyTooLarge, ProtocolViolation, SourceChanged (the body's file shrank), SourceUnreadable,
    // Cancelled. Resumes on this thread. Each stretch in which curl
    // works for the request is a turn of the caller's activity.
    QCoro::Task<Result<HttpReply>> send(HttpRequest request, std::stop_token stop);

    // Bytes per second over all transfers, fairly shared; 0 = no limit. Acts at once.
    void setUploadLimit(qint64 bytesPerSecond);
    // The same over the transfers of one HttpRequest::limitGroup (not empty), within that of all.
    void setUploadLimit(const QByteArray &group, qint64 bytesPerSecond);
    int activeTransfers() const;

    // Once, in main, before any thread.
    static void initialize();

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace sendoff::net
