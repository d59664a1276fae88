// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/s3/s3_upload.h"

#include "core/transfer/net/net.h"
#include "core/transfer/range_digest.h"
#include "core/transfer/s3/s3_plan.h"
#include "core/transfer/server_memory.h"

#include <utility>

namespace sendoff::transfer {

namespace {

bool isStateOf(const S3Bucket &bucket, const QJsonObject &state)
{
    return state[u"protocol"].toString() == u"s3" && state[u"bucket"].toString() == bucket.bucket;
}

Error notOurs(const S3Bucket &bucket, const QString &detail)
{
    return Error(ErrorKind::UploadExpired, detail).with(argument::destination, bucket.name);
}

S3Line lineTo(const S3Bucket &bucket, int partsAtOnce)
{
    S3Line line;
    line.partsAtOnce = partsAtOnce;
    if (bucket.memory)
        line.bytesPerSecond = bucket.memory->speeds.bytesPerSecond(s3Address(bucket, {}));
    return line;
}

} // namespace

S3Upload::S3Upload(S3Bucket bucket, S3Settings settings, UploadTarget target, QString key,
                   PartGrid grid)
    : m_bucket(std::move(bucket))
    , m_settings(std::move(settings))
    , m_target(std::move(target))
    , m_key(std::move(key))
    , m_grid(std::move(grid))
{
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>> S3Upload::create(S3Bucket bucket,
                                                                     S3Settings settings,
                                                                     UploadTarget target,
                                                                     std::stop_token stop)
{
    auto choosing = s3FreeKey(bucket, settings.prefix, target.fileName, stop);
    SO_CO_TRY(QString key, co_await std::move(choosing));
    PartGrid grid = s3GridFor(target.source->state().total, settings.wantsEqualParts,
                              lineTo(bucket, settings.partsAtOnce));
    std::unique_ptr<S3Upload> upload(new S3Upload(std::move(bucket), std::move(settings),
                                                  std::move(target), std::move(key),
                                                  std::move(grid)));
    SO_CO_TRY_VOID(co_await upload->begin(stop));
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<void>> S3Upload::begin(std::stop_token stop)
{
    S3Request request("POST", m_key);
    request.query = {{"uploads", ""}};
    request.isIdempotent = false;
    if (!m_target.mediaType.isEmpty())
        request.headers.append(net::Header("Content-Type", m_target.mediaType));
    auto creating = s3Exchange(m_bucket, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(creating));
    if (!reply.isSuccess())
        co_return failure(s3Error(m_bucket, reply));
    const auto id = s3::parseUploadId(reply.body);
    if (!id)
        co_return failure(
            s3Violation(m_bucket, QStringLiteral("it does not say which upload this is")));
    m_uploadId = *id;
    m_etagIsMd5 = !reply.header("x-amz-server-side-encryption").startsWith("aws:kms");
    co_return Result<void>();
}

QCoro::Task<Result<std::unique_ptr<UploadSession>>>
S3Upload::restore(S3Bucket bucket, S3Settings settings, UploadTarget target, QJsonObject state,
                  std::stop_token stop)
{
    const auto grid = PartGrid::fromJson(state[u"grid"].toArray());
    const QString key = state[u"key"].toString();
    const bool isOurs = isStateOf(bucket, state)
        && !key.isEmpty() && grid && !state[u"upload"].toString().isEmpty();
    if (!isOurs)
        co_return failure(
            notOurs(bucket, QStringLiteral("the stored upload is not one of this bucket")));
    std::unique_ptr<S3Upload> upload(
        new S3Upload(std::move(bucket), std::move(settings), std::move(target), key, *grid));
    upload->m_uploadId = state[u"upload"].toString().toUtf8();
    upload->m_etag = state[u"etag"].toString().toLatin1();
    upload->m_etagIsMd5 = state[u"etag_is_md5"].toBool(true);
    SO_CO_TRY_VOID(co_await upload->refresh(stop));
    co_return std::unique_ptr<UploadSession>(std::move(upload));
}

QCoro::Task<Result<bool>> S3Upload::isComplete(S3Bucket bucket, QJsonObject state, qint64 size,
                                               std::stop_token stop)
{
    const QByteArray etag = state[u"etag"].toString().toLatin1();
    if (!isStateOf(bucket, state) || etag.isEmpty())
        co_return false;
    auto looking = s3Look(std::move(bucket), state[u"key"].toString(), stop);
    SO_CO_TRY(const auto object, co_await std::move(looking));
    co_return object && object->size == size && object->etag == etag;
}

QJsonObject S3Upload::resumeState() const
{
    QJsonObject state{{QStringLiteral("protocol"), QStringLiteral("s3")},
                      {QStringLiteral("bucket"), m_bucket.bucket},
                      {QStringLiteral("key"), m_key},
                      {QStringLiteral("upload"), QString::fromUtf8(m_uploadId)},
                      {QStringLiteral("grid"), m_grid.toJson()},
                      {QStringLiteral("etag_is_md5"), m_etagIsMd5}};
    if (!m_etag.isEmpty())
        state.insert(QStringLiteral("etag"), QString::fromLatin1(m_etag));
    return state;
}

sigv4::Pairs S3Upload::uploadQuery() const
{
    return {{"uploadId", m_uploadId}};
}

Error S3Upload::damaged(const QString &detail) const
{
    return Error(ErrorKind::UploadMismatch, detail, RetryAdvice::backoff())
        .with(argument::destination, m_bucket.name)
        .with(argument::reason, QStringLiteral("a part arrived damaged"));
}

QCoro::Task<Result<s3::Parts>> S3Upload::listParts(std::stop_token stop)
{
    s3::Parts parts;
    int marker = 0;
    for (;;) {
        S3Request request("GET", m_key);
        request.query = uploadQuery();
        if (marker > 0)
            request.query.append({"part-number-marker", QByteArray::number(marker)});
        auto asking = s3Exchange(m_bucket, std::move(request), stop);
        SO_CO_TRY(const net::HttpReply reply, co_await std::move(asking));
        if (!reply.isSuccess())
            co_return failure(s3UploadError(m_bucket, reply));
        auto page = s3::parseParts(reply.body);
        if (!page)
            co_return failure(
                s3Violation(m_bucket, QStringLiteral("it does not say which parts it has")));
        parts.merge(page->parts);
        if (!page->nextMarker)
            co_return Result<s3::Parts>(std::move(parts));
        if (*page->nextMarker <= marker)
            co_return failure(
                s3Violation(m_bucket, QStringLiteral("its list of parts has no end")));
        marker = *page->nextMarker;
    }
}

void S3Upload::confirm(const s3::Parts &listed)
{
    const auto total = m_target.source->state().total;
    m_parts.clear();
    m_confirmed = {};
    for (const auto &[number, part] : listed) {
        const ByteRange range = m_grid.part(number - 1, total);
        const auto digest = m_digests.find(number);
        const bool isOther = m_etagIsMd5 && digest != m_digests.end() && s3::isMd5(part.etag)
            && part.etag != digest->second;
        if (range.isEmpty() || part.size != range.size() || isOther)
            continue; // it is sent again, and then replaced there
        m_parts[number] = part;
        m_confirmed.add(range);
    }
}

QCoro::Task<Result<void>> S3Upload::refresh(std::stop_token stop)
{
    auto listing = listParts(stop);
    auto listed = co_await std::move(listing);
    if (listed) {
        confirm(*listed);
        co_return Result<void>();
    }
    const auto total = m_target.source->state().total;
    if (listed.error().kind != ErrorKind::UploadExpired || !total)
        co_return failure(std::move(listed).error());
    // Forgotten, or finished: a lost reply to the end looks the same.
    SO_CO_TRY(bool isThere, co_await isDelivered(*total, stop));
    if (!isThere && m_etag.isEmpty()) {
        SO_CO_TRY(isThere, co_await isEndRepeated(*total, stop));
    }
    if (!isThere)
        co_return failure(std::move(listed).error());
    m_confirmed = ByteRanges::upTo(*total);
    co_return Result<void>();
}

QCoro::Task<Result<QByteArray>> S3Upload::digestOf(int number, std::stop_token stop)
{
    if (const auto known = m_digests.find(number); known != m_digests.end())
        co_return QByteArray(known->second); // QCoro 0.8 moves from what is not const
    SO_CO_TRY(const ByteSource::Handle source, m_target.source->handle());
    const ByteRange range = m_grid.part(number - 1, m_target.source->state().total);
    auto hashing = digestOfRange(*m_bucket.io, source, range, DigestKind::Md5,
                                m_target.source->displayedName(), stop);
    SO_CO_TRY(const QByteArray digest, co_await std::move(hashing));
    m_digests[number] = digest;
    co_return digest;
}

QCoro::Task<Result<void>> S3Upload::send(PartPlan part, std::stop_token stop)
{
    const int number = m_grid.indexAt(part.range.begin) + 1;
    return sendPart(number, std::move(part), std::move(stop));
}

QCoro::Task<Result<void>> S3Upload::sendPart(int number, PartPlan part, std::stop_token stop)
{
    SO_CO_TRY(const ByteSource::Handle source, m_target.source->handle());
    SO_CO_TRY(const QByteArray digest, co_await digestOf(number, stop));
    S3Request request("PUT", m_key);
    request.query = uploadQuery();
    request.query.append({"partNumber", QByteArray::number(number)});
    request.headers.append(
        net::Header("Content-MD5", QByteArray::fromHex(digest).toBase64()));
    request.body =
        net::RequestBody(source.owner, source.descriptor, part.range.begin, part.range.size());
    request.progress = part.progress;
    auto sending = s3Exchange(m_bucket, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(sending));
    if (!reply.isSuccess())
        co_return failure(s3UploadError(m_bucket, reply));
    const QByteArray etag = s3::unquoted(reply.header("ETag"));
    if (etag.isEmpty() || reply.bodyBytesSent != part.range.size())
        co_return failure(damaged(QStringLiteral("part %1: answered before it was sent, or without "
                                                 "an ETag")
                                      .arg(number)));
    if (m_etagIsMd5 && s3::isMd5(etag) && etag != digest)
        co_return failure(damaged(QStringLiteral("part %1: its ETag is not the MD5").arg(number)));
    m_parts[number] = {part.range.size(), etag};
    m_confirmed.add(part.range);
    co_return Result<void>();
}

QCoro::Task<Result<void>> S3Upload::discard(std::stop_token stop)
{
    S3Request request("DELETE", m_key);
    request.query = uploadQuery();
    auto aborting = s3Exchange(m_bucket, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(aborting));
    const bool isGone = reply.isSuccess() || reply.status == 404;
    if (!isGone)
        co_return failure(s3UploadError(m_bucket, reply));
    co_return Result<void>();
}

} // namespace sendoff::transfer
