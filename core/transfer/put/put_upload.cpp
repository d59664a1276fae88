// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/put/put_upload.h"

#include "core/transfer/exchange.h"
#include "core/transfer/numbered_name.h"

#include <optional>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr long putBuffer = 512 << 10;
constexpr qint64 wholeFile = qint64(1) << 40; // one part, whatever the size
constexpr int mostPutNames = 1'000;

QUrl fileUrl(const PutFolder &folder, const QString &name)
{
    QByteArray address = folder.url.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment);
    if (!address.endsWith('/'))
        address += '/';
    return QUrl::fromEncoded(address + name.toUtf8().toPercentEncoding(), QUrl::StrictMode);
}

// Where an upload of ours may lie: an address in the folder.
std::optional<QUrl> fileUrlOf(const PutFolder &folder, const QJsonObject &state)
{
    const QUrl url(state[u"put"].toString(), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !net::isSameOrigin(url, folder.url))
        return std::nullopt;
    return url;
}

// An upload is done when its size was read back, not when a status says so.
Error cannotBeRead(const PutFolder &folder)
{
    return Error(ErrorKind::Refused, QStringLiteral("neither HEAD nor GET tells a size"))
        .with(argument::destination, folder.name)
        .with(argument::reason,
              QStringLiteral("it shows to nobody what it has, so that we could not see whether it "
                             "has all of it (believe it with “allow_unverified=1”)"));
}

// Of a place that shows nothing: it may be what an earlier run left, or somebody else's.
Error nameIsTaken(const PutFolder &folder)
{
    return Error(ErrorKind::Refused, QStringLiteral("status 412, If-None-Match: *"))
        .with(argument::destination, folder.name)
        .with(argument::reason,
              QStringLiteral("it has a file of this name already and does not show whose it is"));
}

Error putForgotten(const PutFolder &folder, const QString &detail)
{
    return Error(ErrorKind::UploadExpired, detail).with(argument::destination, folder.name);
}

} // namespace

PutUpload::PutUpload(PutFolder folder, UploadTarget target, QUrl url, PutHead head)
    : m_folder(std::move(folder))
    , m_target(std::move(target))
    , m_url(std::move(url))
    , m_head(std::move(head))
    , m_grid(PartGrid::equal(wholeFile))
{
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
PutUpload::create(PutFolder folder, UploadTarget target, std::stop_token stop)
{
    const QString name = safeFileName(target.fileName);
    auto reading = putHeadOf(folder, target.source, stop);
    SO_CO_TRY(PutHead head, co_await std::move(reading));
    for (int number = 1; number <= mostPutNames; ++number) {
        QUrl url = fileUrl(folder, numberedName(name, number));
        auto looking = putLook(folder, url, stop);
        SO_CO_TRY(const PutThere there, co_await std::move(looking));
        if (there.cannotTell && !folder.allowsUnverified)
            co_return failure(cannotBeRead(folder)); // before a byte is sent
        if (there.isThere)
            continue;
        std::unique_ptr<PutUpload> upload(
            new PutUpload(std::move(folder), std::move(target), std::move(url), std::move(head)));
        upload->m_isBlind = there.cannotTell;
        co_return std::unique_ptr<UploadSession>(std::move(upload));
    }
    const QString reason =
        QStringLiteral("there are %1 files of this name already").arg(mostPutNames);
    co_return failure(Error(ErrorKind::Refused, reason)
                          .with(argument::destination, folder.name)
                          .with(argument::reason, reason));
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
PutUpload::restore(PutFolder folder, UploadTarget target, QJsonObject state, std::stop_token stop)
{
    const auto url = fileUrlOf(folder, state);
    if (!url)
        co_return failure(
            putForgotten(folder, QStringLiteral("the stored upload is not one of this folder")));
    auto looking = putLook(folder, *url, stop);
    SO_CO_TRY(const PutThere there, co_await std::move(looking));
    if (!there.isThere && !there.cannotTell)
        co_return failure(putForgotten(folder, QStringLiteral("nothing lies there")));
    PutHead head = PutHead::fromJson(state[u"head"].toObject());
    std::unique_ptr<PutUpload> upload(
        new PutUpload(std::move(folder), std::move(target), *url, std::move(head)));
    upload->m_isBlind = there.cannotTell;
    upload->m_hasBegun = there.isThere; // perhaps: the name was free when it was chosen
    SO_CO_TRY_VOID(co_await upload->refresh(stop));
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<bool>> PutUpload::isComplete(PutFolder folder, QJsonObject state, qint64 size,
                                                std::stop_token stop)
{
    const auto url = fileUrlOf(folder, state);
    if (!url)
        co_return false;
    auto looking = putLook(folder, *url, stop);
    SO_CO_TRY(const PutThere there, co_await std::move(looking));
    if (there.cannotTell)
        co_return folder.allowsUnverified;
    if (!there.isThere || there.size != size)
        co_return false;
    PutHead head = PutHead::fromJson(state[u"head"].toObject());
    auto asking = putOwnerOf(folder, *url, there, std::move(head), stop);
    const PutOwner owner = co_await std::move(asking);
    co_return owner != PutOwner::Other;
}

QJsonObject PutUpload::resumeState() const
{
    return {{QStringLiteral("protocol"), QStringLiteral("put")},
            {QStringLiteral("put"), m_url.toString(QUrl::FullyEncoded)},
            {QStringLiteral("head"), m_head.toJson()}};
}

QCoro::Task<Result<void>> PutUpload::refresh(std::stop_token stop)
{
    auto looking = putLook(m_folder, m_url, stop);
    SO_CO_TRY(const PutThere there, co_await std::move(looking));
    if (m_isDiscarded && !there.isThere)
        co_return failure(putForgotten(m_folder, QStringLiteral("it was discarded")));
    const auto total = m_target.source->state().total;
    m_confirmed = {};
    if (!there.isThere && !there.cannotTell)
        m_hasBegun = false; // what broke left nothing: the name may go to somebody else
    if (!there.isThere || !m_hasBegun)
        co_return Result<void>();
    auto asking = putOwnerOf(m_folder, m_url, there, m_head, stop);
    const PutOwner owner = co_await std::move(asking);
    // Some servers leave a broken body under the name: only all of it counts.
    const bool isWhole = total && there.size == *total;
    const bool isOurs = owner == PutOwner::Ours || (owner == PutOwner::Unknown && isWhole);
    if (!isOurs)
        co_return failure(putForgotten(m_folder, QStringLiteral("another file lies there")));
    if (isWhole)
        m_confirmed = ByteRanges::upTo(*total);
    co_return Result<void>();
}

QCoro::Task<Result<void>> PutUpload::send(PartPlan part, std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle source, m_target.source->handle());
    net::RequestBody body(source.owner, source.descriptor, part.range.begin, part.range.size());
    auto sending = put(std::move(body), part.progress, stop);
    SO_CO_TRY_VOID(co_await std::move(sending));
    SO_CO_TRY_VOID(co_await readBack(part.range.end, stop));
    m_confirmed.add(part.range);
    co_return Result<void>();
}

// A status is no proof: what counts is what lies there now.
QCoro::Task<Result<void>> PutUpload::readBack(qint64 size, std::stop_token stop)
{
    auto looking = putLook(m_folder, m_url, stop);
    SO_CO_TRY(const PutThere there, co_await std::move(looking));
    const bool isUnknown = there.cannotTell || (there.isThere && there.size < 0);
    if (isUnknown && !m_folder.allowsUnverified)
        co_return failure(cannotBeRead(m_folder));
    const bool isWhole = there.isThere && there.size == size;
    if (!isWhole && !isUnknown)
        co_return failure(Error(ErrorKind::UploadMismatch,
                                QStringLiteral("%1 of %2 bytes after the end")
                                    .arg(there.size)
                                    .arg(size),
                                RetryAdvice::backoff())
                              .with(argument::destination, m_folder.name)
                              .with(argument::reason,
                                    QStringLiteral("what lies there is not the whole file")));
    m_verifiedBy = isWhole ? QStringLiteral("size") : QStringLiteral("status");
    co_return Result<void>();
}

QCoro::Task<Result<void>> PutUpload::put(net::RequestBody body,
                                         std::shared_ptr<net::TransferProgress> progress,
                                         std::stop_token stop)
{
    const qint64 size = body.length();
    m_verifiedBy.clear();
    auto request = putRequest(m_folder, "PUT", m_url);
    if (!m_target.mediaType.isEmpty())
        request.headers.append(net::Header("Content-Type", m_target.mediaType));
    if (!m_hasBegun) // RFC 9110 §13.1.2: never over somebody else's file
        request.headers.append(net::Header("If-None-Match", "*"));
    request.body = std::move(body);
    request.expectContinue = true;
    request.totalTimeout = {}; // as long as bytes move
    request.uploadBuffer = putBuffer;
    request.progress = progress;
    auto putting = exchange(m_folder.net, m_folder.name, std::move(request), stop);
    const auto reply = co_await std::move(putting);
    if (reply && reply->status == 412 && m_isBlind)
        co_return failure(nameIsTaken(m_folder));
    if (reply && reply->status == 412 && !m_hasBegun)
        co_return failure(putForgotten(m_folder, QStringLiteral("another file took the name")));
    const bool isLost = !reply && (!progress || progress->handedOver > 0);
    m_hasBegun = m_hasBegun || isLost || (reply && reply->bodyBytesSent > 0);
    m_hasBegun = m_hasBegun || (reply && reply->isSuccess());
    if (!reply)
        co_return failure(reply.error());
    if (!reply->isSuccess())
        co_return failure(net::errorForStatus(*reply, m_folder.name));
    if (reply->bodyBytesSent != size)
        co_return failure(Error(ErrorKind::UploadMismatch,
                                QStringLiteral("status %1 after %2 of %3 bytes")
                                    .arg(reply->status)
                                    .arg(reply->bodyBytesSent)
                                    .arg(size),
                                RetryAdvice::backoff())
                              .with(argument::destination, m_folder.name)
                              .with(argument::reason,
                                    QStringLiteral("it answered before it had all of it")));
    co_return Result<void>();
}

QCoro::Task<Result<Delivery>> PutUpload::finish(qint64 size, std::stop_token stop)
{
    if (size == 0 && !m_hasBegun) {
        SO_CO_TRY_VOID(co_await put(net::RequestBody(QByteArray()), nullptr, stop));
    }
    if (m_verifiedBy.isEmpty()) {
        SO_CO_TRY_VOID(co_await readBack(size, stop));
    }
    Delivery delivery;
    delivery.link = m_url;
    delivery.verifiedBy = m_verifiedBy;
    co_return delivery;
}

QCoro::Task<Result<void>> PutUpload::discard(std::stop_token stop)
{
    m_isDiscarded = true;
    m_confirmed = {};
    if (!m_hasBegun)
        co_return Result<void>(); // nothing of ours is there
    auto request = putRequest(m_folder, "DELETE", m_url);
    auto deleting = exchange(m_folder.net, m_folder.name, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(deleting));
    const bool isGone = reply.isSuccess() || reply.status == 404 || reply.status == 410;
    if (!isGone)
        co_return failure(net::errorForStatus(reply, m_folder.name));
    co_return Result<void>();
}

} // namespace sendoff::transfer
