// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/tus/tus_creation.h"

#include "core/base/error_text.h"
#include "core/transfer/exchange.h"
#include "core/transfer/server_memory.h"
#include "core/tus/tus.h"

namespace sendoff::transfer {

namespace {

// It was not as it offered: whoever comes next asks anew.
void forgetOffer(const TusServer &server)
{
    if (server.memory)
        server.memory->tusOffers.forget(server);
}

// Where the upload is, of the reply to its creation.
Result<QUrl> locationOf(const TusServer &server, const net::HttpReply &reply)
{
    const auto url = tus::resolveLocation(server.creationUrl, reply.header("Location"));
    if (!url)
        return failure(
            tusViolation(server, QStringLiteral("it does not say where the upload goes")));
    // tus lets a server keep uploads elsewhere. Without our credentials, and only where nobody can
    // listen or pretend to be it.
    if (!net::isSameOrigin(*url, server.creationUrl) && url->scheme() != u"https")
        return failure(Error(ErrorKind::RedirectRefused,
                             QStringLiteral("Location on another origin without TLS"))
                           .with(argument::destination, server.name));
    return *url;
}

} // namespace

Result<void> tusCheckSize(const TusServer &server, const TusOffer &offer,
                          std::optional<qint64> total)
{
    if (!total || offer.maximumSize <= 0 || *total <= offer.maximumSize)
        return {};
    forgetOffer(server);
    return failure(
        Error(ErrorKind::DestinationLimit, QStringLiteral("Tus-Max-Size %1").arg(offer.maximumSize))
            .with(argument::destination, server.name)
            .with(argument::limit, QString::number(offer.maximumSize))
            .with(argument::reason,
                  QStringLiteral("it takes files of up to %1").arg(sizeText(offer.maximumSize))));
}

// tus: Creation, Upload-Metadata.
Result<QByteArray> tusMetadata(const UploadTarget &target)
{
    tus::Metadata metadata;
    for (auto it = target.metadata.cbegin(); it != target.metadata.cend(); ++it)
        metadata.insert(it.key().toUtf8(), it.value());
    metadata.insert("filename", target.fileName.toUtf8());
    if (!target.mediaType.isEmpty())
        metadata.insert("filetype", target.mediaType);
    auto header = tus::formatMetadata(metadata);
    if (!header)
        return failure(Error(ErrorKind::DestinationInvalid)
                           .with(argument::reason,
                                 QStringLiteral("a name of extra information "
                                                "holds a space, a comma or is "
                                                "not ASCII")));
    return *std::move(header);
}

net::HttpRequest tusCreationRequest(const TusServer &server)
{
    auto request = tusRequest(server, "POST", server.creationUrl);
    request.isIdempotent = false;
    request.body = net::RequestBody(QByteArray());
    return request;
}

QCoro::Task<Result<TusCreated>> tusCreate(TusServer server, net::HttpRequest request,
                                          std::stop_token stop)
{
    auto creating = exchange(server.net, server.name, std::move(request), std::move(stop));
    auto reply = co_await std::move(creating);
    if (!reply || !reply->isSuccess())
        forgetOffer(server);
    SO_CO_TRY(net::HttpReply accepted, std::move(reply));
    if (!accepted.isSuccess())
        co_return failure(net::errorForStatus(accepted, server.name));
    TusCreated created;
    SO_CO_TRY(created.url, locationOf(server, accepted));
    created.reply = std::move(accepted);
    co_return created;
}

std::optional<QUrl> tusUploadUrl(const TusServer &server, const QJsonValue &stored)
{
    const QUrl url(stored.toString(), QUrl::StrictMode);
    const bool isAllowed = net::isSameOrigin(url, server.creationUrl) || url.scheme() == u"https";
    if (!url.isValid() || url.host().isEmpty() || !isAllowed)
        return std::nullopt;
    return url;
}

QCoro::Task<Result<bool>> tusIsWhole(TusServer server, QJsonValue stored, qint64 size,
                                     std::stop_token stop)
{
    const auto url = tusUploadUrl(server, stored);
    if (!url)
        co_return false;
    auto asking = tusAskStatus(std::move(server), *url, stop);
    const auto status = co_await std::move(asking);
    if (status)
        co_return status->offset == size && status->length.value_or(size) == size;
    if (status.error().kind == ErrorKind::UploadExpired)
        co_return false;
    co_return failure(status.error());
}

} // namespace sendoff::transfer
