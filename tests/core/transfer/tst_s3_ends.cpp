// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a multipart upload to a real S3 server (OpenStack Swift): what it refuses, what it takes
// twice, and what it still knows afterwards.
#include "core/transfer/uploader.h"

#include "core/base/error_text.h"
#include "core/transfer/s3/sigv4.h"
#include "tests/core/transfer/s3_server_lab.h"

#include <QCryptographicHash>
#include <QtTest>

using namespace sendoff;
using namespace sendoff::test;
using namespace sendoff::transfer;

namespace {

constexpr qint64 smallPart = 5 << 20;

QByteArray md5Of(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Md5);
}

} // namespace

class TestS3Ends : public S3ServerLab {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startServer(); }
    void init() { makeBucket(); }
    void refusesWrongEnds_data();
    void refusesWrongEnds();
    void completesWithSomeOfTheParts();
    void completesTwice();
    void answersOfAnUploadThatIsComplete();
    void forgetsWhatIsAborted();
    void checksTheSignedHashOfABody();
    void aRestoredUploadIsNeitherEmptyNorForEver();

private:
    net::HttpReply completeBackwards(const QByteArray &upload);
};

// Two parts in the wrong order: the body of a right end, turned round.
net::HttpReply TestS3Ends::completeBackwards(const QByteArray &upload)
{
    const QByteArray first = putPart(upload, 1, noise(smallPart));
    const QByteArray second = putPart(upload, 2, "last");
    S3Request request("POST", QStringLiteral("clip.mp4"));
    request.query = {{"uploadId", upload}};
    request.body = net::RequestBody(
        "<CompleteMultipartUpload>"
        "<Part><PartNumber>2</PartNumber><ETag>" + second + "</ETag></Part>"
        "<Part><PartNumber>1</PartNumber><ETag>" + first + "</ETag></Part>"
        "</CompleteMultipartUpload>");
    return ask(std::move(request));
}

void TestS3Ends::refusesWrongEnds_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<ErrorKind>("error");
    QTest::newRow("stale ETag") << QByteArray("stale") << QByteArray("InvalidPart")
                                << ErrorKind::UploadMismatch;
    QTest::newRow("missing part") << QByteArray("missing") << QByteArray("InvalidPart")
                                  << ErrorKind::UploadMismatch;
    QTest::newRow("wrong order") << QByteArray("order") << QByteArray("InvalidPartOrder")
                                 << ErrorKind::ProtocolViolation;
    QTest::newRow("small middle part") << QByteArray("small") << QByteArray("EntityTooSmall")
                                       << ErrorKind::DestinationLimit;
}

void TestS3Ends::refusesWrongEnds()
{
    QFETCH(const QByteArray, kind);
    QFETCH(const QByteArray, code);
    QFETCH(const ErrorKind, error);
    const QByteArray upload = begin();
    const QByteArray stale = putPart(upload, 1, "old");
    s3::Parts parts{{1, {5, putPart(upload, 1, "small")}}};
    if (kind == "stale")
        parts[1].etag = stale;
    if (kind == "missing")
        parts[2] = {5, md5Of("never sent").toHex()};
    if (kind == "small")
        parts[2] = {5, putPart(upload, 2, "other")};
    const net::HttpReply reply = kind == "order" ? completeBackwards(upload) : complete(upload, parts);
    QCOMPARE(codeOf(reply), code);
    QCOMPARE(s3Error(m_bucket, s3::parseError(reply.body), reply).kind, error);
    QVERIFY(m_server.keys(m_bucket.bucket).isEmpty());
}

void TestS3Ends::completesWithSomeOfTheParts()
{
    const QByteArray upload = begin();
    const QByteArray first = putPart(upload, 1, noise(smallPart));
    (void)putPart(upload, 2, "left out");
    QCOMPARE(complete(upload, {{1, {smallPart, first}}}).status, 200);
    QCOMPARE(m_server.object(m_bucket.bucket, QStringLiteral("clip.mp4")), noise(smallPart));
}

void TestS3Ends::completesTwice()
{
    const QByteArray upload = begin();
    const s3::Parts parts{{1, {5, putPart(upload, 1, "bytes")}}};
    const auto first = s3::parseCompletion(complete(upload, parts).body);
    const auto second = s3::parseCompletion(complete(upload, parts).body);
    QVERIFY(first && second);
    QCOMPARE(*first, *second);
    QCOMPARE(*first, s3::etagOf(parts));
}

void TestS3Ends::forgetsWhatIsAborted()
{
    const QByteArray upload = begin();
    (void)putPart(upload, 1, "bytes");
    S3Request abort("DELETE", QStringLiteral("clip.mp4"));
    abort.query = {{"uploadId", upload}};
    QCOMPARE(ask(std::move(abort)).status, 204);
    for (const QByteArray &id : {upload, QByteArray("bogus")}) {
        S3Request list("GET", QStringLiteral("clip.mp4"));
        list.query = {{"uploadId", id}};
        const net::HttpReply reply = ask(std::move(list));
        QCOMPARE(reply.status, 404);
        QCOMPARE(s3Error(m_bucket, reply).kind, ErrorKind::UploadExpired);
    }
}

// It goes on listing and taking parts of what is complete: nothing is concluded from that. (Ceph
// answers 404 to both.)
void TestS3Ends::answersOfAnUploadThatIsComplete()
{
    const QByteArray upload = begin();
    const s3::Parts parts{{1, {5, putPart(upload, 1, "bytes")}}};
    QCOMPARE(complete(upload, parts).status, 200);
    S3Request list("GET", QStringLiteral("clip.mp4"));
    list.query = {{"uploadId", upload}};
    QCOMPARE(ask(std::move(list)).status, 200);
    S3Request put("PUT", QStringLiteral("clip.mp4"));
    put.query = {{"uploadId", upload}, {"partNumber", "2"}};
    put.body = net::RequestBody("late");
    QCOMPARE(ask(std::move(put)).status, 200);
    QCOMPARE(m_server.object(m_bucket.bucket, QStringLiteral("clip.mp4")), QByteArray("bytes"));
}

// Ours are signed without it and carry Content-MD5 instead, so this is signed by hand.
void TestS3Ends::checksTheSignedHashOfABody()
{
    const QByteArray hash = QCryptographicHash::hash("other", QCryptographicHash::Sha256).toHex();
    sigv4::Scope scope;
    scope.region = SwiftServerProcess::region;
    scope.time = m_bucket.now();
    sigv4::Request signable;
    signable.method = "PUT";
    signable.path = sigv4::encodePath('/' + m_bucket.bucket.toUtf8() + "/clip.mp4");
    signable.query = {{"partNumber", "1"}, {"uploadId", begin()}};
    QUrl url = m_server.endpoint();
    signable.headers = {{"Host", url.authority().toUtf8()},
                        {"X-Amz-Content-Sha256", hash},
                        {"X-Amz-Date", sigv4::amzDate(scope.time)}};
    signable.payloadHash = hash;
    url = QUrl::fromEncoded(url.toEncoded(QUrl::RemovePath) + signable.path + '?'
                            + sigv4::encodeQuery(signable.query));
    net::HttpRequest request("PUT", url);
    for (const auto &[name, value] : signable.headers)
        request.headers.append(net::Header(name, value));
    request.headers.append(net::Header(
        "Authorization", sigv4::authorization(signable, scope, m_bucket.keys)));
    request.body = net::RequestBody("bytes");
    const auto sent = QCoro::waitFor(m_fixture->network().send(std::move(request), {}));
    QVERIFY(sent.has_value());
    const net::HttpReply reply = *sent;
    QCOMPARE(reply.status, 400);
    QCOMPARE(codeOf(reply), QByteArray("BadDigest"));
    QCOMPARE(s3Error(m_bucket, reply).kind, ErrorKind::UploadMismatch);
}

// Issue: transloadit/uppy#5961, #5230, #4985: a restored multipart upload hangs, or is completed as
// an object of no bytes. Issue: rclone/rclone#87, aws/aws-cli#1425, s3tools/s3cmd#362: none is
// restored. Issue: tus/tusd#1137: parts of another size after a restart. Issue: iterate-ch/cyberduck#13706, #17085, #18304: resumed from 0 %, under a second id.
void TestS3Ends::aRestoredUploadIsNeitherEmptyNorForEver()
{
    const QByteArray bytes = noise(20'000'001);
    const FilePath file = m_fixture->write(QStringLiteral("source"), bytes);
    DestinationConfig equal = config();
    equal.options.insert(QStringLiteral("equal_parts"), QStringLiteral("1"));
    const auto destination = m_fixture->create(equal);
    QJsonObject state;
    {
        auto request = m_fixture->request(m_fixture->sourceOf(file));
        std::stop_source stop;
        QTimer watch;
        connect(&watch, &QTimer::timeout, [&, progress = request.progress] {
            if (progress->confirmed > 0)
                stop.request_stop();
        });
        watch.start(1);
        const auto stopped =
            m_fixture->upload(*destination, std::move(request), stop.get_token());
        QVERIFY(!stopped.has_value());
        state = m_fixture->states.last();
    }
    auto request = m_fixture->request(m_fixture->sourceOf(file));
    request.resumeState = state;
    const auto result = m_fixture->upload(*destination, std::move(request));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().detail));
    QCOMPARE(result->receipt[u"upload"], state[u"upload"]); // the same one
    QCOMPARE(result->receipt[u"grid"], state[u"grid"]); // and the same parts
    QCOMPARE(state[u"grid"].toArray().size(), 1);
    QVERIFY(result->resentBytes <= 8 << 20); // what was on its way
    QVERIFY(m_server.object(m_bucket.bucket, QStringLiteral("clip.mp4")) == bytes);
    QVERIFY(QCoro::waitFor(destination->leftovers({}))->isEmpty()); // and no second one
}

QTEST_GUILESS_MAIN(TestS3Ends)
#include "tst_s3_ends.moc"
