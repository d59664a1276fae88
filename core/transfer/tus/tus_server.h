// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TusServer: how one tus 1.0.0 server is spoken to: who may hear the credentials, what its statuses
// mean. Shared by every destination that speaks tus. Not for: one upload (tus_upload.h), or the wire
// format (core/tus/tus.h).

#include "core/base/result.h"
#include "core/transfer/net/http.h"

#include <QCoroTask>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff {
class WorkerPool;
namespace net {
class Net;
}
} // namespace sendoff

namespace sendoff::transfer {

struct ServerMemory; // server_memory.h

// A value; `net` outlives every use.
struct TusServer {
    net::Net *net = nullptr;
    WorkerPool *io = nullptr; // hashes parts for servers that check them
    std::shared_ptr<ServerMemory> memory; // null: it is asked for each upload
    QString name; // in sentences
    QUrl creationUrl;
    QByteArray authorization; // "Bearer …"; empty = none. Goes to the creation URL's origin only.
    net::TrustPolicy trust;
    QByteArray limitGroup; // net::HttpRequest::limitGroup
    std::chrono::milliseconds stallTimeout{30'000};
    // PATCH and DELETE go as POST with X-HTTP-Method-Override: something on the way allows no other
    // methods. Shared by the copies, as it may be learned.
    std::shared_ptr<bool> overridesMethods = std::make_shared<bool>(false);
    // Small files go with the request that creates the upload: a round trip less, but a reply that
    // is lost leaves a second copy.
    bool sendsWithCreation = false;
    // Parts go with their checksum where the server checks them. Not within this computer.
    bool sendsChecksums = true;
    // Large files go as so many partial uploads at once where the server can put them together.
    int partsAtOnce = 1;
    // The header of a complete upload's HEAD that holds the user's link. Empty = the upload's own
    // URL is the link.
    QByteArray linkHeader;
};

// What HEAD tells of an upload (tus: Core Protocol, HEAD).
struct TusStatus {
    qint64 offset = 0;
    std::optional<qint64> length; // nothing where it was deferred and not yet declared
    // tus: Concatenation. The server has not yet put the partial uploads together.
    bool isBeingPutTogether = false;
    QByteArray expires; // Upload-Expires as it came; may be empty
    QUrl link; // by TusServer::linkHeader; may be empty
};

// What the server announces by OPTIONS (tus: Core Protocol, OPTIONS). A server without any of that
// may still take uploads: nothing is known then.
struct TusOffer {
    bool isKnown = false;
    bool canDeferLength = false;
    bool canCreateWithUpload = false;
    bool canConcatenate = false;
    QByteArray checksum; // the algorithm that parts are sent with; empty = none that we know
    qint64 maximumSize = 0; // 0 = not said
};

// With Tus-Resumable, and the credentials where they may go.
net::HttpRequest tusRequest(const TusServer &server, QByteArray method, const QUrl &url);

QCoro::Task<Result<TusOffer>> tusAskOffer(TusServer server, std::stop_token stop);
// UploadExpired where the server does not know the upload any more.
QCoro::Task<Result<TusStatus>> tusAskStatus(TusServer server, QUrl upload, std::stop_token stop);
// tus: Termination. Done as well where the server no longer knows it. Servers without it forget the
// upload when it expires.
QCoro::Task<Result<void>> tusTerminate(TusServer server, QUrl upload, std::stop_token stop);

// Upload-Offset of a reply. ProtocolViolation where there are two, or it is no number; nothing
// where there is none.
Result<std::optional<qint64>> tusOffset(const TusServer &server, const net::HttpReply &reply);

// What a status other than success means for an upload that the server has made.
Error tusUploadError(const TusServer &server, const net::HttpReply &reply);
Error tusViolation(const TusServer &server, const QString &reason);

} // namespace sendoff::transfer
