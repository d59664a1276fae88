// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/s3/s3_bucket.h"

#include "core/transfer/exchange.h"
#include "core/transfer/server_memory.h"
#include "core/tus/http_date.h"

#include <optional>
#include <utility>

namespace sendoff::transfer {

namespace {

constexpr std::chrono::hours longestLink{24 * 7}; // SigV4 allows no more
constexpr long partBuffer = 512 << 10;
constexpr std::chrono::minutes slowReply{10};
constexpr std::chrono::seconds worthTelling{60}; // a clock that is off by less is right

QUrl originOf(const S3Bucket &bucket)
{
    if (!bucket.endpoint.isEmpty())
        return bucket.endpoint;
    const QByteArray &region = bucket.learned->region;
    const bool isInChina = region.startsWith("cn-"); // under a domain of its own
    return QUrl(QStringLiteral("https://s3.%1.amazonaws.com%2")
                    .arg(QString::fromLatin1(region),
                         isInChina ? QStringLiteral(".cn") : QString()));
}

// As it is sent and signed.
QByteArray pathOf(const S3Bucket &bucket, const QString &key)
{
    QByteArray path = "/";
    if (bucket.isPathStyle)
        path += bucket.bucket.toUtf8() + (key.isEmpty() ? "" : "/");
    return sigv4::encodePath(path + key.toUtf8());
}

QByteArray hostOf(const S3Bucket &bucket)
{
    const QUrl origin = originOf(bucket);
    QByteArray host = origin.host(QUrl::FullyEncoded).toLatin1();
    if (host.contains(':'))
        host = '[' + host + ']'; // IPv6
    if (!bucket.isPathStyle)
        host = bucket.bucket.toUtf8() + '.' + host;
    const int usual = origin.scheme() == u"https" ? 443 : 80;
    if (origin.port(usual) != usual)
        host += ':' + QByteArray::number(origin.port());
    return host;
}

QUrl s3UrlOf(const S3Bucket &bucket, const QString &key, const QByteArray &query)
{
    QByteArray url = originOf(bucket).scheme().toLatin1() + "://" + hostOf(bucket)
        + pathOf(bucket, key);
    if (!query.isEmpty())
        url += '?' + query;
    return QUrl::fromEncoded(url, QUrl::StrictMode);
}

sigv4::Scope scopeOf(const S3Bucket &bucket, std::chrono::sys_seconds time)
{
    sigv4::Scope scope;
    scope.region = bucket.learned->region;
    scope.time = time;
    return scope;
}

// The headers with the signature, made at the last moment.
QList<net::Header> lateHeadersOf(const S3Bucket &bucket, const S3Request &request)
{
    const sigv4::Scope scope = scopeOf(bucket, bucket.now());
    QList<net::Header> late{{"X-Amz-Date", sigv4::amzDate(scope.time)},
                            {"X-Amz-Content-Sha256", sigv4::unsignedPayload}};
    if (!bucket.keys.sessionToken.isEmpty())
        late.append({"X-Amz-Security-Token", bucket.keys.sessionToken});
    sigv4::Request signable;
    signable.method = request.method;
    signable.path = pathOf(bucket, request.key);
    signable.query = request.query;
    signable.headers.append({"Host", hostOf(bucket)});
    for (const QList<net::Header> &headers : {request.headers, late}) {
        for (const net::Header &header : headers)
            signable.headers.append({header.name, header.value});
    }
    signable.payloadHash = sigv4::unsignedPayload;
    late.append({"Authorization", sigv4::authorization(signable, scope, bucket.keys)});
    return late;
}

net::HttpRequest httpRequest(const S3Bucket &bucket, const S3Request &request)
{
    net::HttpRequest http(request.method,
                          s3UrlOf(bucket, request.key, sigv4::encodeQuery(request.query)));
    http.headers = request.headers;
    http.lateHeaders = [bucket, request] { return lateHeadersOf(bucket, request); };
    http.body = request.body;
    http.trust = bucket.trust;
    http.limitGroup = bucket.limitGroup;
    http.stallTimeout = bucket.stallTimeout;
    http.isIdempotent = request.isIdempotent;
    http.progress = request.progress;
    if (request.body.length() > 0)
        http.totalTimeout = {}; // as long as bytes move
    if (request.isSlow) {
        http.totalTimeout = slowReply;
        http.stallTimeout = slowReply;
    }
    if (request.body.descriptor() >= 0)
        http.uploadBuffer = partBuffer;
    http.maxReplyBody = 8 << 20; // a list of 1,000 parts or uploads
    return http;
}

// True where the reply tells why the request could not be good, and that was news.
bool learn(const S3Bucket &bucket, const net::HttpReply &reply)
{
    if (reply.isSuccess() || reply.status >= 500)
        return false;
    const s3::ErrorReply said = s3::parseError(reply.body);
    S3Bucket::Learned &known = *bucket.learned;
    QByteArray region = reply.header("x-amz-bucket-region");
    if (region.isEmpty())
        region = said.region;
    if (!region.isEmpty() && region != known.region) {
        known.region = region;
        return true;
    }
    // A HEAD has no body to say so.
    const bool isClock = said.code == "RequestTimeTooSkewed" || reply.status == 403;
    const auto ours = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto theirs = tus::parseHttpDate(reply.header("Date"), ours);
    if (!isClock || !theirs)
        return false;
    const auto off = *theirs - ours - known.clockAhead;
    if (std::chrono::abs(off) < worthTelling)
        return false;
    known.clockAhead = *theirs - ours;
    if (bucket.memory)
        bucket.memory->clocksAhead.insert(serverKey(bucket.endpoint), known.clockAhead);
    return true;
}

// Of the reply to a HEAD.
Result<std::optional<S3Object>> objectOf(const S3Bucket &bucket, const net::HttpReply &reply)
{
    bool isSize = false;
    S3Object object;
    object.size = reply.header("Content-Length").toLongLong(&isSize);
    object.etag = s3::unquoted(reply.header("ETag"));
    const auto modified = tus::parseHttpDate(reply.header("Last-Modified"), bucket.now());
    if (!isSize || object.etag.isEmpty() || !modified)
        return failure(s3Violation(bucket, QStringLiteral("something else answers there, not S3")));
    object.modified = *modified;
    return std::optional<S3Object>(std::move(object));
}

} // namespace

void S3Bucket::recall()
{
    if (memory)
        learned->clockAhead = memory->clocksAhead.value(serverKey(endpoint), learned->clockAhead);
}

std::chrono::sys_seconds S3Bucket::now() const
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
        + learned->clockAhead;
}

QCoro::Task<Result<net::HttpReply>> s3Exchange(S3Bucket bucket, S3Request request,
                                               std::stop_token stop)
{
    for (bool isRepeated = false;; isRepeated = true) {
        auto sending = exchange(bucket.net, bucket.name, httpRequest(bucket, request), stop);
        SO_CO_TRY(net::HttpReply reply, co_await std::move(sending));
        const bool isNews = learn(bucket, reply);
        const bool isOfFile = request.body.descriptor() >= 0;
        if (isNews && !isOfFile && !isRepeated)
            continue;
        if (isNews && isOfFile)
            co_return failure(Error(ErrorKind::DestinationTrouble,
                                    QStringLiteral("status %1, after which its clock or region was "
                                                   "learned")
                                        .arg(reply.status),
                                    RetryAdvice::backoff())
                                  .with(argument::destination, bucket.name)
                                  .with(argument::reason,
                                        QStringLiteral("its clock or region was not what it was")));
        co_return std::move(reply);
    }
}

QCoro::Task<Result<std::optional<S3Object>>> s3Look(S3Bucket bucket, QString key,
                                                    std::stop_token stop)
{
    for (bool isExplained = false;; isExplained = true) {
        S3Request request("HEAD", key);
        auto asking = s3Exchange(bucket, std::move(request), stop);
        SO_CO_TRY(const net::HttpReply reply, co_await std::move(asking));
        if (reply.status == 404)
            co_return std::optional<S3Object>();
        if (reply.isSuccess())
            co_return objectOf(bucket, reply);
        if (isExplained)
            co_return failure(s3Error(bucket, reply));
        // The reply to a HEAD has no body that says why.
        S3Request explaining("GET", key);
        explaining.headers.append(net::Header("Range", "bytes=0-0"));
        auto exploring = s3Exchange(bucket, std::move(explaining), stop);
        SO_CO_TRY(const net::HttpReply reason, co_await std::move(exploring));
        const bool isFine = reason.isSuccess() || reason.status == 404 || reason.status == 416;
        if (!isFine)
            co_return failure(s3Error(bucket, reason));
    }
}

QUrl s3Address(const S3Bucket &bucket, const QString &key)
{
    return s3UrlOf(bucket, key, {});
}

QUrl s3Link(const S3Bucket &bucket, const QString &key, std::chrono::sys_seconds from)
{
    sigv4::Request request;
    request.method = "GET";
    request.path = pathOf(bucket, key);
    request.headers = {{"Host", hostOf(bucket)}};
    return s3UrlOf(bucket, key,
                 sigv4::presignedQuery(request, scopeOf(bucket, from), bucket.keys, longestLink));
}

} // namespace sendoff::transfer
