// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/tus/tus_server.h"

#include "core/transfer/exchange.h"
#include "core/tus/tus.h"

#include <utility>

namespace sendoff::transfer {

namespace {

QList<QByteArray> valuesOf(const net::HttpReply &reply, const QByteArray &name)
{
    QList<QByteArray> values;
    for (const net::Header &header : reply.headers) {
        if (header.name.compare(name, Qt::CaseInsensitive) == 0)
            values.append(header.value.trimmed());
    }
    return values;
}

// A success without any header of the protocol: a network's sign-in page, or another program.
Error notTheServer(const TusServer &server, const net::HttpReply &reply)
{
    return Error(ErrorKind::DestinationUnreachable,
                 QStringLiteral("status %1 without tus headers").arg(reply.status),
                 RetryAdvice::backoff())
        .with(argument::destination, server.name)
        .with(argument::reason,
              QStringLiteral("something else answers there, perhaps a network's sign-in page"));
}

// The best of the algorithms that both know (tus: Checksum).
QByteArray checksumOf(const QByteArray &offered)
{
    for (const char *algorithm : {"sha256", "sha1", "md5"}) {
        if (tus::listHas(offered, algorithm))
            return algorithm;
    }
    return {};
}

bool speaksTus(const net::HttpReply &reply)
{
    return reply.headerCount(tus::header::tusResumable) > 0
        || reply.headerCount(tus::header::uploadOffset) > 0;
}

} // namespace

net::HttpRequest tusRequest(const TusServer &server, QByteArray method, const QUrl &url)
{
    // tus: X-HTTP-Method-Override.
    const bool isOverridden = *server.overridesMethods && (method == "PATCH" || method == "DELETE");
    net::HttpRequest request(isOverridden ? QByteArray("POST") : method, url);
    if (isOverridden) {
        request.headers.append(net::Header(tus::header::methodOverride, std::move(method)));
        request.body = net::RequestBody(QByteArray());
    }
    request.trust = server.trust;
    request.limitGroup = server.limitGroup;
    request.stallTimeout = server.stallTimeout;
    // tus: OPTIONS is the one request without it.
    if (request.method != "OPTIONS")
        request.headers.append(net::Header(tus::header::tusResumable, tus::protocolVersion));
    if (!server.authorization.isEmpty() && net::isSameOrigin(url, server.creationUrl))
        request.headers.append(net::Header("Authorization", server.authorization));
    return request;
}

QCoro::Task<Result<TusOffer>> tusAskOffer(TusServer server, std::stop_token stop)
{
    auto request = tusRequest(server, "OPTIONS", server.creationUrl);
    auto asking = exchange(server.net, server.name, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(asking));
    TusOffer offer;
    const QByteArray extensions = reply.header(tus::header::tusExtension);
    // @uploadx/core 7.0.3 leaves Tus-Version out. It is well that its checksums are not used then: it
    // cuts a broken part off only after it has told that it has some of it, which leaves a hole.
    const bool isOffer = reply.isSuccess() && reply.headerCount(tus::header::tusVersion) > 0;
    if (!isOffer) {
        // Only what will be true of every request ends it here; the creation will tell the rest.
        const bool isPassing = reply.status >= 500 || reply.status == 429 || reply.status == 408;
        const bool endsHere =
            reply.status == 401 || reply.status / 100 == 3 || (isPassing && reply.status != 501);
        if (endsHere)
            co_return failure(net::errorForStatus(reply, server.name));
        co_return offer;
    }
    if (!tus::listHas(reply.header(tus::header::tusVersion), tus::protocolVersion))
        co_return failure(
            tusViolation(server, QStringLiteral("it speaks another version of the tus protocol")));
    if (!tus::listHas(extensions, tus::extension::creation))
        co_return failure(
            tusViolation(server, QStringLiteral("it does not let us begin new uploads")));
    offer.isKnown = true;
    offer.canDeferLength = tus::listHas(extensions, tus::extension::creationDeferLength);
    offer.canCreateWithUpload = tus::listHas(extensions, tus::extension::creationWithUpload);
    offer.canConcatenate = tus::listHas(extensions, tus::extension::concatenation);
    if (tus::listHas(extensions, tus::extension::checksum))
        offer.checksum = checksumOf(reply.header(tus::header::tusChecksumAlgorithm));
    offer.maximumSize = tus::parseByteCount(reply.header(tus::header::tusMaxSize)).value_or(0);
    co_return offer;
}

QCoro::Task<Result<TusStatus>> tusAskStatus(TusServer server, QUrl upload, std::stop_token stop)
{
    auto request = tusRequest(server, "HEAD", upload);
    auto asking = exchange(server.net, server.name, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(asking));
    if (!reply.isSuccess())
        co_return failure(tusUploadError(server, reply));
    if (!speaksTus(reply))
        co_return failure(notTheServer(server, reply));
    SO_CO_TRY(const auto offset, tusOffset(server, reply));
    TusStatus status;
    status.isBeingPutTogether =
        !offset && reply.header(tus::header::uploadConcat).startsWith("final");
    if (!offset && !status.isBeingPutTogether)
        co_return failure(tusViolation(server, QStringLiteral("it does not say how much it has")));
    status.offset = offset.value_or(0);
    const QList<QByteArray> lengths = valuesOf(reply, tus::header::uploadLength);
    status.length = tus::parseByteCount(lengths);
    if (!lengths.isEmpty() && !status.length)
        co_return failure(
            tusViolation(server, QStringLiteral("the size it tells is not a number")));
    status.expires = reply.header(tus::header::uploadExpires);
    if (!server.linkHeader.isEmpty())
        status.link = QUrl::fromEncoded(reply.header(server.linkHeader), QUrl::StrictMode);
    co_return status;
}

QCoro::Task<Result<void>> tusTerminate(TusServer server, QUrl upload, std::stop_token stop)
{
    auto request = tusRequest(server, "DELETE", upload);
    auto deleting = exchange(server.net, server.name, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(deleting));
    const bool isGone = reply.isSuccess() || reply.status == 404 || reply.status == 410;
    if (!isGone)
        co_return failure(net::errorForStatus(reply, server.name));
    co_return Result<void>();
}

Result<std::optional<qint64>> tusOffset(const TusServer &server, const net::HttpReply &reply)
{
    const QList<QByteArray> values = valuesOf(reply, tus::header::uploadOffset);
    if (values.isEmpty())
        return std::optional<qint64>();
    const auto offset = tus::parseByteCount(values);
    if (!offset)
        return failure(
            tusViolation(server, QStringLiteral("what it says that it has is not a number")));
    return offset;
}

Error tusUploadError(const TusServer &server, const net::HttpReply &reply)
{
    switch (reply.status) {
    case 403: // what some servers say of an upload that they have removed (tus: HEAD)
    case 404:
    case 410:
        return Error(ErrorKind::UploadExpired, QStringLiteral("status %1").arg(reply.status))
            .with(argument::destination, server.name);
    case 409:
        return Error(ErrorKind::UploadMismatch,
                     QStringLiteral("status 409: our offset is not the server's"),
                     RetryAdvice::backoff())
            .with(argument::destination, server.name)
            .with(argument::reason, QStringLiteral("it is at another place in the file"));
    case 412:
        return tusViolation(server,
                            QStringLiteral("it speaks another version of the tus protocol"));
    case tus::checksumMismatchStatus:
        return Error(ErrorKind::UploadMismatch, QStringLiteral("status 460: checksum"),
                     RetryAdvice::backoff())
            .with(argument::destination, server.name)
            .with(argument::reason, QStringLiteral("a part arrived damaged"));
    default:
        return net::errorForStatus(reply, server.name);
    }
}

Error tusViolation(const TusServer &server, const QString &reason)
{
    return Error(ErrorKind::ProtocolViolation, reason)
        .with(argument::destination, server.name)
        .with(argument::reason, reason);
}

} // namespace sendoff::transfer
