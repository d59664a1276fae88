// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/s3/s3_reply.h"

#include <QtTest>

using namespace sendoff::transfer;

class TestS3Reply : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsErrors();
    void readsWhoseUploadItIs();
    void readsParts();
    void goesOnWhereThereAreMoreParts();
    void readsUnfinishedUploads();
    void readsTheEnd();
    void refusesWhatIsNotTheDocument_data();
    void refusesWhatIsNotTheDocument();
    void expandsNothingFromOutside();
    void writesTheListOfParts();
    void knowsTheETagOfAWhole();
};

void TestS3Reply::readsErrors()
{
    const auto swift = s3::parseError(
        "<?xml version='1.0' encoding='UTF-8'?>\n<Error><Code>AuthorizationHeaderMalformed</Code>"
        "<Message>wrong</Message><Region>us-east-1</Region><RequestId>tx1</RequestId></Error>");
    QCOMPARE(swift.code, QByteArray("AuthorizationHeaderMalformed"));
    QCOMPARE(swift.region, QByteArray("us-east-1"));
    QCOMPARE(swift.message, QStringLiteral("wrong"));
    // Ceph leaves the message out.
    const auto ceph = s3::parseError("<Error><Code>BadDigest</Code><BucketName>b</BucketName></Error>");
    QCOMPARE(ceph.code, QByteArray("BadDigest"));
    QVERIFY(ceph.message.isEmpty());
    QVERIFY(s3::parseError("<html><body>502</body></html>").code.isEmpty());
    QVERIFY(s3::parseError("").code.isEmpty());
}

void TestS3Reply::readsWhoseUploadItIs()
{
    const auto id = s3::parseUploadId(
        "<?xml version=\"1.0\"?><InitiateMultipartUploadResult "
        "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Bucket>b</Bucket><Key>k</Key>"
        "<UploadId>VXBsb2FkIElE</UploadId></InitiateMultipartUploadResult>");
    QVERIFY(id.has_value());
    QCOMPARE(*id, QByteArray("VXBsb2FkIElE"));
}

void TestS3Reply::readsParts()
{
    const auto page = s3::parseParts(
        "<ListPartsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><UploadId>x</UploadId>"
        "<Initiator><ID>me</ID></Initiator><IsTruncated>false</IsTruncated>"
        "<Part><PartNumber>2</PartNumber><LastModified>2026-11-26T10:00:00.000Z</LastModified>"
        "<ETag>&quot;aaaa&quot;</ETag><Size>5242880</Size></Part>"
        "<Part><PartNumber>7</PartNumber><ETag>bbbb</ETag><Size>9</Size></Part></ListPartsResult>");
    QVERIFY(page.has_value());
    QVERIFY(!page->nextMarker);
    QCOMPARE(page->parts.size(), std::size_t(2));
    QCOMPARE(page->parts.at(2), (s3::Part{5242880, "aaaa"}));
    QCOMPARE(page->parts.at(7), (s3::Part{9, "bbbb"}));
}

void TestS3Reply::goesOnWhereThereAreMoreParts()
{
    const auto with = s3::parseParts(
        "<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>1000"
        "</NextPartNumberMarker><Part><PartNumber>1000</PartNumber><ETag>a</ETag><Size>1</Size>"
        "</Part></ListPartsResult>");
    QVERIFY(with.has_value() && with->nextMarker);
    QCOMPARE(*with->nextMarker, 1000);
    // Servers that leave the marker out.
    const auto without = s3::parseParts(
        "<ListPartsResult><IsTruncated>true</IsTruncated><Part><PartNumber>3</PartNumber>"
        "<ETag>a</ETag><Size>1</Size></Part></ListPartsResult>");
    QVERIFY(without.has_value() && without->nextMarker);
    QCOMPARE(*without->nextMarker, 3);
    // More, but nothing here: it would never end.
    QVERIFY(!s3::parseParts("<ListPartsResult><IsTruncated>true</IsTruncated></ListPartsResult>"));
}

void TestS3Reply::readsUnfinishedUploads()
{
    const auto page = s3::parseUploads(
        "<ListMultipartUploadsResult><Bucket>b</Bucket><NextKeyMarker>k2</NextKeyMarker>"
        "<NextUploadIdMarker>u2</NextUploadIdMarker><IsTruncated>true</IsTruncated>"
        "<Upload><Key>k1</Key><UploadId>u1</UploadId><Initiated>2026-11-26T10:00:00.000Z"
        "</Initiated></Upload></ListMultipartUploadsResult>");
    QVERIFY(page.has_value());
    QCOMPARE(page->uploads.size(), 1);
    QCOMPARE(page->uploads.first().key, QStringLiteral("k1"));
    QCOMPARE(page->uploads.first().since.toSecsSinceEpoch(), 1795687200);
    QVERIFY(page->isTruncated);
    QCOMPARE(page->nextKey, QByteArray("k2"));
    QCOMPARE(page->nextUploadId, QByteArray("u2"));
}

void TestS3Reply::readsTheEnd()
{
    const auto etag = s3::parseCompletion(
        "  \n\n<?xml version='1.0'?>\n<CompleteMultipartUploadResult><ETag>\"abc-2\"</ETag>"
        "</CompleteMultipartUploadResult>");
    QVERIFY(etag.has_value());
    QCOMPARE(*etag, QByteArray("abc-2"));
    const auto ceph = s3::parseCompletion(
        "<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>");
    QVERIFY(ceph.has_value() && ceph->isEmpty());
    QVERIFY(!s3::parseCompletion("<Error><Code>InternalError</Code></Error>"));
}

void TestS3Reply::refusesWhatIsNotTheDocument_data()
{
    QTest::addColumn<QByteArray>("xml");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a page") << QByteArray("<html><body>sign in</body></html>");
    QTest::newRow("cut") << QByteArray("<ListPartsResult><Part><PartNumber>1</PartNumber>");
    QTest::newRow("no number") << QByteArray(
        "<ListPartsResult><Part><PartNumber>x</PartNumber><ETag>a</ETag><Size>1</Size></Part>"
        "</ListPartsResult>");
    QTest::newRow("part 0") << QByteArray(
        "<ListPartsResult><Part><PartNumber>0</PartNumber><ETag>a</ETag><Size>1</Size></Part>"
        "</ListPartsResult>");
    QTest::newRow("negative size") << QByteArray(
        "<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>a</ETag><Size>-1</Size></Part>"
        "</ListPartsResult>");
    QTest::newRow("no ETag") << QByteArray(
        "<ListPartsResult><Part><PartNumber>1</PartNumber><Size>1</Size></Part></ListPartsResult>");
}

void TestS3Reply::refusesWhatIsNotTheDocument()
{
    QFETCH(const QByteArray, xml);
    QVERIFY(!s3::parseParts(xml));
    QVERIFY(!s3::parseUploads(xml));
    QVERIFY(!s3::parseUploadId(xml));
    QVERIFY(!s3::parseCompletion(xml));
}

void TestS3Reply::expandsNothingFromOutside()
{
    const auto error = s3::parseError(
        "<!DOCTYPE Error [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
        "<Error><Code>&x;</Code></Error>");
    QVERIFY(!error.code.contains("root"));
    QByteArray bomb = "<!DOCTYPE Error [<!ENTITY a \"0123456789\">";
    for (char name = 'b'; name < 'm'; ++name)
        bomb += QByteArray("<!ENTITY ") + name + " \""
            + QByteArray("&x;").replace('x', char(name - 1)).repeated(10) + "\">";
    bomb += "]><Error><Code>&l;</Code></Error>";
    QVERIFY(s3::parseError(bomb).code.isEmpty());
}

void TestS3Reply::writesTheListOfParts()
{
    const s3::Parts parts{{2, {1, "bb"}}, {1, {1, "aa"}}};
    QCOMPARE(s3::completionBody(parts),
             QByteArray("<CompleteMultipartUpload "
                        "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        "<Part><PartNumber>1</PartNumber><ETag>&quot;aa&quot;</ETag></Part>"
                        "<Part><PartNumber>2</PartNumber><ETag>&quot;bb&quot;</ETag></Part>"
                        "</CompleteMultipartUpload>"));
}

void TestS3Reply::knowsTheETagOfAWhole()
{
    const QByteArray one = QCryptographicHash::hash("one", QCryptographicHash::Md5);
    const QByteArray two = QCryptographicHash::hash("two", QCryptographicHash::Md5);
    const s3::Parts parts{{1, {3, one.toHex()}}, {2, {3, two.toHex()}}};
    QCOMPARE(s3::etagOf(parts),
             QCryptographicHash::hash(one + two, QCryptographicHash::Md5).toHex() + "-2");
    QVERIFY(s3::etagOf({{1, {3, "not-an-md5"}}}).isEmpty());
}

QTEST_APPLESS_MAIN(TestS3Reply)
#include "tst_s3_reply.moc"
