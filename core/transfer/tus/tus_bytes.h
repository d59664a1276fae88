// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// tusSendBytes(): one PATCH of tus 1.0.0 with bytes of a source, its checksum included. Shared by
// uploads in one piece and in parts.

#include "core/transfer/byte_source.h"
#include "core/transfer/tus/tus_server.h"

#include <memory>

namespace sendoff::transfer {

struct TusBytes {
    QUrl upload;
    qint64 offset = 0; // in the upload
    ByteRange range; // of the source
    std::shared_ptr<ByteSource> source;
    std::shared_ptr<net::TransferProgress> progress; // may be null
};

// A reply of success. `checksum` is the algorithm that parts are sent with; empty = none. Where
// something on the way knows no PATCH, that is remembered, and the error says to try again.
QCoro::Task<Result<net::HttpReply>> tusSendBytes(TusServer server, QByteArray checksum,
                                                 TusBytes bytes, std::stop_token stop);

} // namespace sendoff::transfer
