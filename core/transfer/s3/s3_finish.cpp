// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The end of an S3 upload: verified, put together, and looked at.

#include "core/transfer/net/net.h"
#include "core/transfer/s3/s3_plan.h"
#include "core/transfer/s3/s3_upload.h"

#include <QCryptographicHash>

#include <utility>

namespace sendoff::transfer {

// Whether the object is what these parts make: after a reply that was lost.
QCoro::Task<Result<bool>> S3Upload::isDelivered(qint64 size, std::stop_token stop)
{
    auto looking = s3Look(m_bucket, m_key, stop);
    SO_CO_TRY(const auto object, co_await std::move(looking));
    if (!object || object->size != size)
        co_return false;
    if (!m_etag.isEmpty())
        co_return object->etag == m_etag;
    const int count = m_grid.count(size);
    if (!m_etagIsMd5)
        co_return false; // nothing to tell by
    if (!object->etag.endsWith('-' + QByteArray::number(count)))
        co_return false;
    // Nothing is known of it but its ETag: the file itself must agree with that.
    s3::Parts parts;
    for (int number = 1; number <= count; ++number) {
        SO_CO_TRY(const QByteArray digest, co_await digestOf(number, stop));
        parts[number] = {m_grid.part(number - 1, size).size(), digest};
    }
    if (object->etag != s3::etagOf(parts))
        co_return false;
    m_etag = object->etag;
    co_return true;
}

// The same where no ETag can be computed: servers answer a second end as the first. Only of an
// upload that is gone, so that it cannot make anything.
QCoro::Task<Result<bool>> S3Upload::isEndRepeated(qint64 size, std::stop_token stop)
{
    auto looking = s3Look(m_bucket, m_key, stop);
    SO_CO_TRY(const auto object, co_await std::move(looking));
    const bool isWhole = int(m_parts.size()) == m_grid.count(size);
    if (m_etagIsMd5 || !isWhole || !object || object->size != size)
        co_return false;
    const auto completed = co_await complete(stop);
    if (!completed && completed.error().kind != ErrorKind::UploadExpired)
        co_return failure(completed.error());
    const bool isOurs = completed && (m_etag.isEmpty() || m_etag == object->etag);
    m_etag = isOurs ? object->etag : QByteArray();
    co_return isOurs;
}

QCoro::Task<Result<void>> S3Upload::verifyParts(qint64 size, std::stop_token stop)
{
    const s3::Parts parts = m_parts;
    for (const auto &[number, part] : parts) {
        if (!m_etagIsMd5 || m_digests.contains(number) || !s3::isMd5(part.etag))
            continue;
        SO_CO_TRY(const QByteArray digest, co_await digestOf(number, stop));
        if (digest == part.etag)
            continue;
        PartPlan again;
        again.range = m_grid.part(number - 1, size);
        again.total = size;
        SO_CO_TRY_VOID(co_await sendPart(number, std::move(again), stop));
    }
    co_return Result<void>();
}

QCoro::Task<Result<Delivery>> S3Upload::finish(qint64 size, std::stop_token stop)
{
    if (size == 0) {
        SO_CO_TRY_VOID(co_await putEmpty(stop));
        co_return co_await check(size, stop);
    }
    SO_CO_TRY_VOID(co_await verifyParts(size, stop));
    auto looking = s3Look(m_bucket, m_key, stop);
    const auto there = co_await std::move(looking);
    if (!there && there.error().kind != ErrorKind::PermissionDenied)
        co_return failure(there.error());
    if (there && *there) {
        SO_CO_TRY(const bool isOurs, co_await isDelivered(size, stop));
        if (isOurs)
            co_return co_await check(size, stop);
        // Another file came to this name meanwhile. It is not ours to replace.
        (void)co_await discard(stop); // best effort: it can be found by “orphans”
        co_return failure(Error(ErrorKind::UploadExpired,
                                QStringLiteral("another object took the key meanwhile"))
                              .with(argument::destination, m_bucket.name));
    }
    SO_CO_TRY_VOID(co_await complete(stop));
    co_return co_await check(size, stop);
}

QCoro::Task<Result<void>> S3Upload::complete(std::stop_token stop)
{
    S3Request request("POST", m_key);
    request.query = uploadQuery();
    request.headers.append(net::Header("Content-Type", "application/xml"));
    request.body = net::RequestBody(s3::completionBody(m_parts));
    request.isIdempotent = false;
    request.isSlow = true;
    auto completing = s3Exchange(m_bucket, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(completing));
    if (!reply.isSuccess())
        co_return failure(s3UploadError(m_bucket, reply));
    const auto etag = s3::parseCompletion(reply.body);
    if (!etag) { // the status was sent before it knew
        const s3::ErrorReply said = s3::parseError(reply.body);
        co_return failure(said.code.isEmpty()
                              ? s3Violation(m_bucket, QStringLiteral("it does not say whether the "
                                                                     "upload is complete"))
                              : s3UploadError(m_bucket, said, reply));
    }
    m_etag = m_etagIsMd5 ? s3::etagOf(m_parts) : *etag;
    co_return Result<void>();
}

// A multipart upload has at least one part, and an empty file has none.
QCoro::Task<Result<void>> S3Upload::putEmpty(std::stop_token stop)
{
    (void)co_await discard(stop); // best effort: nothing was sent to it
    S3Request request("PUT", m_key);
    if (!m_target.mediaType.isEmpty())
        request.headers.append(net::Header("Content-Type", m_target.mediaType));
    request.body = net::RequestBody(QByteArray());
    auto putting = s3Exchange(m_bucket, std::move(request), stop);
    SO_CO_TRY(const net::HttpReply reply, co_await std::move(putting));
    if (!reply.isSuccess())
        co_return failure(s3Error(m_bucket, reply));
    m_etag = m_etagIsMd5 ? QCryptographicHash::hash(QByteArray(), QCryptographicHash::Md5).toHex()
                         : s3::unquoted(reply.header("ETag"));
    co_return Result<void>();
}

QCoro::Task<Result<Delivery>> S3Upload::check(qint64 size, std::stop_token stop)
{
    auto looking = s3Look(m_bucket, m_key, stop);
    SO_CO_TRY(const auto object, co_await std::move(looking));
    // What is not there yet may come; what is there stays as it is.
    if (!object || object->size != size)
        co_return failure(Error(ErrorKind::UploadMismatch,
                                object ? QStringLiteral("%1 of %2 bytes").arg(object->size).arg(size)
                                       : QStringLiteral("no object after the end"),
                                object ? RetryAdvice::never() : RetryAdvice::backoff())
                              .with(argument::destination, m_bucket.name)
                              .with(argument::reason,
                                    QStringLiteral("what lies there is not the whole file")));
    if (!m_etag.isEmpty() && object->etag != m_etag)
        co_return failure(Error(ErrorKind::UploadMismatch,
                                QStringLiteral("ETag %1 instead of %2")
                                    .arg(QString::fromUtf8(object->etag),
                                         QString::fromLatin1(m_etag)))
                              .with(argument::destination, m_bucket.name)
                              .with(argument::reason,
                                    QStringLiteral("what lies there is not what was sent")));
    m_etag = object->etag;
    Delivery delivery;
    delivery.link = m_settings.publicUrl.isEmpty()
        ? s3Link(m_bucket, m_key, object->modified)
        : s3PublicLink(m_settings.publicUrl, m_key);
    delivery.verifiedBy = QStringLiteral("size+etag");
    co_return delivery;
}

} // namespace sendoff::transfer
