// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/put/put_look.h"

#include "core/transfer/exchange.h"
#include "core/transfer/range_digest.h"

#include <QCryptographicHash>

#include <algorithm>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr qint64 longestHead = 64 << 10;

// By asking for the first byte: RFC 9110 §14.4. -1 where that does not tell either.
QCoro::Task<qint64> putSizeByRange(PutFolder folder, QUrl url, std::stop_token stop)
{
    auto request = putRequest(folder, "GET", url);
    request.headers.append(net::Header("Range", "bytes=0-0"));
    auto asking = exchange(folder.net, folder.name, std::move(request), stop);
    const auto reply = co_await std::move(asking);
    const bool isRange = reply && (reply->status == 206 || reply->status == 416);
    if (!isRange && !(reply && reply->status == 200))
        co_return qint64(-1);
    const QByteArray range = reply->header("Content-Range"); // "bytes 0-0/1234", "bytes */0"
    const QByteArray said =
        isRange ? range.mid(range.lastIndexOf('/') + 1) : reply->header("Content-Length");
    bool isNumber = false;
    const qint64 size = said.toLongLong(&isNumber);
    co_return isNumber ? size : qint64(-1);
}

} // namespace

net::HttpRequest putRequest(const PutFolder &folder, QByteArray method, const QUrl &url)
{
    net::HttpRequest request(std::move(method), url);
    request.trust = folder.trust;
    request.limitGroup = folder.limitGroup;
    request.stallTimeout = folder.stallTimeout;
    if (!folder.authorization.isEmpty() && net::isSameOrigin(url, folder.url))
        request.headers.append(net::Header("Authorization", folder.authorization));
    return request;
}

QCoro::Task<Result<PutThere>> putLook(PutFolder folder, QUrl url, std::stop_token stop)
{
    auto request = putRequest(folder, "HEAD", url);
    auto asking = exchange(folder.net, folder.name, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(asking));
    PutThere there;
    there.isThere = reply.isSuccess();
    there.cannotTell = reply.status == 405 || reply.status == 501;
    bool isNumber = false;
    const qint64 size = reply.header("Content-Length").toLongLong(&isNumber);
    if (there.isThere && isNumber)
        there.size = size;
    if (there.isThere && !isNumber) // Apache leaves “Content-Length: 0” out of this reply
        there.size = co_await putSizeByRange(folder, url, stop);
    const bool isAnswer =
        there.isThere || there.cannotTell || reply.status == 404 || reply.status == 410;
    if (!isAnswer)
        co_return failure(net::errorForStatus(reply, folder.name));
    co_return there;
}

QJsonObject PutHead::toJson() const
{
    return {{QStringLiteral("size"), size},
            {QStringLiteral("sha256"), QString::fromLatin1(sha256)}};
}

PutHead PutHead::fromJson(const QJsonObject &json)
{
    PutHead head;
    head.size = json[u"size"].toInteger();
    head.sha256 = json[u"sha256"].toString().toLatin1();
    return head;
}

QCoro::Task<Result<PutHead>> putHeadOf(PutFolder folder, std::shared_ptr<ByteSource> source,
                                       std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle handle, source->handle());
    PutHead head;
    head.size = std::min(longestHead, source->state().total.value_or(0));
    const ByteRange range{0, head.size};
    auto hashing = digestOfRange(*folder.io, handle, range, DigestKind::Sha256,
                                 source->displayedName(), stop);
    SO_CO_TRY(head.sha256, co_await std::move(hashing));
    co_return head;
}

QCoro::Task<PutOwner> putOwnerOf(PutFolder folder, QUrl url, PutThere there, PutHead head,
                                 std::stop_token stop)
{
    if (head.sha256.isEmpty())
        co_return PutOwner::Unknown;
    if (there.size >= 0 && there.size < head.size)
        co_return PutOwner::Other; // too little to tell by; nothing is lost by another name
    if (head.size == 0)
        co_return there.size <= 0 ? PutOwner::Ours : PutOwner::Other;
    auto request = putRequest(folder, "GET", url);
    request.headers.append(
        net::Header("Range", "bytes=0-" + QByteArray::number(head.size - 1)));
    auto asking = exchange(folder.net, folder.name, std::move(request), stop);
    const auto reply = co_await std::move(asking);
    const bool isWhole = reply && reply->status == 200; // a server that knows no ranges
    const bool isAnswer = isWhole || (reply && reply->status == 206);
    if (!isAnswer || reply->body.size() < head.size)
        co_return PutOwner::Unknown;
    const QByteArray digest =
        QCryptographicHash::hash(QByteArrayView(reply->body).first(head.size),
                                 QCryptographicHash::Sha256)
            .toHex();
    co_return digest == head.sha256 ? PutOwner::Ours : PutOwner::Other;
}

} // namespace sendoff::transfer
