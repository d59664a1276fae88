// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/shelf/shelf_fixture.h"

#include <QFile>
#include <QStandardPaths>
#include <QTest>

#include <filesystem>

using namespace sendoff;
using namespace sendoff::test;
using namespace Qt::StringLiterals;

class ShelfLinksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void servesAVideoSafely();
    void namesAVideo_data();
    void namesAVideo();
    void knowsTheTypeOfAVideo_data();
    void knowsTheTypeOfAVideo();
    void servesRanges_data();
    void servesRanges();
    void obeysIfRange_data();
    void obeysIfRange();
    void saysWhenNothingChanged_data();
    void saysWhenNothingChanged();
    void onlyReads();
    void servesOneRequestAfterAnother();
    void doesNotRunAheadOfASlowReader();
    void breaksOffWhereTheFileIsCut();
    void losesALinkWithItsFile();
    void neverFollowsASymbolicLink();
    void resumesForCurl();

private:
    QByteArray upload(const QByteArray &fileName, const QByteArray &bytes); // the link's path
    FilePath video(const QByteArray &fileName) const
    {
        return m_shelf.folder() / fileName.toStdString();
    }

    ShelfFixture m_shelf;
    QByteArray m_bytes = testBytes(1000);
    QByteArray m_link; // of m_bytes
};

void ShelfLinksTest::initTestCase()
{
    QVERIFY(m_shelf.start());
    m_link = upload("clip.mp4", m_bytes);
    QVERIFY(!m_link.isEmpty());
}

void ShelfLinksTest::cleanupTestCase()
{
    m_shelf.stop();
}

QByteArray ShelfLinksTest::upload(const QByteArray &fileName, const QByteArray &bytes)
{
    Client client(m_shelf);
    const QByteArray path = client.create(bytes.size(), fileName);
    return pathOf(client.patch(path, 0, bytes).header("Sendoff-Link"));
}

void ShelfLinksTest::servesAVideoSafely()
{
    Client client(m_shelf);
    client.isTus = false;
    client.authorization.clear(); // whoever has the link may read
    for (const QByteArray method : {"GET", "HEAD"}) {
        const Reply reply = client.request(method, m_link);
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, method == "GET" ? m_bytes : QByteArray());
        QCOMPARE(reply.header("Content-Length"), "1000"_qba);
        QCOMPARE(reply.header("Content-Type"), "video/mp4"_qba);
        QCOMPARE(reply.header("X-Content-Type-Options"), "nosniff"_qba);
        QCOMPARE(reply.header("Content-Security-Policy"), "sandbox"_qba);
        QCOMPARE(reply.header("Accept-Ranges"), "bytes"_qba);
        QVERIFY(reply.header("Content-Disposition").startsWith("inline;"));
        QVERIFY(reply.header("Date").endsWith(" GMT"));
    }
}

void ShelfLinksTest::namesAVideo_data()
{
    QTest::addColumn<QByteArray>("fileName");
    QTest::addColumn<QByteArray>("disposition");
    QTest::addColumn<QByteArray>("linkEnd");
    QTest::newRow("plain") << "holiday.mov"_qba
                           << "inline; filename=\"holiday.mov\"; filename*=UTF-8''holiday.mov"_qba
                           << "/holiday.mov"_qba;
    QTest::newRow("spaces and marks")
        << "a b;c=d,e%41'f(1).mp4"_qba
        << "inline; filename=\"a b;c=d,e_41'f(1).mp4\"; "
           "filename*=UTF-8''a%20b%3Bc%3Dd%2Ce%2541%27f%281%29.mp4"_qba
        << "/a%20b%3Bc%3Dd%2Ce%2541%27f%281%29.mp4"_qba;
    QTest::newRow("umlauts and emoji")
        << QByteArray("\u00fcber \U0001F3AC.mkv")
        << "inline; filename=\"_ber __.mkv\"; filename*=UTF-8''%C3%BCber%20%F0%9F%8E%AC.mkv"_qba
        << "/%C3%BCber%20%F0%9F%8E%AC.mkv"_qba;
}

void ShelfLinksTest::namesAVideo()
{
    QFETCH(QByteArray, fileName);
    QFETCH(QByteArray, disposition);
    QFETCH(QByteArray, linkEnd);
    const QByteArray link = upload(fileName, "abc");
    QVERIFY2(link.endsWith(linkEnd), link.constData());
    const Reply reply = Client(m_shelf).request("GET", link);
    QCOMPARE(reply.body, "abc"_qba);
    QCOMPARE(reply.header("Content-Disposition"), disposition);
    // The name in a link is for people: programs may spell it otherwise or cut it off.
    const QByteArray idOnly = link.first(link.indexOf('/', 3));
    QCOMPARE(Client(m_shelf).request("GET", idOnly).body, "abc"_qba);
    QCOMPARE(Client(m_shelf).request("GET", idOnly + "/x.html").header("Content-Type"),
             reply.header("Content-Type"));
}

void ShelfLinksTest::knowsTheTypeOfAVideo_data()
{
    QTest::addColumn<QByteArray>("fileName");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("upper case") << "A.MP4"_qba
                                << "video/mp4"_qba;
    QTest::newRow("QuickTime") << "a.mov"_qba
                               << "video/quicktime"_qba;
    QTest::newRow("Matroska") << "a.mkv"_qba
                              << "video/x-matroska"_qba;
    QTest::newRow("WebM") << "a.webm"_qba
                          << "video/webm"_qba;
    QTest::newRow("transport stream") << "a.m2ts"_qba
                                      << "video/mp2t"_qba;
    QTest::newRow("sound") << "a.m4a"_qba
                           << "audio/mp4"_qba;
    QTest::newRow("the last extension counts") << "a.html.mp4"_qba
                                               << "video/mp4"_qba;
}

void ShelfLinksTest::knowsTheTypeOfAVideo()
{
    QFETCH(QByteArray, fileName);
    QFETCH(QByteArray, type);
    const Reply reply = Client(m_shelf).request("HEAD", upload(fileName, "x"));
    QCOMPARE(reply.header("Content-Type"), type);
}

void ShelfLinksTest::servesRanges_data()
{
    QTest::addColumn<QByteArrayList>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("begin");
    QTest::addColumn<int>("end");
    QTest::addColumn<QByteArray>("contentRange");
    QTest::newRow("the first bytes")
        << QByteArrayList{"Range: bytes=0-9"} << 206 << 0 << 10 << "bytes 0-9/1000"_qba;
    QTest::newRow("to the end") << QByteArrayList{"Range: bytes=990-"} << 206 << 990 << 1000
                                << "bytes 990-999/1000"_qba;
    QTest::newRow("the last bytes")
        << QByteArrayList{"Range: bytes=-1"} << 206 << 999 << 1000 << "bytes 999-999/1000"_qba;
    QTest::newRow("behind the end")
        << QByteArrayList{"Range: bytes=1000-"} << 416 << 0 << 0 << "bytes */1000"_qba;
    QTest::newRow("two ranges") << QByteArrayList{"Range: bytes=0-1,5-6"} << 200 << 0 << 1000
                                << QByteArray();
    QTest::newRow("two headers") << QByteArrayList{"Range: bytes=0-1", "Range: bytes=5-6"} << 200
                                 << 0 << 1000 << QByteArray();
    QTest::newRow("malformed") << QByteArrayList{"Range: bytes=x"} << 200 << 0 << 1000
                               << QByteArray();
}

void ShelfLinksTest::servesRanges()
{
    QFETCH(QByteArrayList, headers);
    QFETCH(int, status);
    QFETCH(int, begin);
    QFETCH(int, end);
    QFETCH(QByteArray, contentRange);
    Client client(m_shelf);
    const Reply reply = client.request("GET", m_link, headers);
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.body, m_bytes.mid(begin, end - begin));
    QCOMPARE(reply.header("Content-Range"), contentRange);
    // A HEAD has no body that a range could be of.
    QCOMPARE(client.request("HEAD", m_link, headers).header("Content-Length"), "1000"_qba);
}

void ShelfLinksTest::obeysIfRange_data()
{
    QTest::addColumn<QByteArray>("condition"); // ETAG, DATE stand for the current ones
    QTest::addColumn<int>("status");
    QTest::newRow("the tag") << "ETAG"_qba << 206;
    QTest::newRow("the date") << "DATE"_qba << 206;
    QTest::newRow("another tag") << "\"other\""_qba << 200;
    QTest::newRow("a weak tag") << "W/ETAG"_qba << 200;
    QTest::newRow("another date") << "Sun, 06 Nov 1994 08:49:37 GMT"_qba << 200;
    QTest::newRow("a later date") << "Fri, 01 Jan 2100 00:00:00 GMT"_qba << 200;
    QTest::newRow("garbage") << "x"_qba << 200;
}

void ShelfLinksTest::obeysIfRange()
{
    QFETCH(QByteArray, condition);
    QFETCH(int, status);
    Client client(m_shelf);
    const Reply head = client.request("HEAD", m_link);
    condition.replace("ETAG", head.header("ETag")).replace("DATE", head.header("Last-Modified"));
    const Reply reply =
        client.request("GET", m_link, {"Range: bytes=5-9", "If-Range: " + condition});
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.body, status == 206 ? m_bytes.mid(5, 5) : m_bytes);
}

void ShelfLinksTest::saysWhenNothingChanged_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    QTest::newRow("the tag") << "If-None-Match: ETAG"_qba << 304;
    QTest::newRow("the tag, weak, in a list") << "If-None-Match: \"x\", W/ETAG"_qba << 304;
    QTest::newRow("any") << "If-None-Match: *"_qba << 304;
    QTest::newRow("another tag") << "If-None-Match: \"x\""_qba << 200;
    QTest::newRow("the date") << "If-Modified-Since: DATE"_qba << 304;
    QTest::newRow("an earlier date")
        << "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"_qba << 200;
    QTest::newRow("garbage") << "If-Modified-Since: yesterday"_qba << 200;
    QTest::newRow("the tag counts before the date")
        << "If-None-Match: \"x\"\r\nIf-Modified-Since: DATE"_qba << 200;
}

void ShelfLinksTest::saysWhenNothingChanged()
{
    QFETCH(QByteArray, header);
    QFETCH(int, status);
    Client client(m_shelf);
    const Reply head = client.request("HEAD", m_link);
    header.replace("ETAG", head.header("ETag")).replace("DATE", head.header("Last-Modified"));
    const Reply reply = client.request("GET", m_link, {header});
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.header("ETag"), head.header("ETag"));
    QCOMPARE(reply.body, status == 304 ? QByteArray() : m_bytes);
    QCOMPARE(client.request("GET", m_link).body, m_bytes); // the connection is still in step
}

void ShelfLinksTest::onlyReads()
{
    for (const char *method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
        const Reply reply = Client(m_shelf).request(method, m_link);
        QVERIFY2(reply.status == 405, method);
        QCOMPARE(reply.header("Allow"), "GET, HEAD"_qba);
    }
    QCOMPARE(m_shelf.content("clip.mp4"), m_bytes);
}

void ShelfLinksTest::servesOneRequestAfterAnother()
{
    Client client(m_shelf);
    const QByteArray large = testBytes(5 << 20, 5);
    const QByteArray link = upload("large.mp4", large);
    // Pipelined: all asked before the first is answered.
    client.send(client.requestText("GET", link) + client.requestText("GET", m_link)
                + client.requestText("HEAD", link) + client.requestText("GET", "/nothing")
                + client.requestText("GET", m_link));
    QVERIFY(client.readReply().body == large);
    QCOMPARE(client.readReply().body, m_bytes);
    QCOMPARE(client.readReply(true).header("Content-Length"), QByteArray::number(large.size()));
    QCOMPARE(client.readReply().status, 404);
    QCOMPARE(client.readReply().body, m_bytes);
    QVERIFY(client.isOpen());
    client.send("GET " + m_link + " HTTP/1.0\r\nHost: " + client.host + "\r\n\r\n");
    QVERIFY(client.readToEnd().endsWith(m_bytes));
}

void ShelfLinksTest::doesNotRunAheadOfASlowReader()
{
    constexpr qint64 size = 256 << 20;
    const QByteArray link = upload("sparse.mp4", "x");
    std::filesystem::resize_file(video("sparse.mp4"), size);
    Client client(m_shelf);
    client.socket().setReadBufferSize(64 << 10);
    const qint64 before = residentBytes();
    client.send(client.requestText("GET", link));
    QVERIFY(client.socket().waitForReadyRead(20'000));
    QTest::qWait(500); // as fast as it could, it would have read all of it by now
    const qint64 growth = residentBytes() - before;
    QVERIFY2(growth < (8 << 20), QByteArray::number(growth).constData());
    // Others do not wait behind it.
    QCOMPARE(Client(m_shelf).request("GET", m_link).body, m_bytes);
}

void ShelfLinksTest::breaksOffWhereTheFileIsCut()
{
    const QByteArray link = upload("cut.mp4", "x");
    std::filesystem::resize_file(video("cut.mp4"), 64 << 20);
    Client client(m_shelf);
    client.socket().setReadBufferSize(64 << 10);
    client.send(client.requestText("GET", link));
    QVERIFY(client.socket().waitForReadyRead(20'000));
    std::filesystem::resize_file(video("cut.mp4"), 0);
    client.socket().setReadBufferSize(0);
    QVERIFY(client.readToEnd().size() < (64 << 20)); // and the connection has ended
    QVERIFY(!client.isOpen());
}

void ShelfLinksTest::losesALinkWithItsFile()
{
    Client client(m_shelf);
    const QByteArray path = client.create(3, "gone.mp4");
    const QByteArray link = pathOf(client.patch(path, 0, "abc").header("Sendoff-Link"));
    std::filesystem::remove(video("gone.mp4"));
    QCOMPARE(client.request("GET", link).status, 404);
    QCOMPARE(client.request("HEAD", path).status, 410); // so a repeated job uploads again
    QCOMPARE(client.request("DELETE", path).status, 204);
}

void ShelfLinksTest::neverFollowsASymbolicLink()
{
    const QByteArray link = upload("planted.mp4", "abc");
    std::filesystem::remove(video("planted.mp4"));
    std::filesystem::create_symlink("/etc/hostname", video("planted.mp4"));
    QCOMPARE(Client(m_shelf).request("GET", link).status, 404);
    std::filesystem::remove(video("planted.mp4"));
    std::filesystem::create_directory(video("planted.mp4"));
    QCOMPARE(Client(m_shelf).request("GET", link).status, 404);
}

void ShelfLinksTest::resumesForCurl()
{
    if (QStandardPaths::findExecutable(u"curl"_s).isEmpty())
        QSKIP("curl is not installed");
    const QByteArray bytes = testBytes(3 << 20, 9);
    const QByteArray link = upload("resume.mp4", bytes);
    const QString target = QString::fromStdString((m_shelf.root() / "partial").string());
    QFile partial(target);
    QVERIFY(partial.open(QIODevice::WriteOnly));
    partial.write(bytes.first(1'000'001));
    partial.close();
    const QString url = QString::fromLatin1(m_shelf.origin() + link);
    QVERIFY(!run(u"curl"_s, {u"-sS"_s, u"-f"_s, u"-C"_s, u"-"_s, u"-o"_s, target, url}).isNull());
    QVERIFY(partial.open(QIODevice::ReadOnly));
    QVERIFY(partial.readAll() == bytes);
}

QTEST_GUILESS_MAIN(ShelfLinksTest)
#include "tst_shelf_links.moc"
