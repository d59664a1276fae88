// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/tus/tus_upload.h"

#include "core/transfer/exchange.h"
#include "core/transfer/tus/tus_bytes.h"
#include "core/transfer/tus/tus_creation.h"
#include "core/tus/tus.h"

#include <utility>

namespace sendoff::transfer {

namespace {

constexpr qint64 largestWithCreation = 1 << 20;
constexpr qint64 everything = qint64(1) << 40; // bytes: one part, whatever the size

} // namespace

TusUpload::TusUpload(TusServer server, TusOffer offer, UploadTarget target, QUrl url)
    : m_server(std::move(server))
    , m_offer(std::move(offer))
    , m_target(std::move(target))
    , m_url(std::move(url))
{
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
TusUpload::create(TusServer server, TusOffer offer, UploadTarget target, std::stop_token stop)
{
    const auto total = target.source->state().total;
    SO_CO_TRY_VOID(tusCheckSize(server, offer, total));
    SO_CO_TRY(QByteArray metadata, tusMetadata(target));
    auto request = tusCreationRequest(server);
    if (total)
        request.headers.append(net::Header(tus::header::uploadLength, QByteArray::number(*total)));
    else
        request.headers.append(net::Header(tus::header::uploadDeferLength, "1"));
    request.headers.append(net::Header(tus::header::uploadMetadata, std::move(metadata)));
    ByteRange withCreation;
    if (server.sendsWithCreation && offer.canCreateWithUpload && total && *total > 0
        && *total <= largestWithCreation) {
        SO_CO_TRY(const ByteSource::Handle source, target.source->handle());
        withCreation = {0, *total};
        request.headers.append(net::Header("Content-Type", tus::bodyMediaType));
        request.body = net::RequestBody(source.owner, source.descriptor, 0, *total);
        request.expectContinue = true;
        request.totalTimeout = {};
    }
    auto creating = tusCreate(server, std::move(request), stop);
    SO_CO_TRY(TusCreated created, co_await std::move(creating));
    std::unique_ptr<TusUpload> upload(new TusUpload(std::move(server), std::move(offer),
                                                    std::move(target), std::move(created.url)));
    upload->m_sentByOpening = withCreation;
    if (!withCreation.isEmpty()) {
        SO_CO_TRY_VOID(upload->take(created.reply));
    }
    upload->m_isLengthKnown = total.has_value();
    upload->m_expires = created.reply.header(tus::header::uploadExpires);
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
TusUpload::restore(TusServer server, TusOffer offer, UploadTarget target, QJsonObject state,
                   std::stop_token stop)
{
    auto url = tusUploadUrl(server, state[u"url"]);
    if (!url)
        co_return failure(Error(ErrorKind::UploadExpired,
                                QStringLiteral("the stored upload is not one of this server"))
                              .with(argument::destination, server.name));
    std::unique_ptr<TusUpload> upload(
        new TusUpload(std::move(server), std::move(offer), std::move(target), *std::move(url)));
    SO_CO_TRY_VOID(co_await upload->refresh(stop));
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<bool>> TusUpload::isComplete(TusServer server, QJsonObject state, qint64 size,
                                                std::stop_token stop)
{
    return tusIsWhole(std::move(server), state[u"url"], size, std::move(stop));
}

void TusUpload::keepInOnePiece()
{
    m_order = PartGrid::equal(everything).goingOnInside();
}

QJsonObject TusUpload::resumeState() const
{
    QJsonObject state{{QStringLiteral("protocol"), QStringLiteral("tus")},
                      {QStringLiteral("url"), m_url.toString(QUrl::FullyEncoded)}};
    if (!m_expires.isEmpty())
        state.insert(QStringLiteral("expires"), QString::fromLatin1(m_expires));
    return state;
}

QCoro::Task<Result<void>> TusUpload::refresh(std::stop_token stop)
{
    auto asking = tusAskStatus(m_server, m_url, stop);
    SO_CO_TRY(const TusStatus status, co_await std::move(asking));
    m_confirmed = ByteRanges::upTo(status.offset);
    m_isLengthKnown = status.length.has_value();
    m_link = status.link;
    if (!status.expires.isEmpty())
        m_expires = status.expires;
    // Another length than the file's: what is there is not an upload of this file.
    const auto total = m_target.source->state().total;
    if (status.length && total && *status.length != *total)
        co_return failure(
            Error(ErrorKind::UploadExpired,
                  QStringLiteral("Upload-Length %1 instead of %2").arg(*status.length).arg(*total))
                .with(argument::destination, m_server.name));
    co_return Result<void>();
}

QCoro::Task<Result<void>> TusUpload::send(PartPlan part, std::stop_token stop)
{
    TusBytes bytes;
    bytes.upload = m_url;
    bytes.offset = part.range.begin;
    bytes.range = part.range;
    bytes.source = m_target.source;
    bytes.progress = part.progress;
    auto sending = tusSendBytes(m_server, m_offer.checksum, std::move(bytes), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(sending));
    if (reply.headerCount(tus::header::uploadOffset) == 0)
        co_return co_await refresh(stop); // whoever answered so, the server knows what it has
    SO_CO_TRY_VOID(take(reply));
    m_isWholeByReply = m_isLengthKnown && part.isLast && m_confirmed.prefix() == part.range.end;
    co_return Result<void>();
}

// What the server says in the reply to a PATCH.
Result<void> TusUpload::take(const net::HttpReply &reply)
{
    SO_TRY(const auto offset, tusOffset(m_server, reply));
    if (offset)
        m_confirmed = ByteRanges::upTo(*offset);
    if (const QByteArray expires = reply.header(tus::header::uploadExpires); !expires.isEmpty())
        m_expires = expires;
    return {};
}

// tus: Creation, Upload-Defer-Length: an empty PATCH carries the length.
QCoro::Task<Result<void>> TusUpload::declareLength(qint64 size, std::stop_token stop)
{
    auto request = tusRequest(m_server, "PATCH", m_url);
    request.headers.append(net::Header(tus::header::uploadOffset, QByteArray::number(size)));
    request.headers.append(net::Header(tus::header::uploadLength, QByteArray::number(size)));
    request.headers.append(net::Header("Content-Type", tus::bodyMediaType));
    request.body = net::RequestBody(QByteArray());
    auto sending = exchange(m_server.net, m_server.name, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(sending));
    if (!reply.isSuccess())
        co_return failure(tusUploadError(m_server, reply));
    co_return Result<void>();
}

QCoro::Task<Result<Delivery>> TusUpload::finish(qint64 size, std::stop_token stop)
{
    if (!m_isLengthKnown) {
        SO_CO_TRY_VOID(co_await declareLength(size, stop));
    }
    auto asked = co_await refresh(stop);
    if (!asked && asked.error().kind == ErrorKind::UploadExpired && m_isWholeByReply) {
        // It took everything and then removed it. Sending all of it again would make a second one.
        const QString reason = QStringLiteral("it confirmed the whole file, but no longer has it");
        co_return failure(Error(ErrorKind::UploadMismatch, asked.error().detail)
                              .with(argument::destination, m_server.name)
                              .with(argument::reason, reason));
    }
    SO_CO_TRY_VOID(std::move(asked));
    if (!m_isLengthKnown || m_confirmed.prefix() != size)
        co_return failure(
            Error(ErrorKind::UploadMismatch,
                  QStringLiteral("offset %1 of %2 after the last part")
                      .arg(m_confirmed.prefix())
                      .arg(size),
                  RetryAdvice::backoff())
                .with(argument::destination, m_server.name)
                .with(argument::reason, QStringLiteral("it does not have all of it")));
    if (!m_server.linkHeader.isEmpty() && (!m_link.isValid() || m_link.host().isEmpty()))
        co_return failure(tusViolation(m_server, QStringLiteral("it does not tell the link")));
    Delivery delivery;
    delivery.link = m_server.linkHeader.isEmpty() ? m_url : m_link;
    delivery.verifiedBy = QStringLiteral("offset");
    co_return delivery;
}

QCoro::Task<Result<void>> TusUpload::discard(std::stop_token stop)
{
    return tusTerminate(m_server, m_url, std::move(stop));
}

} // namespace sendoff::transfer
