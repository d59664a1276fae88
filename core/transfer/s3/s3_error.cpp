// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What S3's error codes mean to an upload.

#include "core/transfer/s3/s3_bucket.h"

#include <utility>

namespace sendoff::transfer {

namespace {

struct Meaning {
    const char *code;
    ErrorKind kind;
    RetryAdvice::When retry;
    const char16_t *reason; // may be empty
};

using When = RetryAdvice::When;
constexpr Meaning meanings[] = {
    {"NoSuchUpload", ErrorKind::UploadExpired, When::Never, u""},
    {"SignatureDoesNotMatch", ErrorKind::SignInNeeded, When::AfterSignIn, u""},
    {"InvalidAccessKeyId", ErrorKind::SignInNeeded, When::AfterSignIn, u""},
    {"ExpiredToken", ErrorKind::SignInNeeded, When::AfterSignIn, u""},
    {"InvalidToken", ErrorKind::SignInNeeded, When::AfterSignIn, u""},
    {"AccessDenied", ErrorKind::PermissionDenied, When::Never, u""},
    {"AllAccessDisabled", ErrorKind::PermissionDenied, When::Never, u""},
    {"AccountProblem", ErrorKind::PermissionDenied, When::Never, u""},
    {"NoSuchBucket", ErrorKind::DestinationInvalid, When::Never, u"there is no such bucket"},
    {"InvalidBucketName", ErrorKind::DestinationInvalid, When::Never,
     u"the name of the bucket cannot be one"},
    {"AuthorizationHeaderMalformed", ErrorKind::DestinationInvalid, When::Never,
     u"its region is another one"},
    {"PermanentRedirect", ErrorKind::DestinationInvalid, When::Never,
     u"the bucket is at another address"},
    {"RequestTimeTooSkewed", ErrorKind::DestinationTrouble, When::Backoff,
     u"its clock and this computer's are too far apart"},
    {"SlowDown", ErrorKind::DestinationBusy, When::Backoff, u""},
    {"ServiceUnavailable", ErrorKind::DestinationBusy, When::Backoff, u""},
    {"TooManyRequests", ErrorKind::DestinationBusy, When::Backoff, u""},
    {"RequestTimeout", ErrorKind::DestinationTrouble, When::Backoff,
     u"it got no bytes for a while"},
    {"OperationAborted", ErrorKind::DestinationTrouble, When::Backoff,
     u"another request was in the way"},
    {"InternalError", ErrorKind::DestinationTrouble, When::Backoff, u"it has trouble of its own"},
    {"BadDigest", ErrorKind::UploadMismatch, When::Backoff, u"a part arrived damaged"},
    {"InvalidDigest", ErrorKind::UploadMismatch, When::Backoff, u"a part arrived damaged"},
    {"XAmzContentSHA256Mismatch", ErrorKind::UploadMismatch, When::Backoff,
     u"a part arrived damaged"},
    {"IncompleteBody", ErrorKind::UploadMismatch, When::Backoff, u"a part arrived incomplete"},
    {"InvalidPart", ErrorKind::UploadMismatch, When::Backoff, u"it misses a part"},
    {"InvalidPartOrder", ErrorKind::ProtocolViolation, When::Never,
     u"it sees the parts in another order"},
    {"EntityTooSmall", ErrorKind::DestinationLimit, When::Never, u"it wants larger parts"},
    {"EntityTooLarge", ErrorKind::DestinationLimit, When::Never, u"it is larger than allowed"},
    {"KeyTooLongError", ErrorKind::DestinationInvalid, When::Never, u"the name is too long for it"},
    {"QuotaExceeded", ErrorKind::DestinationFull, When::Never, u""},
    {"StorageQuotaExceeded", ErrorKind::DestinationFull, When::Never, u""},
    {"XMinioAdminBucketQuotaExceeded", ErrorKind::DestinationFull, When::Never, u""},
};

} // namespace

Error s3Error(const S3Bucket &bucket, const net::HttpReply &reply)
{
    return s3Error(bucket, s3::parseError(reply.body), reply);
}

Error s3Error(const S3Bucket &bucket, const s3::ErrorReply &said, const net::HttpReply &reply)
{
    for (const Meaning &meaning : meanings) {
        if (said.code != meaning.code)
            continue;
        Error error = net::errorForStatus(reply, bucket.name);
        const bool asksToWait = error.retry.when == When::At && meaning.retry == When::Backoff;
        error.kind = meaning.kind;
        if (!asksToWait)
            error.retry = {meaning.retry, {}};
        error.detail = QStringLiteral("status %1, %2").arg(reply.status).arg(
            QString::fromLatin1(said.code));
        const QString reason = QString::fromUtf16(meaning.reason);
        return reason.isEmpty() ? error : std::move(error).with(argument::reason, reason);
    }
    if (reply.isSuccess()) // a 200 that says no, with a code of its own
        return Error(ErrorKind::DestinationTrouble,
                     QStringLiteral("status %1, %2").arg(reply.status).arg(
                         QString::fromUtf8(said.code)),
                     RetryAdvice::backoff())
            .with(argument::destination, bucket.name)
            .with(argument::reason, QStringLiteral("it could not put the parts together"));
    return net::errorForStatus(reply, bucket.name);
}

Error s3UploadError(const S3Bucket &bucket, const net::HttpReply &reply)
{
    return s3UploadError(bucket, s3::parseError(reply.body), reply);
}

Error s3UploadError(const S3Bucket &bucket, s3::ErrorReply said, const net::HttpReply &reply)
{
    if (said.code != "NoSuchKey")
        return s3Error(bucket, said, reply);
    said.code = "NoSuchUpload";
    Error error = s3Error(bucket, said, reply);
    error.detail = QStringLiteral("status %1, NoSuchKey of an upload").arg(reply.status);
    return error;
}

Error s3Violation(const S3Bucket &bucket, const QString &reason)
{
    return Error(ErrorKind::ProtocolViolation, reason)
        .with(argument::destination, bucket.name)
        .with(argument::reason, reason);
}

} // namespace sendoff::transfer
