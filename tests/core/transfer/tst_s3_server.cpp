// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a real S3 server (OpenStack Swift) answers to what can go wrong, and what we make of it: the
// table of faults, row by row. Whole uploads to it are in the contract.
#include "core/transfer/s3/s3_leftovers.h"
#include "core/transfer/s3/s3_plan.h"
#include "core/transfer/s3/s3_upload.h"
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "tests/core/transfer/s3_server_lab.h"

#include <QCryptographicHash>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

QByteArray md5Of(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Md5);
}

} // namespace

class TestS3Server : public S3ServerLab {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startServer(); }
    void init() { makeBucket(); }

    void refusesWrongKeys_data();
    void refusesWrongKeys();
    void toleratesAClockThatIsOff();
    void namesTheRightRegion();
    void checksTheDigestOfAPart_data();
    void checksTheDigestOfAPart();
    void refusesPartsOutOfRange();
    void replacesAPartThatIsSentAgain();
    void saysThatThereIsNoBucket();
    void doesNotOverwriteWhatCameMeanwhile();
    void sendsAGrowingFileInParts();
    void listsAndRemovesLeftovers();
    void givesALinkThatOpens();
};

void TestS3Server::refusesWrongKeys_data()
{
    QTest::addColumn<QByteArray>("accessKey");
    QTest::addColumn<QByteArray>("secretKey");
    QTest::newRow("wrong secret") << QByteArray(SwiftServerProcess::accessKey) << QByteArray("x");
    QTest::newRow("unknown key") << QByteArray("test:nobody")
                                 << QByteArray(SwiftServerProcess::secretKey);
}

void TestS3Server::refusesWrongKeys()
{
    QFETCH(const QByteArray, accessKey);
    QFETCH(const QByteArray, secretKey);
    m_bucket.keys = {accessKey, secretKey, {}};
    S3Request request("POST", QStringLiteral("clip.mp4"));
    request.query = {{"uploads", ""}};
    const net::HttpReply reply = ask(std::move(request));
    QCOMPARE(reply.status, 403);
    QCOMPARE(codeOf(reply), QByteArray("SignatureDoesNotMatch")); // to both
    QCOMPARE(s3Error(m_bucket, reply).kind, ErrorKind::SignInNeeded);
    // The look before it has no body to say so; it finds out.
    const auto look = QCoro::waitFor(s3Look(m_bucket, QStringLiteral("clip.mp4"), {}));
    QVERIFY(!look.has_value());
    QCOMPARE(look.error().kind, ErrorKind::SignInNeeded);
}

// Issue: aws/aws-cli#1065, boto/boto3#3893: RequestTimeTooSkewed.
void TestS3Server::toleratesAClockThatIsOff()
{
    m_bucket.learned->clockAhead = std::chrono::minutes(20);
    S3Request request("POST", QStringLiteral("clip.mp4"));
    request.query = {{"uploads", ""}};
    QCOMPARE(ask(std::move(request)).status, 200);
    QVERIFY(std::chrono::abs(m_bucket.learned->clockAhead) < std::chrono::seconds(60));
}

void TestS3Server::namesTheRightRegion()
{
    m_bucket.learned->region = "eu-central-1";
    S3Request request("POST", QStringLiteral("clip.mp4"));
    request.query = {{"uploads", ""}};
    QCOMPARE(ask(std::move(request)).status, 200);
    QCOMPARE(m_bucket.learned->region, QByteArray(SwiftServerProcess::region));
    // A look is answered without a body.
    m_bucket.learned->region = "eu-central-1";
    const auto look = QCoro::waitFor(s3Look(m_bucket, QStringLiteral("clip.mp4"), {}));
    QVERIFY(look.has_value() && !*look);
}

// Issue: aws/aws-sdk-js-v3#6810, aws/aws-cli#9214: checksums of Amazon's own break other servers. Ours
// is Content-MD5, which all of them check.
void TestS3Server::checksTheDigestOfAPart_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("right MD5") << QByteArray("Content-MD5") << md5Of("bytes").toBase64() << 200
                               << QByteArray();
    QTest::newRow("other MD5") << QByteArray("Content-MD5") << md5Of("other").toBase64() << 400
                               << QByteArray("BadDigest");
    QTest::newRow("no MD5") << QByteArray("Content-MD5") << QByteArray("nonsense") << 400
                            << QByteArray("InvalidDigest");
    QTest::newRow("wrong crc32c: ignored") << QByteArray("x-amz-checksum-crc32c")
                                           << QByteArray("AAAAAA==") << 200 << QByteArray();
}

void TestS3Server::checksTheDigestOfAPart()
{
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, value);
    QFETCH(const int, status);
    QFETCH(const QByteArray, code);
    S3Request request("PUT", QStringLiteral("clip.mp4"));
    request.query = {{"uploadId", begin()}, {"partNumber", "1"}};
    request.headers.append(net::Header(header, value));
    request.body = net::RequestBody("bytes");
    const net::HttpReply reply = ask(std::move(request));
    QCOMPARE(reply.status, status);
    QCOMPARE(codeOf(reply), code);
    if (status != 200) {
        QCOMPARE(s3Error(m_bucket, reply).kind, ErrorKind::UploadMismatch);
        QCOMPARE(s3Error(m_bucket, reply).retry.when, RetryAdvice::When::Backoff);
    }
}

void TestS3Server::refusesPartsOutOfRange()
{
    const QByteArray upload = begin();
    for (const char *number : {"0", "10001"}) {
        S3Request request("PUT", QStringLiteral("clip.mp4"));
        request.query = {{"uploadId", upload}, {"partNumber", number}};
        request.body = net::RequestBody("bytes");
        const net::HttpReply reply = ask(std::move(request));
        QCOMPARE(reply.status, 400);
        QCOMPARE(codeOf(reply), QByteArray("InvalidArgument"));
    }
}

void TestS3Server::replacesAPartThatIsSentAgain()
{
    const QByteArray upload = begin();
    const QByteArray first = putPart(upload, 1, "first");
    const QByteArray second = putPart(upload, 1, "second");
    QVERIFY(first != second);
    QCOMPARE(complete(upload, {{1, {6, second}}}).status, 200);
    QCOMPARE(m_server.object(m_bucket.bucket, QStringLiteral("clip.mp4")), QByteArray("second"));
}

void TestS3Server::saysThatThereIsNoBucket()
{
    auto nowhere = config();
    nowhere.options.insert(QStringLiteral("bucket"), QStringLiteral("nobodys-bucket"));
    const auto destination = m_fixture->create(nowhere);
    const FilePath file = m_fixture->write(QStringLiteral("source"), "bytes");
    const auto result =
        m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(file)));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::DestinationInvalid);
    QVERIFY(describe(result.error()).sentence().contains(QStringLiteral("bucket")));
}

void TestS3Server::doesNotOverwriteWhatCameMeanwhile()
{
    const FilePath file = m_fixture->write(QStringLiteral("source"), "ours");
    const auto destination = m_fixture->create(config());
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    const auto keep = request.saveState;
    bool isFirst = true;
    request.saveState = [&](QJsonObject state) {
        if (std::exchange(isFirst, false)) { // the key was free when it was chosen
            const QByteArray upload = begin();
            (void)complete(upload, {{1, {6, putPart(upload, 1, "theirs")}}});
        }
        return keep(std::move(state));
    };
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY(result.has_value());
    QCOMPARE(m_server.object(m_bucket.bucket, QStringLiteral("clip.mp4")), QByteArray("theirs"));
    QCOMPARE(m_server.object(m_bucket.bucket, QStringLiteral("clip (2).mp4")), QByteArray("ours"));
    // Nothing unfinished is left.
    QVERIFY(QCoro::waitFor(s3Leftovers(m_bucket, {}, {}))->isEmpty());
}

void TestS3Server::sendsAGrowingFileInParts()
{
    const QByteArray bytes = noise(20'000'000);
    const FilePath file = m_fixture->write(QStringLiteral("source"), bytes);
    auto feed = std::make_shared<OutputFeed>();
    feed->begin(file, 1000); // its head comes last
    feed->seal({1000, 9'000'000});
    const auto destination = m_fixture->create(config());
    auto request = m_fixture->request(std::make_shared<ByteSource>(feed));
    const auto progress = request.progress;
    QTimer writer;
    int step = 0;
    connect(&writer, &QTimer::timeout, [&] {
        if (step == 0)
            feed->seal({9'000'000, 17'000'000});
        // Two more parts are whole now; the first waits for its head.
        else if (progress->confirmed >= 2 * transfer::s3SmallestPart && step > 0)
            feed->complete(bytes.size(), sha256Of(bytes));
        ++step;
    });
    writer.start(20);
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), qPrintable(result ? QString() : result.error().detail));
    QVERIFY(m_server.object(m_bucket.bucket, QStringLiteral("clip.mp4")) == bytes);
}

void TestS3Server::listsAndRemovesLeftovers()
{
    const QByteArray upload = begin();
    (void)putPart(upload, 1, "bytes");
    const auto destination = m_fixture->create(config());
    const auto found = QCoro::waitFor(destination->leftovers({}));
    QVERIFY(found.has_value());
    QCOMPARE(found->size(), 1);
    QCOMPARE(found->first().name, QStringLiteral("clip.mp4"));
    QVERIFY(found->first().since.isValid());
    const auto removed =
        QCoro::waitFor(discardUpload(destination.get(), found->first().resumeState, {}));
    QVERIFY(removed.has_value());
    QVERIFY(QCoro::waitFor(destination->leftovers({}))->isEmpty());
}

void TestS3Server::givesALinkThatOpens()
{
    const FilePath file = m_fixture->write(QStringLiteral("source"), "bytes");
    const auto destination = m_fixture->create(config());
    const auto result =
        m_fixture->upload(*destination, m_fixture->request(m_fixture->sourceOf(file)));
    QVERIFY(result.has_value());
    const QUrl link = result->delivery.link;
    QCOMPARE(result->delivery.verifiedBy, QStringLiteral("size+etag"));
    const auto fetch = [this](const QUrl &url) {
        return QCoro::waitFor(m_fixture->network().send(net::HttpRequest("GET", url), {}));
    };
    QCOMPARE(fetch(link)->body, QByteArray("bytes"));
    QUrl unsignedLink = link;
    unsignedLink.setQuery(QString());
    // Swift takes a request without a signature for one to its own interface: 400; Amazon's says 403.
    const auto withoutSignature = fetch(unsignedLink);
    QVERIFY(withoutSignature->status == 400 || withoutSignature->status == 403);
    QVERIFY(!withoutSignature->body.contains("bytes"));
    QByteArray other = link.toEncoded();
    const qsizetype signature = other.indexOf("X-Amz-Signature=") + 16;
    other[signature] = other[signature] == '0' ? '1' : '0';
    QCOMPARE(fetch(QUrl::fromEncoded(other))->status, 403); // it is the signature that opens it
}

QTEST_GUILESS_MAIN(TestS3Server)
#include "tst_s3_server.moc"
