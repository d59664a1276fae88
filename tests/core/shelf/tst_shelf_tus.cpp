// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/shelf/shelf_fixture.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <filesystem>

using namespace sendoff;
using namespace sendoff::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray tusBody = "Content-Type: application/offset+octet-stream";

} // namespace

class ShelfTusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void tellsWhatItCanDo();
    void takesAnUploadInPieces();
    void takesAnEmptyFile();
    void takesTheBodyWithTheCreation();
    void answersExpectContinue();
    void takesADeferredLength();
    void refusesRequests_data();
    void refusesRequests();
    void writesNothingAtAWrongOffset();
    void writesNothingOfATooLongBody_data();
    void writesNothingOfATooLongBody();
    void obeysMethodOverride();
    void numbersNamesThatExist();
    void takesAnUploadFromCurl();

private:
    std::unique_ptr<ShelfFixture> m_shelf;
};

void ShelfTusTest::init()
{
    m_shelf = std::make_unique<ShelfFixture>();
    QVERIFY(m_shelf->start());
}

void ShelfTusTest::cleanup()
{
    m_shelf.reset();
}

void ShelfTusTest::tellsWhatItCanDo()
{
    Client client(*m_shelf);
    client.isTus = false;
    client.authorization.clear();
    for (const QByteArray path : {"/files", "/files/", "*"}) {
        const Reply reply = client.request("OPTIONS", path);
        QCOMPARE(reply.status, 204);
        QCOMPARE(reply.header("Tus-Version"), "1.0.0"_qba);
        QCOMPARE(reply.header("Tus-Resumable"), "1.0.0"_qba);
        for (const char *name : {"creation", "creation-with-upload", "creation-defer-length",
                                 "checksum", "termination"})
            QVERIFY2(tus::listHas(reply.header("Tus-Extension"), name), name);
        QVERIFY(tus::listHas(reply.header("Tus-Checksum-Algorithm"), "sha1"));
        const auto space = std::filesystem::space(m_shelf->folder());
        const qint64 maxSize = tus::parseByteCount(reply.header("Tus-Max-Size")).value_or(-1);
        QVERIFY(std::abs(maxSize - qint64(space.available)) < (qint64(1) << 30));
    }
}

void ShelfTusTest::takesAnUploadInPieces()
{
    const QByteArray bytes = testBytes(300'000);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    QVERIFY(path.startsWith("/files/"));
    QCOMPARE(client.offsetOf(path), qint64(0));
    QCOMPARE(m_shelf->videos(), QByteArrayList());

    Reply reply = client.patch(path, 0, bytes.first(100'000));
    QCOMPARE(reply.status, 204);
    QCOMPARE(reply.header("Upload-Offset"), "100000"_qba);
    QVERIFY(!reply.hasHeader("Sendoff-Link"));
    QCOMPARE(client.offsetOf(path), qint64(100'000));
    QCOMPARE(m_shelf->videos(), QByteArrayList()); // nothing under its final name yet

    reply = client.patch(path, 100'000, bytes.sliced(100'000));
    QCOMPARE(reply.status, 204);
    QCOMPARE(reply.header("Upload-Offset"), "300000"_qba);
    QCOMPARE(reply.header("Tus-Resumable"), "1.0.0"_qba);
    QCOMPARE(m_shelf->videos(), QByteArrayList{"clip.mp4"});
    QCOMPARE(m_shelf->content("clip.mp4"), bytes);

    const QByteArray link = reply.header("Sendoff-Link");
    QVERIFY(link.startsWith(m_shelf->origin() + "/v/"));
    QCOMPARE(client.request("GET", pathOf(link)).body, bytes);
    QTRY_COMPARE(m_shelf->finished().size(), 1);
    QCOMPARE(m_shelf->finished().first().fileName, u"clip.mp4"_s);
    QCOMPARE(m_shelf->finished().first().link.toEncoded(), link);
    QCOMPARE(m_shelf->finished().first().bytes, qint64(300'000));
}

void ShelfTusTest::takesAnEmptyFile()
{
    Client client(*m_shelf);
    const Reply reply =
        client.request("POST", "/files", {"Upload-Length: 0", nameHeader("empty.mkv")});
    QCOMPARE(reply.status, 201);
    QVERIFY(reply.hasHeader("Sendoff-Link"));
    QCOMPARE(m_shelf->videos(), QByteArrayList{"empty.mkv"});
    QCOMPARE(client.request("GET", pathOf(reply.header("Sendoff-Link"))).status, 200);
}

void ShelfTusTest::takesTheBodyWithTheCreation()
{
    const QByteArray bytes = testBytes(50'000);
    Client client(*m_shelf);
    const QByteArrayList headers{"Upload-Length: 50000", nameHeader("a.mp4"), tusBody};
    const Reply half = client.request("POST", "/files", headers, bytes.first(20'000));
    QCOMPARE(half.status, 201);
    QCOMPARE(half.header("Upload-Offset"), "20000"_qba);
    QCOMPARE(client.patch(half.header("Location"), 20'000, bytes.sliced(20'000)).status, 204);
    QCOMPARE(m_shelf->content("a.mp4"), bytes);

    const Reply whole = client.request("POST", "/files", headers, bytes);
    QCOMPARE(whole.status, 201);
    QCOMPARE(whole.header("Upload-Offset"), "50000"_qba);
    QVERIFY(whole.hasHeader("Sendoff-Link"));
    QCOMPARE(m_shelf->content("a (2).mp4"), bytes);
}

void ShelfTusTest::answersExpectContinue()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(5);
    const QByteArrayList headers{tusBody, "Upload-Offset: 0", "Expect: 100-continue"};
    client.send(client.requestText("PATCH", path, headers, 5));
    QCOMPARE(client.readReply(false, true).status, 100);
    client.send("hello");
    QCOMPARE(client.readReply().status, 204);
    // A refusal comes instead of 100, before any byte was sent.
    client.send(client.requestText("PATCH", "/files/" + QByteArray(32, '0'), headers, 5));
    QCOMPARE(client.readReply(false, true).status, 404);
}

void ShelfTusTest::takesADeferredLength()
{
    const QByteArray bytes = testBytes(10'000);
    Client client(*m_shelf);
    const Reply created =
        client.request("POST", "/files", {"Upload-Defer-Length: 1", nameHeader("live.mp4")});
    QCOMPARE(created.status, 201);
    const QByteArray path = created.header("Location");
    QCOMPARE(client.patch(path, 0, bytes).status, 204);
    const Reply head = client.request("HEAD", path);
    QCOMPARE(head.header("Upload-Defer-Length"), "1"_qba);
    QVERIFY(!head.hasHeader("Upload-Length"));
    QCOMPARE(client.patch(path, 10'000, {}, {"Upload-Length: 9999"}).status, 400);
    QCOMPARE(m_shelf->videos(), QByteArrayList());
    // Declared in parts: first the length with some bytes, then the rest.
    QCOMPARE(client.patch(path, 10'000, "abc", {"Upload-Length: 10005"}).status, 204);
    QCOMPARE(client.request("HEAD", path).header("Upload-Length"), "10005"_qba);
    QCOMPARE(client.patch(path, 10'003, {}, {"Upload-Length: 10003"}).status, 400);
    const Reply last = client.patch(path, 10'003, "de", {"Upload-Length: 10005"});
    QCOMPARE(last.status, 204);
    QVERIFY(last.hasHeader("Sendoff-Link"));
    QCOMPARE(m_shelf->content("live.mp4"), bytes + "abcde");

    // Declared by an empty PATCH at the end.
    const Reply second =
        client.request("POST", "/files", {"Upload-Defer-Length: 1", nameHeader("b.mp4")});
    QCOMPARE(client.patch(second.header("Location"), 0, bytes).status, 204);
    const Reply end = client.patch(second.header("Location"), 10'000, {}, {"Upload-Length: 10000"});
    QCOMPARE(end.status, 204);
    QVERIFY(end.hasHeader("Sendoff-Link"));
    QCOMPARE(m_shelf->content("b.mp4"), bytes);
}

void ShelfTusTest::refusesRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path"); // UPLOAD stands for an upload of 10 bytes
    QTest::addColumn<QByteArrayList>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray name = nameHeader("a.mp4");
    const auto row = [](const char *title, const char *method, const char *path,
                        const QByteArrayList &headers, const char *body, int status) {
        QTest::newRow(title) << QByteArray(method) << QByteArray(path) << headers
                             << QByteArray(body) << status;
    };
    row("POST without length", "POST", "/files", {name}, "", 400);
    row("POST with both lengths", "POST", "/files",
        {name, "Upload-Length: 1", "Upload-Defer-Length: 1"}, "", 400);
    row("POST with two lengths", "POST", "/files", {name, "Upload-Length: 1", "Upload-Length: 1"},
        "", 400);
    row("POST with a negative length", "POST", "/files", {name, "Upload-Length: -1"}, "", 400);
    row("POST that defers by 2", "POST", "/files", {name, "Upload-Defer-Length: 2"}, "", 400);
    row("POST of more than the disk could hold", "POST", "/files",
        {name, "Upload-Length: 9223372036854775807"}, "", 413);
    row("POST with broken metadata", "POST", "/files",
        {"Upload-Length: 1", "Upload-Metadata: filename *"}, "", 400);
    row("POST without metadata", "POST", "/files", {"Upload-Length: 1"}, "", 415);
    row("POST of a part to be joined", "POST", "/files",
        {name, "Upload-Length: 1", "Upload-Concat: partial"}, "", 501);
    row("POST with a body of another type", "POST", "/files",
        {name, "Upload-Length: 1", "Content-Type: video/mp4"}, "x", 415);
    row("POST with a body longer than the upload", "POST", "/files",
        {name, "Upload-Length: 1", tusBody}, "xy", 413);
    row("POST with a wrong checksum", "POST", "/files",
        {name, "Upload-Length: 1", tusBody, "Upload-Checksum: sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        "x", 460);
    row("PATCH without type", "PATCH", "UPLOAD", {"Upload-Offset: 0"}, "x", 415);
    row("PATCH of another type", "PATCH", "UPLOAD",
        {"Upload-Offset: 0", "Content-Type: application/octet-stream"}, "x", 415);
    row("PATCH without offset", "PATCH", "UPLOAD", {tusBody}, "x", 400);
    row("PATCH with two offsets", "PATCH", "UPLOAD",
        {tusBody, "Upload-Offset: 0", "Upload-Offset: 0"}, "x", 400);
    row("PATCH with a negative offset", "PATCH", "UPLOAD", {tusBody, "Upload-Offset: -1"}, "x",
        400);
    row("PATCH at a wrong offset", "PATCH", "UPLOAD", {tusBody, "Upload-Offset: 1"}, "x", 409);
    row("PATCH with another length", "PATCH", "UPLOAD",
        {tusBody, "Upload-Offset: 0", "Upload-Length: 11"}, "x", 400);
    row("PATCH with an unknown checksum", "PATCH", "UPLOAD",
        {tusBody, "Upload-Offset: 0", "Upload-Checksum: crc32 AAAA"}, "x", 400);
    row("PATCH with a broken checksum", "PATCH", "UPLOAD",
        {tusBody, "Upload-Offset: 0", "Upload-Checksum: sha1"}, "x", 400);
    row("PATCH of an unknown upload", "PATCH", "/files/00000000000000000000000000000000",
        {tusBody, "Upload-Offset: 0"}, "x", 404);
    row("HEAD of an unknown upload", "HEAD", "/files/00000000000000000000000000000000", {}, "",
        404);
    row("DELETE of an unknown upload", "DELETE", "/files/00000000000000000000000000000000", {}, "",
        404);
    row("HEAD of something else", "HEAD", "/files/../../etc/passwd", {}, "", 404);
    row("GET of an upload", "GET", "UPLOAD", {}, "", 405);
    row("PUT to the creation URL", "PUT", "/files", {}, "x", 405);
}

void ShelfTusTest::refusesRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    QFETCH(QByteArrayList, headers);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    Client client(*m_shelf);
    const QByteArray upload = client.create(10);
    const Reply reply = client.request(method, path == "UPLOAD" ? upload : path, headers, body);
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.header("Tus-Resumable"), "1.0.0"_qba);
    if (method != "HEAD")
        QVERIFY(reply.body.size() > 10); // a sentence
    QCOMPARE(Client(*m_shelf).offsetOf(upload), qint64(0));
    QCOMPARE(m_shelf->videos(), QByteArrayList());
    // Nothing is left of what was refused: one record and one part, those of `upload`.
    const auto files = std::filesystem::directory_iterator(m_shelf->stateFolder() / "uploads");
    QCOMPARE(std::distance(begin(files), end(files)), 2);
}

void ShelfTusTest::writesNothingAtAWrongOffset()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(100);
    QCOMPARE(client.patch(path, 0, testBytes(50)).status, 204);
    for (const qint64 offset : {0, 49, 51, 100, 1000})
        QCOMPARE(Client(*m_shelf).patch(path, offset, "x").status, 409);
    QCOMPARE(client.patch(path, 50, testBytes(50, 2)).status, 204);
    QCOMPARE(m_shelf->content("clip.mp4"), testBytes(50) + testBytes(50, 2));
}

void ShelfTusTest::writesNothingOfATooLongBody_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("with Content-Length") << "Content-Length: 60\r\n"_qba << testBytes(60);
    QTest::newRow("in chunks") << "Transfer-Encoding: chunked\r\n"_qba
                               << "28\r\n" + testBytes(40) + "\r\n14\r\n" + testBytes(20)
            + "\r\n0\r\n\r\n";
}

void ShelfTusTest::writesNothingOfATooLongBody()
{
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, body);
    Client client(*m_shelf);
    const QByteArray path = client.create(100);
    QCOMPARE(client.patch(path, 0, testBytes(50, 7)).status, 204);
    QByteArray text = client.requestText("PATCH", path, {tusBody, "Upload-Offset: 50"});
    text.chop(2);
    client.send(text + headers + "\r\n" + body);
    QCOMPARE(client.readReply().status, 413);
    Client other(*m_shelf);
    QCOMPARE(other.offsetOf(path), qint64(50));
    QCOMPARE(other.patch(path, 50, testBytes(50, 8)).status, 204);
    QCOMPARE(m_shelf->content("clip.mp4"), testBytes(50, 7) + testBytes(50, 8));
}

void ShelfTusTest::obeysMethodOverride()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(3);
    const Reply patched = client.request(
        "POST", path, {tusBody, "Upload-Offset: 0", "X-HTTP-Method-Override: PATCH"}, "ab");
    QCOMPARE(patched.status, 204);
    const Reply head = client.request("POST", path, {"X-HTTP-Method-Override: HEAD"});
    QCOMPARE(head.status, 200);
    QCOMPARE(head.header("Upload-Offset"), "2"_qba);
    QCOMPARE(client.request("POST", path, {"X-HTTP-Method-Override: DELETE"}).status, 204);
    QCOMPARE(client.request("HEAD", path).status, 404);
}

void ShelfTusTest::numbersNamesThatExist()
{
    std::filesystem::create_directory(m_shelf->folder() / "a.mp4"); // even a folder is not touched
    std::filesystem::create_symlink("/nowhere", m_shelf->folder() / "a (2).mp4");
    Client client(*m_shelf);
    QByteArrayList links;
    for (const char *content : {"one", "two"}) {
        const QByteArray path = client.create(3, "a.mp4");
        links.append(pathOf(client.patch(path, 0, content).header("Sendoff-Link")));
    }
    QCOMPARE(m_shelf->content("a (3).mp4"), "one"_qba);
    QCOMPARE(m_shelf->content("a (4).mp4"), "two"_qba);
    QVERIFY(std::filesystem::is_symlink(m_shelf->folder() / "a (2).mp4"));
    QCOMPARE(client.request("GET", links[0]).body, "one"_qba);
    QCOMPARE(client.request("GET", links[1]).body, "two"_qba);
    QVERIFY(links[1].endsWith("/a%20%284%29.mp4"));
}

void ShelfTusTest::takesAnUploadFromCurl()
{
    if (QStandardPaths::findExecutable(u"curl"_s).isEmpty())
        QSKIP("curl is not installed");
    const QByteArray bytes = testBytes(64 << 20);
    const QString source = QString::fromStdString((m_shelf->root() / "source").string());
    QFile file(source);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    const QString url = QString::fromLatin1(m_shelf->origin() + path);
    const QByteArray head =
        run(u"curl"_s,
            {u"-sS"_s, u"-f"_s, u"-D"_s, u"-"_s, u"-X"_s, u"PATCH"_s, u"-T"_s, source, u"-H"_s,
             QString::fromLatin1("Authorization: Bearer " + m_shelf->token()), u"-H"_s,
             u"Tus-Resumable: 1.0.0"_s, u"-H"_s, u"Upload-Offset: 0"_s, u"-H"_s,
             QString::fromLatin1(tusBody), u"-H"_s, u"Expect: 100-continue"_s, url});
    QVERIFY(head.contains("204 No Content"));
    QVERIFY(head.contains("Upload-Offset: 67108864"));
    QVERIFY(m_shelf->content("clip.mp4") == bytes);
    const QString target = source + u".back"_s;
    const QByteArray link = client.request("HEAD", path).header("Sendoff-Link");
    QVERIFY(
        !run(u"curl"_s, {u"-sS"_s, u"-f"_s, u"-o"_s, target, QString::fromLatin1(link)}).isNull());
    QFile back(target);
    QVERIFY(back.open(QIODevice::ReadOnly));
    QVERIFY(back.readAll() == bytes);
}

QTEST_GUILESS_MAIN(ShelfTusTest)
#include "tst_shelf_tus.moc"
