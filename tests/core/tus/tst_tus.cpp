// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tus/tus.h"

#include <QTest>

#include <limits>

using namespace sendoff;
using namespace Qt::StringLiterals;

class TusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsByteCounts_data();
    void readsByteCounts();
    void wantsExactlyOneHeader();
    void deferLengthIsOne();
    void readsLists();
    void readsMetadata_data();
    void readsMetadata();
    void refusesBadMetadata_data();
    void refusesBadMetadata();
    void writesMetadata();
    void readsChecksums();
    void refusesBadChecksums_data();
    void refusesBadChecksums();
    void readsConcatenation();
    void resolvesLocations_data();
    void resolvesLocations();
};

void TusTest::readsByteCounts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("expected"); // -1: refused
    QTest::newRow("zero") << "0"_qba << qint64(0);
    QTest::newRow("a number") << "1234567890123"_qba << qint64(1234567890123);
    QTest::newRow("leading zeros") << "007"_qba << qint64(7);
    QTest::newRow("the largest") << "9223372036854775807"_qba << std::numeric_limits<qint64>::max();
    QTest::newRow("one more than the largest") << "9223372036854775808"_qba << qint64(-1);
    QTest::newRow("far more") << QByteArray(400, '9') << qint64(-1);
    QTest::newRow("zeros without end") << QByteArray(400, '0') << qint64(0);
    QTest::newRow("empty") << QByteArray() << qint64(-1);
    QTest::newRow("minus") << "-1"_qba << qint64(-1);
    QTest::newRow("plus") << "+1"_qba << qint64(-1);
    QTest::newRow("space before") << " 1"_qba << qint64(-1);
    QTest::newRow("space after") << "1 "_qba << qint64(-1);
    QTest::newRow("hexadecimal") << "0x10"_qba << qint64(-1);
    QTest::newRow("exponent") << "1e3"_qba << qint64(-1);
    QTest::newRow("fraction") << "1.0"_qba << qint64(-1);
    QTest::newRow("two joined headers") << "5, 5"_qba << qint64(-1);
    QTest::newRow("Arabic digits") << QByteArray("\xd9\xa1") << qint64(-1);
    QTest::newRow("a zero byte") << QByteArray("1\0", 2) << qint64(-1);
}

void TusTest::readsByteCounts()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, expected);
    QCOMPARE(tus::parseByteCount(QByteArrayView(text)).value_or(-1), expected);
    QCOMPARE(tus::parseByteCount(QList<QByteArray>{text}).value_or(-1), expected);
}

void TusTest::wantsExactlyOneHeader()
{
    QVERIFY(!tus::parseByteCount(QList<QByteArray>{}));
    QVERIFY(!tus::parseByteCount(QList<QByteArray>{"5", "5"}));
    QVERIFY(!tus::parseByteCount(QList<QByteArray>{"5", "6"}));
}

void TusTest::deferLengthIsOne()
{
    QVERIFY(tus::isDeferLength("1"));
    for (const char *text : {"", "0", "2", "true", "01", " 1", "1 "})
        QVERIFY2(!tus::isDeferLength(text), text);
}

void TusTest::readsLists()
{
    const QList<QByteArray> items{"creation", "creation-with-upload", "checksum"};
    QCOMPARE(tus::parseList("creation,creation-with-upload,checksum"), items);
    QCOMPARE(tus::parseList(" creation , creation-with-upload,\t,checksum,"), items);
    QCOMPARE(tus::parseList(tus::formatList(items)), items);
    QCOMPARE(tus::parseList(""), QList<QByteArray>());
    QCOMPARE(tus::parseList(" , "), QList<QByteArray>());
    QVERIFY(tus::listHas("1.0.0,0.2.2", tus::protocolVersion));
    QVERIFY(!tus::listHas("creation-with-upload", tus::extension::creation));
    QVERIFY(!tus::listHas("", ""));
}

void TusTest::readsMetadata_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<tus::Metadata>("expected");
    QTest::newRow("the spec's example")
        << "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential"_qba
        << tus::Metadata{{"filename", "world_domination_plan.pdf"}, {"is_confidential", ""}};
    QTest::newRow("empty header") << ""_qba << tus::Metadata{};
    QTest::newRow("an empty value with its space") << "note "_qba << tus::Metadata{{"note", ""}};
    QTest::newRow("space around pairs")
        << " a YQ== , b Yg== "_qba << tus::Metadata{{"a", "a"}, {"b", "b"}};
    QTest::newRow("bytes that are no text")
        << "x AP8K"_qba << tus::Metadata{{"x", QByteArray("\0\xff\n", 3)}};
    QTest::newRow("keys differ by case")
        << "A YQ==,a Yg=="_qba << tus::Metadata{{"A", "a"}, {"a", "b"}};
}

void TusTest::readsMetadata()
{
    QFETCH(QByteArray, text);
    QFETCH(tus::Metadata, expected);
    QCOMPARE(tus::parseMetadata(text), std::optional(expected));
}

void TusTest::refusesBadMetadata_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no base64") << "filename not*base64"_qba;
    QTest::newRow("no padding") << "filename YQ"_qba;
    QTest::newRow("base64url") << "filename __79"_qba;
    QTest::newRow("line break inside") << "filename YWFh\nYWFh"_qba;
    QTest::newRow("two spaces") << "filename  YQ=="_qba;
    QTest::newRow("two values") << "filename YQ== YQ=="_qba;
    QTest::newRow("the same key twice") << "a YQ==,a Yg=="_qba;
    QTest::newRow("an empty pair") << "a YQ==,,b Yg=="_qba;
    QTest::newRow("a comma at the end") << "a YQ==,"_qba;
    QTest::newRow("only a comma") << ","_qba;
    QTest::newRow("a key outside of ASCII") << QByteArray("\xc3\xa4 YQ==");
    QTest::newRow("a control character in the key") << "a\x01 YQ=="_qba;
}

void TusTest::refusesBadMetadata()
{
    QFETCH(QByteArray, text);
    QVERIFY(!tus::parseMetadata(text).has_value());
}

void TusTest::writesMetadata()
{
    const tus::Metadata metadata{
        {"filename", QByteArray("a, b; \"c\"\r\n\xff.mp4")}, {"filetype", "video/mp4"}, {"x", ""}};
    const std::optional<QByteArray> text = tus::formatMetadata(metadata);
    QVERIFY(text.has_value());
    QVERIFY(!text->contains('\n'));
    QCOMPARE(tus::parseMetadata(*text), std::optional(metadata));
    QCOMPARE(tus::formatMetadata({}), std::optional(QByteArray("")));
    for (const QByteArray &key : {"a b"_qba, "a,b"_qba, ""_qba, "\xc3\xa4"_qba, "a\n"_qba})
        QVERIFY2(!tus::formatMetadata({{key, "x"}}).has_value(), key.constData());
}

void TusTest::readsChecksums()
{
    const auto checksum = tus::parseChecksum("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
    QVERIFY(checksum.has_value());
    QCOMPARE(checksum->algorithm, "sha1"_qba);
    QCOMPARE(checksum->digest.toHex(), "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"_qba);
    QCOMPARE(tus::parseChecksum(tus::formatChecksum(*checksum)), checksum);
    QCOMPARE(tus::parseChecksum("SHA1 YQ==").value().algorithm, "sha1"_qba);
}

void TusTest::refusesBadChecksums_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << ""_qba;
    QTest::newRow("no digest") << "sha1"_qba;
    QTest::newRow("an empty digest") << "sha1 "_qba;
    QTest::newRow("no algorithm") << " YQ=="_qba;
    QTest::newRow("no base64") << "sha1 !!!!"_qba;
    QTest::newRow("two digests") << "sha1 YQ== YQ=="_qba;
    QTest::newRow("two spaces") << "sha1  YQ=="_qba;
    QTest::newRow("hexadecimal of odd length") << "sha1 2aae6"_qba;
}

void TusTest::refusesBadChecksums()
{
    QFETCH(QByteArray, text);
    QVERIFY(!tus::parseChecksum(text).has_value());
}

void TusTest::readsConcatenation()
{
    using Kind = tus::Concatenation::Kind;
    QCOMPARE(tus::parseConcatenation("partial").value().kind, Kind::Partial);
    const auto whole = tus::parseConcatenation("final;/files/a http://h/files/b");
    QVERIFY(whole.has_value());
    QCOMPARE(whole->kind, Kind::Final);
    QCOMPARE(whole->parts, (QList<QByteArray>{"/files/a", "http://h/files/b"}));
    QCOMPARE(tus::parseConcatenation(tus::formatConcatenation(*whole)), whole);
    QCOMPARE(tus::formatConcatenation({}), "partial"_qba);
    for (const char *text : {"", "final", "final;", "final; ", "Partial", "partial;/a"})
        QVERIFY2(!tus::parseConcatenation(text).has_value(), text);
}

void TusTest::resolvesLocations_data()
{
    QTest::addColumn<QByteArray>("location");
    QTest::addColumn<QString>("expected"); // empty: refused
    QTest::newRow("absolute") << "http://b.example:1080/files/24e533e"_qba
                              << u"http://b.example:1080/files/24e533e"_s;
    QTest::newRow("another origin") << "https://cdn.example/x"_qba << u"https://cdn.example/x"_s;
    QTest::newRow("an absolute path") << "/u/1"_qba << u"https://a.example/u/1"_s;
    QTest::newRow("a relative path") << "24e533e"_qba << u"https://a.example/api/24e533e"_s;
    QTest::newRow("dots") << "./x/../y"_qba << u"https://a.example/api/y"_s;
    QTest::newRow("above the root") << "../../../y"_qba << u"https://a.example/y"_s;
    QTest::newRow("only a query") << "?upload_id=7"_qba
                                  << u"https://a.example/api/files?upload_id=7"_s;
    QTest::newRow("without scheme") << "//c.example/z"_qba << u"https://c.example/z"_s;
    QTest::newRow("a fragment") << "/u/1#top"_qba << u"https://a.example/u/1"_s;
    QTest::newRow("percent-encoding stays")
        << "/u/a%2Fb%20c"_qba << u"https://a.example/u/a%2Fb%20c"_s;
    QTest::newRow("empty") << ""_qba << QString();
    QTest::newRow("the creation URL itself") << "https://a.example/api/files"_qba << QString();
    QTest::newRow("only a fragment") << "#x"_qba << QString();
    QTest::newRow("another scheme") << "file:///etc/passwd"_qba << QString();
    QTest::newRow("ftp") << "ftp://a.example/x"_qba << QString();
    QTest::newRow("a script") << "javascript:alert(1)"_qba << QString();
    QTest::newRow("no host") << "http:///x"_qba << QString();
    QTest::newRow("user info") << "https://user:word@a.example/x"_qba << QString();
    QTest::newRow("a space") << "/u/1 2"_qba << QString();
    QTest::newRow("a line break") << "/u/1\r\nX: y"_qba << QString();
    QTest::newRow("a broken port") << "http://a.example:99999/x"_qba << QString();
    QTest::newRow("a broken host") << "http://[::1/x"_qba << QString();
}

void TusTest::resolvesLocations()
{
    QFETCH(QByteArray, location);
    QFETCH(QString, expected);
    // Credentials that someone wrote into the creation URL are never part of an upload's URL.
    for (const QString &base :
         {u"https://a.example/api/files"_s, u"https://me:word@a.example/api/files"_s}) {
        const std::optional<QUrl> url = tus::resolveLocation(QUrl(base), location);
        QCOMPARE(url.has_value(), !expected.isEmpty());
        if (url)
            QCOMPARE(url->toString(QUrl::FullyEncoded), expected);
    }
}

QTEST_GUILESS_MAIN(TusTest)
#include "tst_tus.moc"
