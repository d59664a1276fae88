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

// It takes files and shows none: as long as that is so, a refusal says nothing of what is there.
bool isRefusal(const net::HttpReply &reply)
{
    return reply.status == 403 || reply.status == 405 || reply.status == 501;
}

// By asking for the first byte: RFC 9110 §14.4. A server without ranges sends all of it, which the
// cap on replies may end: it does not tell then.
QCoro::Task<Result<PutThere>> putLookByRange(PutFolder folder, QUrl url, std::stop_token stop)
{
    auto request = putRequest(folder, "GET", url);
    request.headers.append(net::Header("Range", "bytes=0-0"));
    auto asking = exchange(folder.net, folder.name, std::move(request), stop);
    const auto reply = co_await std::move(asking);
    PutThere there;
    there.isThere = !reply && reply.error().kind == ErrorKind::ReplyTooLarge;
    if (there.isThere)
        co_return there;
    if (!reply)
        co_return failure(reply.error());
    const bool isRange = reply->status == 206 || reply->status == 416;
    there.isThere = isRange || reply->isSuccess();
    there.cannotTell = isRefusal(*reply);
    if (!there.isThere && !there.cannotTell && reply->status != 404 && reply->status != 410)
        co_return failure(net::errorForStatus(*reply, folder.name));
    const QByteArray range = reply->header("Content-Range"); // "bytes 0-0/1234", "bytes */0"
    const QByteArray said =
        isRange ? range.mid(range.lastIndexOf('/') + 1) : reply->header("Content-Length");
    bool isNumber = false;
    const qint64 size = said.toLongLong(&isNumber);
    if (there.isThere && isNumber)
        there.size = size;
    co_return there;
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
    bool isNumber = false;
    const qint64 size = reply.header("Content-Length").toLongLong(&isNumber);
    // Apache leaves “Content-Length: 0” out of this reply.
    if (isRefusal(reply) || (reply.isSuccess() && !isNumber)) {
        auto looking = putLookByRange(folder, url, stop);
        co_return co_await std::move(looking);
    }
    PutThere there;
    there.isThere = reply.isSuccess();
    if (there.isThere)
        there.size = size;
    if (!there.isThere && reply.status != 404 && reply.status != 410)
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
