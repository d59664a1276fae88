// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where a bucket is: in the path or in the host, at Amazon or elsewhere; and that this is what is
// asked, signed and given away as a link.
#include "core/transfer/s3/s3_bucket.h"
#include "core/transfer/uploader.h"

#include "tests/core/transfer/fake_s3.h"
#include "tests/core/transfer/fake_s3_requests.h"
#include "tests/core/transfer/transfer_fixture.h"

#include <QUrlQuery>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

S3Bucket bucketAt(const QString &endpoint, const QByteArray &region, bool isPathStyle)
{
    S3Bucket bucket;
    bucket.endpoint = QUrl(endpoint);
    bucket.bucket = QStringLiteral("bucket");
    bucket.isPathStyle = isPathStyle;
    bucket.keys = {"key", "secret", {}};
    bucket.learned = std::make_shared<S3Bucket::Learned>();
    bucket.learned->region = region;
    return bucket;
}

// The signature that a link for `host` has to have.
QByteArray signatureOf(const QUrl &link, const QByteArray &host, const S3Bucket &bucket)
{
    sigv4::Request request;
    request.method = "GET";
    request.path = link.path(QUrl::FullyEncoded).toUtf8();
    const auto items = QUrlQuery(link).queryItems(QUrl::FullyDecoded);
    sigv4::Scope scope;
    scope.region = bucket.learned->region;
    for (const auto &[name, value] : items) {
        if (name == u"X-Amz-Date")
            scope.time = std::chrono::sys_seconds(
                std::chrono::seconds(amzTime(value.toLatin1()).toSecsSinceEpoch()));
        if (name != u"X-Amz-Signature")
            request.query.append({name.toUtf8(), value.toUtf8()});
    }
    request.headers = {{"Host", host}};
    request.payloadHash = sigv4::unsignedPayload;
    return sigv4::signature(request, scope, bucket.keys);
}

} // namespace

class TestS3Address : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsWhereAnObjectLies_data();
    void knowsWhereAnObjectLies();
    void signsALinkForItsHost_data() { knowsWhereAnObjectLies_data(); }
    void signsALinkForItsHost();
    void sendsToTheHostOfTheBucket();
    void followsTheRegionAtAmazon();
};

void TestS3Address::knowsWhereAnObjectLies_data()
{
    QTest::addColumn<QString>("endpoint");
    QTest::addColumn<QByteArray>("region");
    QTest::addColumn<bool>("isPathStyle");
    QTest::addColumn<QByteArray>("address");
    const auto row = [](const char *name, const char *endpoint, const char *region,
                        bool isPathStyle, const char *address) {
        QTest::newRow(name) << QString::fromUtf8(endpoint) << QByteArray(region) << isPathStyle
                            << QByteArray(address);
    };
    row("Amazon", "", "us-east-1", false,
        "https://bucket.s3.us-east-1.amazonaws.com/a%20film%20%282%29.mp4");
    row("Amazon, another region", "", "eu-central-1", false,
        "https://bucket.s3.eu-central-1.amazonaws.com/a%20film%20%282%29.mp4");
    row("Amazon in China", "", "cn-north-1", false,
        "https://bucket.s3.cn-north-1.amazonaws.com.cn/a%20film%20%282%29.mp4");
    row("Amazon, in the path", "", "us-east-1", true,
        "https://s3.us-east-1.amazonaws.com/bucket/a%20film%20%282%29.mp4");
    row("another service", "https://account.r2.cloudflarestorage.com", "auto", false,
        "https://bucket.account.r2.cloudflarestorage.com/a%20film%20%282%29.mp4");
    row("the usual port", "https://s3.example:443", "us-east-1", false,
        "https://bucket.s3.example/a%20film%20%282%29.mp4");
    row("another port", "http://s3.example:9000", "us-east-1", false,
        "http://bucket.s3.example:9000/a%20film%20%282%29.mp4");
    row("a number", "http://127.0.0.1:9000", "us-east-1", true,
        "http://127.0.0.1:9000/bucket/a%20film%20%282%29.mp4");
    row("a long number", "http://[::1]:9000", "us-east-1", true,
        "http://[::1]:9000/bucket/a%20film%20%282%29.mp4");
}

void TestS3Address::knowsWhereAnObjectLies()
{
    QFETCH(const QString, endpoint);
    QFETCH(const QByteArray, region);
    QFETCH(const bool, isPathStyle);
    QFETCH(const QByteArray, address);
    const S3Bucket bucket = bucketAt(endpoint, region, isPathStyle);
    QCOMPARE(s3Address(bucket, QStringLiteral("a film (2).mp4")).toEncoded(), address);
}

void TestS3Address::signsALinkForItsHost()
{
    QFETCH(const QString, endpoint);
    QFETCH(const QByteArray, region);
    QFETCH(const bool, isPathStyle);
    QFETCH(const QByteArray, address);
    const S3Bucket bucket = bucketAt(endpoint, region, isPathStyle);
    const std::chrono::sys_seconds time(std::chrono::seconds(1'795'000'000));
    const QUrl link = s3Link(bucket, QStringLiteral("a film (2).mp4"), time);
    QCOMPARE(link.toEncoded(QUrl::RemoveQuery), address);
    const QUrlQuery query(link);
    QVERIFY(query.queryItemValue(QStringLiteral("X-Amz-Credential"), QUrl::FullyDecoded)
                .endsWith(QString::fromLatin1('/' + region + "/s3/aws4_request")));
    QCOMPARE(query.queryItemValue(QStringLiteral("X-Amz-SignedHeaders")), QStringLiteral("host"));
    const QByteArray host = QUrl::fromEncoded(address).authority(QUrl::FullyEncoded).toUtf8();
    QCOMPARE(query.queryItemValue(QStringLiteral("X-Amz-Signature")).toUtf8(),
             signatureOf(link, host, bucket));
}

// The double refuses what is not signed for the host and the target that arrive.
void TestS3Address::sendsToTheHostOfTheBucket()
{
    TransferFixture fixture;
    FakeS3 server;
    DestinationConfig config = server.config();
    config.options.insert(QStringLiteral("endpoint"),
                          server.server().url(QString(), QStringLiteral("localhost")).toString());
    config.options.insert(QStringLiteral("path_style"), QStringLiteral("0"));
    config.options.insert(QStringLiteral("prefix"), QStringLiteral("my videos/"));
    const auto destination = fixture.create(config);
    const QByteArray host = "bucket.localhost:" + QByteArray::number(server.server().port());
    QCOMPARE(destination->server().toEncoded(), QByteArray("http://" + host + "/"));
    const FilePath file = fixture.write(QStringLiteral("source"), noise(9 << 20));
    const auto result = fixture.upload(*destination, fixture.request(fixture.sourceOf(file)));
    QVERIFY2(result.has_value(), qPrintable(outcomeOf(result)));
    QCOMPARE(server.objects().keys(), QList<QByteArray>{"my videos/clip.mp4"});
    const QList<ReceivedRequest> requests = server.server().requests();
    QVERIFY(!requests.isEmpty());
    for (const ReceivedRequest &request : requests) {
        QCOMPARE(request.header("Host"), host);
        QCOMPARE(request.target.split('?').first(), QByteArray("/my%20videos/clip.mp4"));
    }
    const QUrl link = result->delivery.link;
    QCOMPARE(link.toEncoded(QUrl::RemoveQuery),
             QByteArray("http://" + host + "/my%20videos/clip.mp4"));
    QVERIFY(QCoro::waitFor(destination->leftovers({})).has_value());
    QCOMPARE(server.server().requests().last().target.split('?').first(), QByteArray("/"));
}

void TestS3Address::followsTheRegionAtAmazon()
{
    const S3Bucket bucket = bucketAt({}, "us-east-1", false);
    bucket.learned->region = "ap-south-2"; // what a reply told
    QCOMPARE(s3Address(bucket, {}).host(), QStringLiteral("bucket.s3.ap-south-2.amazonaws.com"));
}

QTEST_GUILESS_MAIN(TestS3Address)
#include "tst_s3_address.moc"
