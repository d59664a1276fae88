// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Ceph (RGW) answers otherwise than Amazon, and what we make of it: the table of faults, row by
// row. Against a double that was written from its recorded answers; whole uploads to it are in
// tst_s3_faults, and the same rows for a real server in tst_s3_server and tst_s3_ends.
#include "core/transfer/s3/s3_upload.h"
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QCryptographicHash>
#include <QtTest>

Q_DECLARE_METATYPE(sendoff::transfer::sigv4::Keys)

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

const QString clip = QStringLiteral("clip.mp4");
constexpr qint64 smallPart = 5 << 20;

QByteArray md5Of(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Md5);
}

} // namespace

class TestS3Ceph : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_server.reset(); }
    void refusesWrongKeys_data();
    void refusesWrongKeys();
    void toleratesAClockThatIsOff();
    void takesAnyRegion();
    void checksTheDigestOfAPart_data();
    void checksTheDigestOfAPart();
    void takesPartsOfAnyNumber();
    void replacesAPartThatIsSentAgain();
    void refusesWrongEnds_data();
    void refusesWrongEnds();
    void completesTwiceAndLeavesTheETagOut();
    void forgetsWhatIsCompleteOrAborted();
    void discardsWhatIsGone_data();
    void discardsWhatIsGone();

private:
    net::HttpReply ask(S3Request request);
    QByteArray begin();
    net::HttpReply put(const QByteArray &upload, int number, const QByteArray &bytes,
                       const QByteArray &digest);
    QByteArray putPart(const QByteArray &upload, int number, const QByteArray &bytes);
    net::HttpReply complete(const QByteArray &upload, const QByteArray &body);
    net::HttpReply list(const QByteArray &upload);
    static s3::ErrorReply said(const net::HttpReply &reply) { return s3::parseError(reply.body); }

    std::unique_ptr<FakeS3> m_server;
    TransferFixture m_fixture;
    S3Bucket m_bucket;
};

void TestS3Ceph::init()
{
    m_server = std::make_unique<FakeS3>(FakeS3::Misbehave(), S3Dialect::Ceph);
    m_bucket = {};
    m_bucket.net = &m_fixture.network();
    m_bucket.io = m_fixture.context().io;
    m_bucket.name = QStringLiteral("Bucket");
    m_bucket.endpoint = m_server->server().url(QString());
    m_bucket.bucket = QStringLiteral("bucket");
    m_bucket.isPathStyle = true;
    m_bucket.keys = {"key", "canary-secret-key", {}};
    m_bucket.learned = std::make_shared<S3Bucket::Learned>();
    m_bucket.learned->region = "us-east-1";
}

net::HttpReply TestS3Ceph::ask(S3Request request)
{
    auto reply = QCoro::waitFor(s3Exchange(m_bucket, std::move(request), {}));
    if (!reply)
        qFatal("%s", qPrintable(describe(reply.error()).sentence()));
    return *std::move(reply);
}

QByteArray TestS3Ceph::begin()
{
    S3Request request("POST", clip);
    request.query = {{"uploads", ""}};
    return s3::parseUploadId(ask(std::move(request)).body).value_or(QByteArray());
}

net::HttpReply TestS3Ceph::put(const QByteArray &upload, int number, const QByteArray &bytes,
                               const QByteArray &digest)
{
    S3Request request("PUT", clip);
    request.query = {{"uploadId", upload}, {"partNumber", QByteArray::number(number)}};
    request.headers.append(net::Header("Content-MD5", digest));
    request.body = net::RequestBody(bytes);
    return ask(std::move(request));
}

QByteArray TestS3Ceph::putPart(const QByteArray &upload, int number, const QByteArray &bytes)
{
    return s3::unquoted(put(upload, number, bytes, md5Of(bytes).toBase64()).header("ETag"));
}

net::HttpReply TestS3Ceph::complete(const QByteArray &upload, const QByteArray &body)
{
    S3Request request("POST", clip);
    request.query = {{"uploadId", upload}};
    request.body = net::RequestBody(body);
    return ask(std::move(request));
}

net::HttpReply TestS3Ceph::list(const QByteArray &upload)
{
    S3Request request("GET", clip);
    request.query = {{"uploadId", upload}};
    return ask(std::move(request));
}

void TestS3Ceph::refusesWrongKeys_data()
{
    QTest::addColumn<sigv4::Keys>("keys");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("wrong secret") << sigv4::Keys{"key", "x", {}}
                                  << QByteArray("SignatureDoesNotMatch");
    QTest::newRow("unknown key") << sigv4::Keys{"nobody", "canary-secret-key", {}}
                                 << QByteArray("InvalidAccessKeyId");
}

void TestS3Ceph::refusesWrongKeys()
{
    QFETCH(const sigv4::Keys, keys);
    QFETCH(const QByteArray, code);
    m_bucket.keys = keys;
    S3Request request("POST", clip);
    request.query = {{"uploads", ""}};
    const net::HttpReply reply = ask(std::move(request));
    QCOMPARE(reply.status, 403);
    QCOMPARE(said(reply).code, code);
    QVERIFY(said(reply).message.isEmpty());
    QCOMPARE(s3Error(m_bucket, reply).kind, ErrorKind::SignInNeeded);
    QVERIFY(!describe(s3Error(m_bucket, reply)).sentence().isEmpty());
}

void TestS3Ceph::toleratesAClockThatIsOff()
{
    m_bucket.learned->clockAhead = std::chrono::minutes(20);
    QVERIFY(!begin().isEmpty());
    QVERIFY(std::chrono::abs(m_bucket.learned->clockAhead) < std::chrono::seconds(60));
    QCOMPARE(m_server->count(FakeS3::Ask::Create), 2);
}

void TestS3Ceph::takesAnyRegion()
{
    m_bucket.learned->region = "eu-central-1";
    QVERIFY(!begin().isEmpty());
    QCOMPARE(m_server->count(FakeS3::Ask::Create), 1);
}

void TestS3Ceph::checksTheDigestOfAPart_data()
{
    QTest::addColumn<QByteArray>("digest");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("right MD5") << md5Of("bytes").toBase64() << QByteArray();
    QTest::newRow("other MD5") << md5Of("other").toBase64() << QByteArray("BadDigest");
    QTest::newRow("no MD5") << QByteArray("nonsense") << QByteArray("InvalidDigest");
}

void TestS3Ceph::checksTheDigestOfAPart()
{
    QFETCH(const QByteArray, digest);
    QFETCH(const QByteArray, code);
    const net::HttpReply reply = put(begin(), 1, "bytes", digest);
    QCOMPARE(said(reply).code, code);
    QCOMPARE(reply.status, code.isEmpty() ? 200 : 400);
    if (!code.isEmpty()) {
        QCOMPARE(s3Error(m_bucket, reply).kind, ErrorKind::UploadMismatch);
        QCOMPARE(s3Error(m_bucket, reply).retry.when, RetryAdvice::When::Backoff);
    }
}

void TestS3Ceph::takesPartsOfAnyNumber()
{
    const QByteArray upload = begin();
    QVERIFY(!putPart(upload, 0, "bytes").isEmpty());
    QVERIFY(!putPart(upload, 10'001, "bytes").isEmpty());
}

void TestS3Ceph::replacesAPartThatIsSentAgain()
{
    const QByteArray upload = begin();
    (void)putPart(upload, 1, "first");
    (void)putPart(upload, 1, "second");
    const auto page = s3::parseParts(list(upload).body);
    QVERIFY(page.has_value());
    QCOMPARE(page->parts, (s3::Parts{{1, {6, md5Of("second").toHex()}}}));
}

void TestS3Ceph::refusesWrongEnds_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<ErrorKind>("error");
    const auto row = [](const char *name, const char *code, ErrorKind error) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(code) << error;
    };
    row("stale ETag", "InvalidPart", ErrorKind::UploadMismatch);
    row("missing part", "InvalidPart", ErrorKind::UploadMismatch);
    row("wrong order", "InvalidPart", ErrorKind::UploadMismatch);
    row("some of the parts", "InvalidPart", ErrorKind::UploadMismatch);
    row("small middle part", "EntityTooSmall", ErrorKind::DestinationLimit);
}

void TestS3Ceph::refusesWrongEnds()
{
    QFETCH(const QByteArray, kind);
    QFETCH(const QByteArray, code);
    QFETCH(const ErrorKind, error);
    const QByteArray upload = begin();
    const QByteArray stale = putPart(upload, 1, "old");
    s3::Parts parts;
    parts[1].etag = putPart(upload, 1, kind == "small middle part" ? "new" : noise(smallPart));
    parts[2].etag = putPart(upload, 2, "last");
    if (kind == "stale ETag")
        parts[1].etag = stale;
    if (kind == "missing part")
        parts[3].etag = md5Of("never sent").toHex();
    if (kind == "some of the parts")
        parts.erase(2);
    QByteArray body = s3::completionBody(parts);
    if (kind == "wrong order") {
        const qsizetype second = body.indexOf("<Part>", body.indexOf("<Part>") + 1);
        const qsizetype first = body.indexOf("<Part>");
        const QByteArray one = body.mid(first, second - first);
        body = body.remove(first, one.size());
        body.insert(body.indexOf("</CompleteMultipartUpload>"), one);
    }
    const net::HttpReply reply = complete(upload, body);
    QCOMPARE(reply.status, 400);
    QCOMPARE(said(reply).code, code);
    QCOMPARE(s3UploadError(m_bucket, reply).kind, error);
    QVERIFY(m_server->objects().isEmpty());
}

void TestS3Ceph::completesTwiceAndLeavesTheETagOut()
{
    const QByteArray upload = begin();
    const s3::Parts parts{{1, {5, putPart(upload, 1, "bytes")}}};
    const QByteArray body = s3::completionBody(parts);
    for (int time = 0; time < 2; ++time) {
        const net::HttpReply reply = complete(upload, body);
        QCOMPARE(reply.status, 200);
        QCOMPARE(s3::parseCompletion(reply.body), std::optional(QByteArray("")));
    }
    const auto object = QCoro::waitFor(s3Look(m_bucket, clip, {}));
    QVERIFY(object.has_value() && *object);
    QCOMPARE((*object)->etag, s3::etagOf(parts));
}

// An object that is not there is another thing than an upload that is not.
void TestS3Ceph::forgetsWhatIsCompleteOrAborted()
{
    const QByteArray whole = begin();
    const s3::Parts parts{{1, {5, putPart(whole, 1, "bytes")}}};
    QCOMPARE(complete(whole, s3::completionBody(parts)).status, 200);
    const net::HttpReply late = put(whole, 2, "late", md5Of("late").toBase64());
    const QByteArray aborted = begin();
    S3Request abort("DELETE", clip);
    abort.query = {{"uploadId", aborted}};
    QCOMPARE(ask(std::move(abort)).status, 204);
    const QList<std::pair<net::HttpReply, QByteArray>> replies{{list(whole), "NoSuchKey"},
                                                               {late, "NoSuchUpload"},
                                                               {list(aborted), "NoSuchUpload"},
                                                               {list("bogus"), "NoSuchKey"}};
    for (const auto &[reply, code] : replies) {
        QCOMPARE(reply.status, 404);
        QCOMPARE(said(reply).code, code);
        QCOMPARE(s3UploadError(m_bucket, reply).kind, ErrorKind::UploadExpired);
    }
    QCOMPARE(s3Error(m_bucket, list("bogus")).kind, ErrorKind::Refused);
}

void TestS3Ceph::discardsWhatIsGone_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("complete") << QByteArray();
    QTest::newRow("never known") << QByteArray("bogus");
}

void TestS3Ceph::discardsWhatIsGone()
{
    QFETCH(QByteArray, id);
    if (id.isEmpty()) {
        id = begin();
        const s3::Parts parts{{1, {5, putPart(id, 1, "bytes")}}};
        QCOMPARE(complete(id, s3::completionBody(parts)).status, 200);
    }
    const auto destination = m_fixture.create(m_server->config());
    const QJsonObject state{{QStringLiteral("protocol"), QStringLiteral("s3")},
                            {QStringLiteral("bucket"), QStringLiteral("bucket")},
                            {QStringLiteral("key"), clip},
                            {QStringLiteral("upload"), QString::fromLatin1(id)},
                            {QStringLiteral("grid"), PartGrid::equal(smallPart).toJson()}};
    const auto discarded = QCoro::waitFor(discardUpload(destination.get(), state, {}));
    QVERIFY2(discarded.has_value(), discarded ? "" : qPrintable(discarded.error().detail));
}

QTEST_GUILESS_MAIN(TestS3Ceph)
#include "tst_s3_ceph.moc"
