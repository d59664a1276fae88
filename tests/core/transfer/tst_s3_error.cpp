// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What each of S3's error codes means to an upload, and whether and when it is worth a second try.
#include "core/transfer/s3/s3_bucket.h"

#include "core/base/error_text.h"

#include <QtTest>

using namespace sendoff;
using namespace sendoff::transfer;

namespace {

using When = RetryAdvice::When;

net::HttpReply replyOf(int status, const QByteArray &code, const QByteArray &retryAfter = {})
{
    net::HttpReply reply;
    reply.status = status;
    if (!code.isEmpty())
        reply.body = "<Error><Code>" + code + "</Code></Error>";
    if (!retryAfter.isEmpty())
        reply.headers.append(net::Header("Retry-After", retryAfter));
    return reply;
}

S3Bucket bucketOfTest()
{
    S3Bucket bucket;
    bucket.name = QStringLiteral("Bucket");
    return bucket;
}

} // namespace

class TestS3Error : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatACodeMeans_data();
    void knowsWhatACodeMeans();
    void waitsAsLongAsItIsAsked_data() { knowsWhatACodeMeans_data(); }
    void waitsAsLongAsItIsAsked();
    void tellsAnUploadFromAnObject();
    void saysSoInASentence_data() { knowsWhatACodeMeans_data(); }
    void saysSoInASentence();
};

void TestS3Error::knowsWhatACodeMeans_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<When>("when");
    const auto row = [](int status, const char *code, ErrorKind kind, When when) {
        QTest::addRow("%d %s", status, *code ? code : "(nothing)")
            << status << QByteArray(code) << kind << when;
    };
    row(404, "NoSuchUpload", ErrorKind::UploadExpired, When::Never);
    row(404, "NoSuchKey", ErrorKind::Refused, When::Never);
    row(403, "SignatureDoesNotMatch", ErrorKind::SignInNeeded, When::AfterSignIn);
    row(403, "InvalidAccessKeyId", ErrorKind::SignInNeeded, When::AfterSignIn);
    row(400, "ExpiredToken", ErrorKind::SignInNeeded, When::AfterSignIn);
    row(400, "InvalidToken", ErrorKind::SignInNeeded, When::AfterSignIn);
    row(403, "AccessDenied", ErrorKind::PermissionDenied, When::Never);
    row(403, "AllAccessDisabled", ErrorKind::PermissionDenied, When::Never);
    row(403, "AccountProblem", ErrorKind::PermissionDenied, When::Never);
    row(404, "NoSuchBucket", ErrorKind::DestinationInvalid, When::Never);
    row(400, "InvalidBucketName", ErrorKind::DestinationInvalid, When::Never);
    row(400, "AuthorizationHeaderMalformed", ErrorKind::DestinationInvalid, When::Never);
    row(301, "PermanentRedirect", ErrorKind::DestinationInvalid, When::Never);
    row(403, "RequestTimeTooSkewed", ErrorKind::DestinationTrouble, When::Backoff);
    row(503, "SlowDown", ErrorKind::DestinationBusy, When::Backoff);
    row(503, "ServiceUnavailable", ErrorKind::DestinationBusy, When::Backoff);
    row(429, "TooManyRequests", ErrorKind::DestinationBusy, When::Backoff);
    row(400, "RequestTimeout", ErrorKind::DestinationTrouble, When::Backoff);
    row(409, "OperationAborted", ErrorKind::DestinationTrouble, When::Backoff);
    row(500, "InternalError", ErrorKind::DestinationTrouble, When::Backoff);
    row(200, "InternalError", ErrorKind::DestinationTrouble, When::Backoff);
    row(400, "BadDigest", ErrorKind::UploadMismatch, When::Backoff);
    row(400, "InvalidDigest", ErrorKind::UploadMismatch, When::Backoff);
    row(400, "XAmzContentSHA256Mismatch", ErrorKind::UploadMismatch, When::Backoff);
    row(400, "IncompleteBody", ErrorKind::UploadMismatch, When::Backoff);
    row(400, "InvalidPart", ErrorKind::UploadMismatch, When::Backoff);
    row(400, "InvalidPartOrder", ErrorKind::ProtocolViolation, When::Never);
    row(400, "EntityTooSmall", ErrorKind::DestinationLimit, When::Never);
    row(400, "EntityTooLarge", ErrorKind::DestinationLimit, When::Never);
    row(400, "KeyTooLongError", ErrorKind::DestinationInvalid, When::Never);
    row(403, "QuotaExceeded", ErrorKind::DestinationFull, When::Never);
    row(403, "StorageQuotaExceeded", ErrorKind::DestinationFull, When::Never);
    row(400, "XMinioAdminBucketQuotaExceeded", ErrorKind::DestinationFull, When::Never);
    row(507, "XMinioStorageFull", ErrorKind::DestinationFull, When::Never);
    row(501, "NotImplemented", ErrorKind::Refused, When::Never);
    row(400, "InvalidArgument", ErrorKind::Refused, When::Never);
    // Of what stands before it, which knows no codes.
    row(413, "", ErrorKind::DestinationLimit, When::Never);
    row(429, "", ErrorKind::DestinationBusy, When::Backoff);
    row(502, "", ErrorKind::DestinationTrouble, When::Backoff);
    row(503, "", ErrorKind::DestinationBusy, When::Backoff);
    row(200, "SomethingNew", ErrorKind::DestinationTrouble, When::Backoff);
}

void TestS3Error::knowsWhatACodeMeans()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, code);
    QFETCH(const ErrorKind, kind);
    QFETCH(const When, when);
    const Error error = s3Error(bucketOfTest(), replyOf(status, code));
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.retry.when, when);
    QCOMPARE(error[argument::destination], QStringLiteral("Bucket"));
}

// Where a busy server says when, and that is worth a second try at all.
void TestS3Error::waitsAsLongAsItIsAsked()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, code);
    QFETCH(const ErrorKind, kind);
    QFETCH(const When, when);
    using std::chrono::seconds;
    const auto before = std::chrono::system_clock::now();
    const Error error = s3Error(bucketOfTest(), replyOf(status, code, "120"));
    const auto after = std::chrono::system_clock::now();
    QCOMPARE(error.kind, kind);
    const bool isBusy = (status == 503 || status == 429) && when == When::Backoff;
    QCOMPARE(error.retry.when, isBusy ? When::At : when);
    if (isBusy) {
        QVERIFY(error.retry.at >= before + seconds(120));
        QVERIFY(error.retry.at <= after + seconds(120));
    }
}

void TestS3Error::tellsAnUploadFromAnObject()
{
    const net::HttpReply reply = replyOf(404, "NoSuchKey");
    QCOMPARE(s3Error(bucketOfTest(), reply).kind, ErrorKind::Refused);
    QCOMPARE(s3UploadError(bucketOfTest(), reply).kind, ErrorKind::UploadExpired);
    QCOMPARE(s3UploadError(bucketOfTest(), replyOf(404, "NoSuchUpload")).kind,
             ErrorKind::UploadExpired);
    QCOMPARE(s3UploadError(bucketOfTest(), replyOf(404, "NoSuchBucket")).kind,
             ErrorKind::DestinationInvalid);
    // Something else that knows nothing of it does not end an upload.
    QCOMPARE(s3UploadError(bucketOfTest(), replyOf(404, "")).kind, ErrorKind::Refused);
}

void TestS3Error::saysSoInASentence()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, code);
    const QString sentence = describe(s3Error(bucketOfTest(), replyOf(status, code))).sentence();
    QVERIFY(!sentence.isEmpty());
    QVERIFY2(!sentence.contains(u'%'), qPrintable(sentence)); // every gap is filled in
    QVERIFY2(code.isEmpty() || !sentence.contains(QString::fromLatin1(code)), qPrintable(sentence));
}

QTEST_APPLESS_MAIN(TestS3Error)
#include "tst_s3_error.moc"
