// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What goes with the creation of an upload by tus, and where the server then says that it is. Not
// for: the request itself (tus_upload.h, tus_parts.h).

#include "core/transfer/destination.h"
#include "core/transfer/tus_server.h"

#include <QJsonValue>

namespace sendoff::transfer {

Error tusOverTheLimit(const TusServer &server, qint64 maximum); // bytes; DestinationLimit
// The value of Upload-Metadata. DestinationInvalid where a key is not allowed.
Result<QByteArray> tusMetadata(const UploadTarget &target);
// Where the upload is, of the reply to its creation. ProtocolViolation, RedirectRefused.
Result<QUrl> tusLocation(const TusServer &server, const net::HttpReply &reply);
// An upload's address as it was stored; nothing where it is none of this server's.
std::optional<QUrl> tusUploadUrl(const TusServer &server, const QJsonValue &stored);

// Whether the upload whose address was stored has all of `size` bytes. False where the server does
// not know it any more, or the address is none of its.
QCoro::Task<Result<bool>> tusIsWhole(TusServer server, QJsonValue stored, qint64 size,
                                     std::stop_token stop);

} // namespace sendoff::transfer
