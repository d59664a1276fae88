// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The creation of an upload by tus, whole, partial or final: what goes with it, and where the server
// then says that it is. Not for: what follows (tus_upload.h, tus_parts.h).

#include "core/transfer/destination.h"
#include "core/transfer/tus/tus_server.h"

#include <QJsonValue>

namespace sendoff::transfer {

// DestinationLimit where `total` is over what the server takes; what it offered is forgotten then.
Result<void> tusCheckSize(const TusServer &server, const TusOffer &offer,
                          std::optional<qint64> total);
// The value of Upload-Metadata. DestinationInvalid where a key is not allowed.
Result<QByteArray> tusMetadata(const UploadTarget &target);

struct TusCreated {
    QUrl url;
    net::HttpReply reply; // a success
};
// tus: Creation. An empty body until the caller adds one, and never sent twice: a reply that is lost
// leaves an upload that nobody goes on with.
net::HttpRequest tusCreationRequest(const TusServer &server);
// Sends `request`. Where that fails, what the server offered is forgotten (TusServer::memory).
// ProtocolViolation, RedirectRefused where it does not say where the upload is.
QCoro::Task<Result<TusCreated>> tusCreate(TusServer server, net::HttpRequest request,
                                          std::stop_token stop);

// An upload's address as it was stored; nothing where it is none of this server's.
std::optional<QUrl> tusUploadUrl(const TusServer &server, const QJsonValue &stored);

// Whether the upload whose address was stored has all of `size` bytes. False where the server does
// not know it any more, or the address is none of its.
QCoro::Task<Result<bool>> tusIsWhole(TusServer server, QJsonValue stored, qint64 size,
                                     std::stop_token stop);

} // namespace sendoff::transfer
