// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/tus/tus_bytes.h"

#include "core/transfer/exchange.h"
#include "core/transfer/range_digest.h"
#include "core/tus/tus.h"

#include <utility>

namespace sendoff::transfer {

namespace {

constexpr long bodyBuffer = 512 << 10;

DigestKind digestKindOf(const QByteArray &algorithm)
{
    if (algorithm == "md5")
        return DigestKind::Md5;
    return algorithm == "sha1" ? DigestKind::Sha1 : DigestKind::Sha256;
}

// tus: Checksum.
QCoro::Task<Result<QByteArray>> tusChecksumOf(TusServer server, QByteArray algorithm,
                                              TusBytes bytes, std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle source, bytes.source->handle());
    auto hashing = digestOfRange(*server.io, source, bytes.range, digestKindOf(algorithm),
                                 bytes.source->displayedName(), stop);
    SO_CO_TRY(const QByteArray digest, co_await std::move(hashing));
    tus::Checksum checksum;
    checksum.algorithm = algorithm;
    checksum.digest = QByteArray::fromHex(digest);
    co_return tus::formatChecksum(checksum);
}

} // namespace

QCoro::Task<Result<net::HttpReply>> tusSendBytes(TusServer server, QByteArray checksum,
                                                 TusBytes bytes, std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle source, bytes.source->handle());
    auto request = tusRequest(server, "PATCH", bytes.upload);
    request.headers.append(
        net::Header(tus::header::uploadOffset, QByteArray::number(bytes.offset)));
    request.headers.append(net::Header("Content-Type", tus::bodyMediaType));
    request.body =
        net::RequestBody(source.owner, source.descriptor, bytes.range.begin, bytes.range.size());
    request.totalTimeout = {}; // as long as bytes move
    request.uploadBuffer = bodyBuffer;
    request.progress = bytes.progress;
    if (!checksum.isEmpty() && server.io) {
        auto hashing = tusChecksumOf(server, checksum, bytes, stop);
        SO_CO_TRY(QByteArray value, co_await std::move(hashing));
        request.headers.append(net::Header(tus::header::uploadChecksum, std::move(value)));
    }
    auto sending = exchange(server.net, server.name, std::move(request), stop);
    SO_CO_TRY(net::HttpReply reply, co_await std::move(sending));
    const bool isMethodRefused = reply.status == 405 || reply.status == 501;
    if (isMethodRefused && !std::exchange(*server.overridesMethods, true)) {
        // A proxy that knows no PATCH: from now on it goes as POST.
        Error error = net::errorForStatus(reply, server.name);
        error.retry = RetryAdvice::backoff();
        co_return failure(std::move(error));
    }
    if (!reply.isSuccess())
        co_return failure(tusUploadError(server, reply));
    co_return Result<net::HttpReply>(std::move(reply));
}

} // namespace sendoff::transfer
