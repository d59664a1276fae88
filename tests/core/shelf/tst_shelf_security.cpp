// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/shelf/shelf_fixture.h"

#include "core/base/error_text.h"

#include <QTest>

#include <filesystem>
#include <sys/stat.h>

using namespace sendoff;
using namespace sendoff::test;
using namespace Qt::StringLiterals;

namespace {

unsigned modeOf(const FilePath &path)
{
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

} // namespace

class ShelfSecurityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void wantsTheToken_data();
    void wantsTheToken();
    void answersOnlyToItsName_data();
    void answersOnlyToItsName();
    void refusesForeignPages_data();
    void refusesForeignPages();
    void neverAllowsAnotherOrigin();
    void listensOnLoopbackOnly();
    void keepsFilesPrivate();
    void makesAnyNameSafe_data();
    void makesAnyNameSafe();
    void takesOnlyVideosAndSound_data();
    void takesOnlyVideosAndSound();
    void neverWritesThroughASymbolicLink();
    void servesNothingElse_data();
    void servesNothingElse();
    void endsSlowHeaders();
    void endsIdleConnectionsOnlyAfterALongTime();
    void holdsTheNumberOfConnections();
    void sacrificesIdleConnectionsFirst();
    void outlivesGarbage();
    void aRefusalIsReadEvenWhileTheBodyIsSent();

private:
    std::unique_ptr<ShelfFixture> m_shelf;
};

void ShelfSecurityTest::init()
{
    m_shelf = std::make_unique<ShelfFixture>();
    QVERIFY(m_shelf->start());
}

void ShelfSecurityTest::cleanup()
{
    m_shelf.reset();
}

void ShelfSecurityTest::wantsTheToken_data()
{
    QTest::addColumn<QByteArray>("authorization"); // TOKEN stands for the right one
    QTest::addColumn<bool>("isGood");
    QTest::newRow("the token") << "Bearer TOKEN"_qba << true;
    QTest::newRow("the scheme's case") << "bearer TOKEN"_qba << true;
    QTest::newRow("none") << QByteArray() << false;
    QTest::newRow("empty") << "Bearer "_qba << false;
    QTest::newRow("another scheme") << "Basic TOKEN"_qba << false;
    QTest::newRow("without scheme") << "TOKEN"_qba << false;
    QTest::newRow("longer") << "Bearer TOKENx"_qba << false;
    QTest::newRow("another case") << "Bearer LOWER"_qba << false;
    QTest::newRow("the last character differs") << "Bearer CHANGED"_qba << false;
    QTest::newRow("twice") << "Bearer TOKEN\r\nAuthorization: Bearer TOKEN"_qba << false;
}

void ShelfSecurityTest::wantsTheToken()
{
    QFETCH(QByteArray, authorization);
    QFETCH(bool, isGood);
    const QByteArray token = m_shelf->token();
    QCOMPARE(token.size(), 43); // 256 bits
    QByteArray changed = token;
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    authorization.replace("TOKEN", token).replace("LOWER", token.toLower());
    authorization.replace("CHANGED", changed);
    Client owner(*m_shelf);
    const QByteArray path = owner.create(10);
    Client client(*m_shelf);
    client.authorization = authorization;
    const auto isRefused = [](const Reply &reply) {
        return reply.status == 401 && reply.header("WWW-Authenticate") == "Bearer";
    };
    const Reply head = client.request("HEAD", path);
    QCOMPARE(isRefused(head), !isGood);
    QCOMPARE(head.hasHeader("Upload-Offset"), isGood);
    const Reply post = client.request("POST", "/files", {"Upload-Length: 1", nameHeader("a.mp4")});
    QCOMPARE(isRefused(post), !isGood);
    QCOMPARE(isRefused(client.patch(path, 0, "abc")), !isGood);
    QCOMPARE(Client(*m_shelf).offsetOf(path), isGood ? qint64(3) : qint64(0));
    Client another(*m_shelf);
    another.authorization = authorization;
    QCOMPARE(isRefused(another.request("DELETE", path)), !isGood);
    QCOMPARE(isRefused(another.request("HEAD", "/files/" + QByteArray(32, '0'))), !isGood);
}

void ShelfSecurityTest::answersOnlyToItsName_data()
{
    QTest::addColumn<QByteArray>("host"); // PORT stands for the port
    QTest::addColumn<bool>("isGood");
    QTest::newRow("the address") << "127.0.0.1:PORT"_qba << true;
    QTest::newRow("localhost") << "localhost:PORT"_qba << true;
    QTest::newRow("localhost in capitals") << "LOCALHOST:PORT"_qba << true;
    QTest::newRow("a name that was rebound") << "evil.example:PORT"_qba << false;
    QTest::newRow("without port") << "127.0.0.1"_qba << false;
    QTest::newRow("another port") << "127.0.0.1:1"_qba << false;
    QTest::newRow("a name that begins like it") << "127.0.0.1.evil.example:PORT"_qba << false;
    QTest::newRow("another loopback address") << "127.0.0.2:PORT"_qba << false;
    QTest::newRow("user info") << "x@127.0.0.1:PORT"_qba << false;
    QTest::newRow("empty") << ""_qba << false;
}

void ShelfSecurityTest::answersOnlyToItsName()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, isGood);
    host.replace("PORT", QByteArray::number(m_shelf->port()));
    Client owner(*m_shelf);
    const QByteArray path = owner.create(3);
    const QByteArray link = pathOf(owner.patch(path, 0, "abc").header("Sendoff-Link"));
    Client client(*m_shelf);
    client.host = host;
    QCOMPARE(client.request("GET", link).status, isGood ? 200 : 421);
    QCOMPARE(client.request("HEAD", path).status, isGood ? 200 : 421);
    QCOMPARE(client.request("OPTIONS", "/files").status, isGood ? 204 : 421);
    // An absolute address says the host, whatever the header says (RFC 9112 §3.2.2).
    Client absolute(*m_shelf);
    QCOMPARE(absolute.request("GET", "http://" + host + link).status, isGood ? 200 : 421);
}

void ShelfSecurityTest::refusesForeignPages_data()
{
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("its own") << "http://127.0.0.1:PORT"_qba << true;
    QTest::newRow("its own by name") << "http://localhost:PORT"_qba << true;
    QTest::newRow("a web page") << "https://evil.example"_qba << false;
    QTest::newRow("a sandboxed page") << "null"_qba << false;
    QTest::newRow("another server on this computer") << "http://127.0.0.1:1"_qba << false;
    QTest::newRow("https") << "https://127.0.0.1:PORT"_qba << false;
    QTest::newRow("a name that begins like it")
        << "http://127.0.0.1:PORT.evil.example"_qba << false;
    QTest::newRow("two origins") << "http://127.0.0.1:PORT\r\nOrigin: http://evil.example"_qba
                                 << false;
    QTest::newRow("empty") << ""_qba << false;
}

void ShelfSecurityTest::refusesForeignPages()
{
    QFETCH(QByteArray, origin);
    QFETCH(bool, isGood);
    origin.replace("PORT", QByteArray::number(m_shelf->port()));
    const QByteArray header = "Origin: " + origin;
    Client owner(*m_shelf);
    const QByteArray path = owner.create(3);
    Client client(*m_shelf);
    QCOMPARE(client.patch(path, 0, "a", {header}).status, isGood ? 204 : 403);
    QCOMPARE(owner.offsetOf(path), isGood ? qint64(1) : qint64(0));
    QCOMPARE(Client(*m_shelf).request("OPTIONS", "/files", {header}).status, isGood ? 204 : 403);
    QCOMPARE(Client(*m_shelf).request("GET", "/", {header}).status, isGood ? 404 : 403);
}

void ShelfSecurityTest::neverAllowsAnotherOrigin()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(3);
    const QByteArray link = pathOf(client.patch(path, 0, "abc").header("Sendoff-Link"));
    const QByteArrayList preflight{"Origin: https://evil.example",
                                   "Access-Control-Request-Method: PATCH",
                                   "Access-Control-Request-Private-Network: true"};
    for (const QByteArray &target : {path, link, "/files"_qba, "/"_qba}) {
        for (const QByteArray method : {"OPTIONS", "GET", "HEAD", "POST"}) {
            const Reply reply = Client(*m_shelf).request(method, target, preflight);
            QCOMPARE(reply.status, 403);
            QVERIFY(!reply.headText.toLower().contains("access-control"));
            QVERIFY(!Client(*m_shelf)
                         .request(method, target)
                         .headText.toLower()
                         .contains("access-control"));
        }
    }
}

void ShelfSecurityTest::listensOnLoopbackOnly()
{
    // 127.0.0.2 is this computer too: were the server bound to any address, it would answer.
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(u"127.0.0.2"_s), m_shelf->port());
    QVERIFY(!socket.waitForConnected(5'000));
}

void ShelfSecurityTest::keepsFilesPrivate()
{
    const auto oldMask = ::umask(0);
    Client client(*m_shelf);
    const QByteArray path = client.create(10);
    QCOMPARE(client.patch(path, 0, "abc").status, 204);
    const FilePath uploads = m_shelf->stateFolder() / "uploads";
    QCOMPARE(modeOf(m_shelf->stateFolder()), 0700U);
    QCOMPARE(modeOf(uploads), 0700U);
    QCOMPARE(modeOf(m_shelf->stateFolder() / "identity.json"), 0600U);
    for (const auto &entry : std::filesystem::directory_iterator(uploads))
        QCOMPARE(modeOf(entry.path()), 0600U);
    ::umask(077);
    QCOMPARE(client.patch(path, 3, "defghij").status, 204);
    QCOMPARE(modeOf(m_shelf->folder() / "clip.mp4"), 0644U); // an ordinary file of the user
    ::umask(oldMask);
}

void ShelfSecurityTest::makesAnyNameSafe_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("stored");
    const auto row = [](const char *title, const QByteArray &given, const QByteArray &stored) {
        QTest::newRow(title) << given << stored;
    };
    row("a path upwards", "../../../etc/cron.d/x.mp4", "_.._.._etc_cron.d_x.mp4");
    row("an absolute path", "/etc/passwd.mp4", "_etc_passwd.mp4");
    row("a Windows path", "C:\\Windows\\a.mp4", "C__Windows_a.mp4");
    row("hidden", ".bashrc.mp4", "bashrc.mp4");
    row("a line break", "a\r\nSet-Cookie: x=1\r\n.mp4", "a__Set-Cookie_ x=1__.mp4");
    row("a zero byte", QByteArray("a.html\0.mp4", 11), "a.html_.mp4");
    row("text that runs backwards", "a\u202e4pm.mp4", "a_4pm.mp4");
    row("invalid UTF-8", "a\xff\xfe.mp4", "a__.mp4");
    row("markup", "<script>alert(1)</script>.mp4", "_script_alert(1)__script_.mp4");
    row("an option", "-rf.mp4", "-rf.mp4");
    row("a device of Windows", "CON.mp4", "_CON.mp4");
    row("spaces at the end", "a.mp4  ", "a.mp4");
    row("300 bytes", QByteArray(300, 'x') + ".mp4", QByteArray(236, 'x') + ".mp4");
    row("300 letters of two bytes", QByteArray("\u00e4").repeated(300) + ".mp4",
        QByteArray("\u00e4").repeated(118) + ".mp4");
    row("decomposed letters stay", "u\u0308.mp4", "u\u0308.mp4");
    row("percent signs stay", "%2e%2e%2fa.mp4", "%2e%2e%2fa.mp4");
}

void ShelfSecurityTest::makesAnyNameSafe()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, stored);
    Client client(*m_shelf);
    const QByteArray path = client.create(3, given);
    const Reply reply = client.patch(path, 0, "abc");
    QCOMPARE(reply.status, 204);
    QCOMPARE(m_shelf->videos(), QByteArrayList{stored});
    // In the link and its headers too: it works, and nothing was injected.
    const Reply video = client.request("GET", pathOf(reply.header("Sendoff-Link")));
    QCOMPARE(video.body, "abc"_qba);
    QVERIFY(!video.hasHeader("Set-Cookie"));
    // Nothing was written outside of the folder.
    QByteArrayList root;
    for (const auto &entry : std::filesystem::directory_iterator(m_shelf->root()))
        root.append(QByteArray::fromStdString(entry.path().filename().string()));
    std::sort(root.begin(), root.end());
    QCOMPARE(root, (QByteArrayList{"Videos", "state"}));
}

void ShelfSecurityTest::takesOnlyVideosAndSound_data()
{
    QTest::addColumn<QByteArray>("metadata");
    QTest::addColumn<QByteArray>("stored"); // empty: refused
    const auto pair = [](const char *key, const char *value) {
        return QByteArray(key) + ' ' + QByteArray(value).toBase64();
    };
    QTest::newRow("a page") << pair("filename", "a.html") << QByteArray();
    QTest::newRow("a picture that can hold scripts") << pair("filename", "a.svg") << QByteArray();
    QTest::newRow("a script") << pair("filename", "a.mp4.js") << QByteArray();
    QTest::newRow("a program") << pair("filename", "a.desktop") << QByteArray();
    QTest::newRow("a playlist") << pair("filename", "a.m3u8") << QByteArray();
    QTest::newRow("a page that says it is a video")
        << pair("filename", "a.html") + ',' + pair("filetype", "video/mp4") << QByteArray();
    QTest::newRow("no extension") << pair("filename", "clip") << QByteArray();
    QTest::newRow("only an extension") << pair("filename", ".mp4") << QByteArray();
    QTest::newRow("nothing") << ""_qba << QByteArray();
    QTest::newRow("no extension but a type")
        << pair("filename", "clip") + ',' + pair("filetype", "video/webm") << "clip.webm"_qba;
    QTest::newRow("only a type") << pair("filetype", "video/mp4") << "video.mp4"_qba;
    QTest::newRow("another key of clients") << pair("name", "a.mkv") << "a.mkv"_qba;
}

void ShelfSecurityTest::takesOnlyVideosAndSound()
{
    QFETCH(QByteArray, metadata);
    QFETCH(QByteArray, stored);
    Client client(*m_shelf);
    const Reply reply =
        client.request("POST", "/files", {"Upload-Length: 0", "Upload-Metadata: " + metadata});
    QCOMPARE(reply.status, stored.isEmpty() ? 415 : 201);
    QCOMPARE(m_shelf->videos(), stored.isEmpty() ? QByteArrayList() : QByteArrayList{stored});
}

void ShelfSecurityTest::neverWritesThroughASymbolicLink()
{
    const FilePath victim = m_shelf->root() / "victim";
    std::filesystem::create_directory(victim);
    std::filesystem::create_symlink(victim / "new", m_shelf->folder() / "clip.mp4");
    Client client(*m_shelf);
    const QByteArray path = client.create(3);
    const FilePath part =
        m_shelf->stateFolder() / "uploads" / (path.sliced(7).toStdString() + ".part");
    std::filesystem::remove(part);
    std::filesystem::create_symlink(victim / "other", part);
    QCOMPARE(client.patch(path, 0, "abc").status, 500); // the part file is not what it was
    const QByteArray second = client.create(3);
    QCOMPARE(client.patch(second, 0, "abc").status, 204);
    QCOMPARE(m_shelf->content("clip (2).mp4"), "abc"_qba);
    QVERIFY(std::filesystem::is_empty(victim));
}

void ShelfSecurityTest::servesNothingElse_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path :
         {"/", "/v", "/v/", "/v//", "/v/../../etc/passwd", "/v/clip.mp4", "/../state/identity.json",
          "/Videos/clip.mp4", "/v/00000000000000000000000000000000/clip.mp4",
          "/v/%2e%2e/%2e%2e/etc/passwd", "/favicon.ico", "/files.bak", "//", "/v/LINK",
          "/v/UPLOADID/clip.mp4"})
        QTest::newRow(path) << QByteArray(path);
}

void ShelfSecurityTest::servesNothingElse()
{
    QFETCH(QByteArray, path);
    Client client(*m_shelf);
    const QByteArray upload = client.create(3);
    const QByteArray link = pathOf(client.patch(upload, 0, "abc").header("Sendoff-Link"));
    // Neither a link cut short nor the upload's own id is a way in.
    path.replace("LINK", link.mid(3, 31)).replace("UPLOADID", upload.sliced(7));
    const Reply reply = client.request("GET", path);
    QCOMPARE(reply.status, 404);
    QVERIFY(!reply.body.contains("abc"));
    QCOMPARE(reply.header("X-Content-Type-Options"), "nosniff"_qba);
}

void ShelfSecurityTest::endsSlowHeaders()
{
    m_shelf->stop();
    m_shelf->options.headTimeout = std::chrono::milliseconds(400);
    QVERIFY(m_shelf->start());
    Client silent(*m_shelf);
    silent.send("");
    Client slow(*m_shelf);
    QElapsedTimer time;
    time.start();
    slow.send("GET / HTTP/1.1\r\n");
    // A byte now and then does not buy time.
    while (slow.isOpen() && time.elapsed() < 10'000) {
        slow.send("X");
        QTest::qWait(50);
    }
    QVERIFY(time.elapsed() >= 300);
    QVERIFY(time.elapsed() < 5'000);
    QTRY_VERIFY(!silent.isOpen());
    QCOMPARE(Client(*m_shelf).create(1).first(7), "/files/"_qba); // others are served
}

void ShelfSecurityTest::endsIdleConnectionsOnlyAfterALongTime()
{
    m_shelf->stop();
    m_shelf->options.headTimeout = std::chrono::milliseconds(200);
    QVERIFY(m_shelf->start());
    Client client(*m_shelf);
    const QByteArray path = client.create(10);
    QTest::qWait(700); // between requests there is another limit
    QVERIFY(client.isOpen());
    client.send(client.requestText(
                    "PATCH", path,
                    {"Content-Type: application/offset+octet-stream", "Upload-Offset: 0"}, 10)
                + "12345");
    QTest::qWait(700); // as there is inside of a body
    client.send("67890");
    QCOMPARE(client.readReply().status, 204);
}

void ShelfSecurityTest::holdsTheNumberOfConnections()
{
    m_shelf->stop();
    m_shelf->options.maxConnections = 8;
    QVERIFY(m_shelf->start());
    std::vector<std::unique_ptr<Client>> busy;
    for (int i = 0; i < 8; ++i) {
        busy.push_back(std::make_unique<Client>(*m_shelf));
        const QByteArray path = busy.back()->create(10);
        busy.back()->send(busy.back()->requestText("PATCH", path,
                                                   {"Content-Type: application/offset+octet-stream",
                                                    "Upload-Offset: 0", "Expect: 100-continue"},
                                                   10));
        QCOMPARE(busy.back()->readReply(false, true).status, 100); // it has begun
    }
    Client tooMany(*m_shelf);
    const Reply refused = tooMany.request("HEAD", "/files/x");
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.header("Retry-After"), "1"_qba);
    for (const auto &client : busy) {
        client->send("0123456789");
        QCOMPARE(client->readReply().status, 204);
    }
    busy.clear();
    QTRY_COMPARE(Client(*m_shelf).request("OPTIONS", "/files").status, 204);
}

void ShelfSecurityTest::sacrificesIdleConnectionsFirst()
{
    m_shelf->stop();
    m_shelf->options.maxConnections = 4;
    QVERIFY(m_shelf->start());
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 4; ++i) {
        idle.push_back(std::make_unique<Client>(*m_shelf));
        QCOMPARE(idle.back()->request("OPTIONS", "/files").status, 204);
    }
    Client fifth(*m_shelf);
    QCOMPARE(fifth.request("OPTIONS", "/files").status, 204);
    QTRY_VERIFY(!idle.front()->isOpen()); // the oldest
    QVERIFY(idle.back()->isOpen());
}

void ShelfSecurityTest::outlivesGarbage()
{
    for (
        const QByteArray &garbage :
        {"\x16\x03\x01\x02\x00\r\n\r\n"_qba, QByteArray(100'000, '\0'), QByteArray(100'000, 'x'),
         "GET / HTTP/1.1\r\n\r\n"_qba, QByteArray("\r\n").repeated(50'000),
         "PATCH /files/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"_qba}) {
        Client client(*m_shelf);
        client.send(garbage);
        const Reply reply = client.readReply();
        QVERIFY(reply.status >= 400 && reply.status < 500);
        QCOMPARE(reply.header("Connection"), "close"_qba);
    }
    QVERIFY(!Client(*m_shelf).create(1).isEmpty());
}

// A server that simply closed would reset the connection under the client's hands, which then sees
// a broken network instead of the reason.
void ShelfSecurityTest::aRefusalIsReadEvenWhileTheBodyIsSent()
{
    Client client(*m_shelf);
    client.authorization = "Bearer wrong";
    const QByteArray path = Client(*m_shelf).create(50 << 20);
    client.send(client.requestText(
                    "PATCH", path,
                    {"Content-Type: application/offset+octet-stream", "Upload-Offset: 0"}, 50 << 20)
                + QByteArray(20 << 20, 'x'));
    const Reply reply = client.readReply();
    QCOMPARE(reply.status, 401);
    QCOMPARE(reply.header("Connection"), "close"_qba);
    QCOMPARE(Client(*m_shelf).offsetOf(path), qint64(0));
}

QTEST_GUILESS_MAIN(ShelfSecurityTest)
#include "tst_shelf_security.moc"
