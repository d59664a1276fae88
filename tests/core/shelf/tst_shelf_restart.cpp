// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/shelf/shelf_fixture.h"

#include "core/base/error_text.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <unistd.h>

using namespace sendoff;
using namespace sendoff::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArrayList patchHeaders{"Content-Type: application/offset+octet-stream"};

QByteArray patchText(const Client &client, const QByteArray &path, qint64 offset, qint64 bytes,
                     const QByteArrayList &more = {})
{
    return client.requestText("PATCH", path,
                              patchHeaders + more
                                  + QByteArrayList{"Upload-Offset: " + QByteArray::number(offset)},
                              bytes);
}

// A Shelf in a process of its own, which can be killed.
class ShelfProcess {
public:
    explicit ShelfProcess(const ShelfFixture &files, const QByteArray &crashAt = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        if (!crashAt.isEmpty())
            environment.insert(u"SENDOFF_CRASH_AT"_s, QString::fromLatin1(crashAt));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(),
                        {u"--serve"_s, QString::fromStdString(files.folder().string()),
                         QString::fromStdString(files.stateFolder().string())});
        while (!m_process.canReadLine() && m_process.waitForReadyRead(20'000)) {}
        m_isReady = m_process.readLine() == "ready\n"; // at the port that is kept
    }
    bool isReady() const { return m_isReady; }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    bool waitForDeath() { return m_process.waitForFinished(20'000); }

private:
    QProcess m_process;
    bool m_isReady = false;
};

} // namespace

class ShelfRestartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void keepsPortTokenAndLinks();
    void mendsADamagedIdentity();
    void takesThePortItIsGiven();
    void saysWhichPortIsTaken();
    void saysWhichFolderCannotBeWritten();
    void goesOnAfterAStopInsideOfABody();
    void goesOnAfterAKillInsideOfABody();
    void dropsUnverifiedBytesAfterAKill();
    void knowsAVideoThatWasRenamedJustBeforeAKill();
    void publishesWhatWasCompleteBeforeAKill();
    void removesOrphansAndNothingElse();
    void keepsTheRecordOfAVideoWhoseDiskIsAway();

private:
    FilePath uploads() const { return m_shelf->stateFolder() / "uploads"; }
    FilePath partOf(const QByteArray &path) const
    {
        return uploads() / (path.sliced(7).toStdString() + ".part");
    }

    std::unique_ptr<ShelfFixture> m_shelf;
};

void ShelfRestartTest::init()
{
    m_shelf = std::make_unique<ShelfFixture>();
    QVERIFY(m_shelf->start());
}

void ShelfRestartTest::cleanup()
{
    m_shelf.reset();
}

void ShelfRestartTest::keepsPortTokenAndLinks()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(3);
    const QByteArray link = client.patch(path, 0, "abc").header("Sendoff-Link");
    const quint16 port = m_shelf->port();
    const QByteArray token = m_shelf->token();
    for (int round = 0; round < 3; ++round) {
        m_shelf->stop();
        QVERIFY(m_shelf->start());
        QCOMPARE(m_shelf->port(), port);
        QCOMPARE(m_shelf->token(), token);
        Client again(*m_shelf);
        QCOMPARE(again.request("GET", pathOf(link)).body, "abc"_qba);
        QCOMPARE(again.request("HEAD", path).header("Sendoff-Link"), link);
    }
    QCOMPARE(m_shelf->finished().size(), 1); // not announced again
}

void ShelfRestartTest::mendsADamagedIdentity()
{
    const QByteArray token = m_shelf->token();
    m_shelf->stop();
    QFile file(QString::fromStdString((m_shelf->stateFolder() / "identity.json").string()));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("{\"port\": \"x\", \"token\": \"guess\"}");
    file.close();
    QVERIFY(m_shelf->start());
    QVERIFY(m_shelf->token() != token);
    QCOMPARE(m_shelf->token().size(), 43); // never one that somebody could guess
}

void ShelfRestartTest::takesThePortItIsGiven()
{
    QTcpServer probe;
    QVERIFY(probe.listen(QHostAddress::LocalHost));
    const quint16 port = probe.serverPort();
    probe.close();
    m_shelf->stop();
    m_shelf->options.port = port;
    QVERIFY(m_shelf->start());
    QCOMPARE(m_shelf->port(), port);
    m_shelf->stop();
    m_shelf->options.port = 0;
    QVERIFY(m_shelf->start());
    QCOMPARE(m_shelf->port(), port); // links that were given out carry it
}

void ShelfRestartTest::saysWhichPortIsTaken()
{
    const quint16 port = m_shelf->port();
    m_shelf->stop();
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost, port));
    const Result<void> started = m_shelf->start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::DestinationUnreachable);
    const QString sentence = describe(started.error()).what;
    QCOMPARE(sentence,
             u"Can't reach the Shelf: another program on this computer uses port %1."_s.arg(port));
    other.close();
    QVERIFY(m_shelf->start());
    QCOMPARE(m_shelf->port(), port);
}

void ShelfRestartTest::saysWhichFolderCannotBeWritten()
{
    m_shelf->stop();
    m_shelf->options.folder = m_shelf->root() / "file" / "Videos";
    QFile(QString::fromStdString((m_shelf->root() / "file").string())).open(QIODevice::WriteOnly);
    const Result<void> started = m_shelf->start();
    QVERIFY(!started);
    QVERIFY2(describe(started.error()).what.contains(u"file/Videos"),
             qPrintable(describe(started.error()).what));
}

void ShelfRestartTest::goesOnAfterAStopInsideOfABody()
{
    const QByteArray bytes = testBytes(2'000'000);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    client.send(patchText(client, path, 0, bytes.size()) + bytes.first(777'777));
    QTRY_COMPARE(std::filesystem::file_size(partOf(path)), std::uintmax_t(777'777));
    m_shelf->stop();
    QVERIFY(m_shelf->start());
    Client again(*m_shelf);
    QCOMPARE(again.offsetOf(path), qint64(777'777));
    QCOMPARE(again.patch(path, 777'777, bytes.sliced(777'777)).status, 204);
    QVERIFY(m_shelf->content("clip.mp4") == bytes);
}

void ShelfRestartTest::goesOnAfterAKillInsideOfABody()
{
    const QByteArray bytes = testBytes(8 << 20);
    m_shelf->stop();
    QByteArray path;
    qint64 offset = 0;
    for (int round = 0; round < 4; ++round) {
        ShelfProcess process(*m_shelf);
        QVERIFY(process.isReady());
        Client client(*m_shelf);
        if (path.isEmpty())
            path = client.create(bytes.size());
        const qint64 known = client.offsetOf(path);
        QVERIFY(known >= offset); // what once was told is never lost
        offset = known;
        client.send(patchText(client, path, offset, bytes.size() - offset)
                    + bytes.mid(offset, 1'500'000));
        QTRY_COMPARE(std::filesystem::file_size(partOf(path)), std::uintmax_t(offset + 1'500'000));
        process.kill();
    }
    QVERIFY(m_shelf->start());
    Client client(*m_shelf);
    offset = client.offsetOf(path);
    QCOMPARE(offset, qint64(6'000'000));
    QCOMPARE(client.patch(path, offset, bytes.sliced(offset)).status, 204);
    const QByteArray sum =
        run(u"sha256sum"_s, {QString::fromStdString((m_shelf->folder() / "clip.mp4").string())});
    QCOMPARE(sum.first(64), QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

void ShelfRestartTest::dropsUnverifiedBytesAfterAKill()
{
    const QByteArray bytes = testBytes(100'000);
    m_shelf->stop();
    QByteArray path;
    const QByteArray checksum = "Upload-Checksum: sha1 "
        + QCryptographicHash::hash(bytes.sliced(1000), QCryptographicHash::Sha1).toBase64();
    {
        ShelfProcess process(*m_shelf);
        QVERIFY(process.isReady());
        Client client(*m_shelf);
        path = client.create(bytes.size());
        QCOMPARE(client.patch(path, 0, bytes.first(1000)).status, 204);
        client.send(patchText(client, path, 1000, 99'000, {checksum}) + bytes.mid(1000, 50'000));
        QTRY_COMPARE(std::filesystem::file_size(partOf(path)), std::uintmax_t(51'000));
        process.kill();
    }
    QVERIFY(m_shelf->start());
    Client client(*m_shelf);
    QCOMPARE(client.offsetOf(path), qint64(1000));
    QCOMPARE(client.patch(path, 1000, bytes.sliced(1000), {checksum}).status, 204);
    QVERIFY(m_shelf->content("clip.mp4") == bytes);
}

void ShelfRestartTest::knowsAVideoThatWasRenamedJustBeforeAKill()
{
    m_shelf->stop();
    QByteArray path;
    {
        ShelfProcess process(*m_shelf, "shelf-renamed");
        QVERIFY(process.isReady());
        Client client(*m_shelf);
        path = client.create(3);
        QCOMPARE(client.patch(path, 0, "abc").status, 0); // died instead of answering
        QVERIFY(process.waitForDeath());
    }
    QCOMPARE(m_shelf->videos(), QByteArrayList{"clip.mp4"});
    QVERIFY(m_shelf->start());
    Client client(*m_shelf);
    const Reply head = client.request("HEAD", path);
    QCOMPARE(head.header("Upload-Offset"), "3"_qba);
    QCOMPARE(client.request("GET", pathOf(head.header("Sendoff-Link"))).body, "abc"_qba);
    QCOMPARE(m_shelf->videos(), QByteArrayList{"clip.mp4"}); // no second copy
}

void ShelfRestartTest::publishesWhatWasCompleteBeforeAKill()
{
    m_shelf->stop();
    QByteArray path;
    {
        ShelfProcess process(*m_shelf, "shelf-complete");
        QVERIFY(process.isReady());
        Client client(*m_shelf);
        path = client.create(3);
        QCOMPARE(client.patch(path, 0, "abc").status, 0);
        QVERIFY(process.waitForDeath());
    }
    QCOMPARE(m_shelf->videos(), QByteArrayList());
    QVERIFY(m_shelf->start());
    QTRY_COMPARE(m_shelf->videos(), QByteArrayList{"clip.mp4"}); // without being asked
    QTRY_COMPARE(m_shelf->finished().size(), 1);
    QVERIFY(Client(*m_shelf).request("HEAD", path).hasHeader("Sendoff-Link"));
}

void ShelfRestartTest::removesOrphansAndNothingElse()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(10);
    QCOMPARE(client.patch(path, 0, "abc").status, 204);
    m_shelf->stop();
    const auto write = [](const FilePath &file, const QByteArray &bytes) {
        QFile out(QString::fromStdString(file.string()));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(bytes);
    };
    const std::string strange(32, 'a');
    write(uploads() / (strange + ".part"), "no record");
    write(uploads() / (strange + ".json.tmp"), "half");
    write(uploads() / "damaged.json", "{");
    write(uploads() / (std::string(32, 'b') + ".json"),
          "{\"version\":1,\"id\":\"../../../../x\",\"state\":\"receiving\"}");
    write(uploads() / "notes.txt", "somebody's");
    write(m_shelf->folder() / ".hidden.part", "somebody's");
    QVERIFY(m_shelf->start());
    QVERIFY(!std::filesystem::exists(uploads() / (strange + ".part")));
    QVERIFY(!std::filesystem::exists(uploads() / (strange + ".json.tmp")));
    QVERIFY(std::filesystem::exists(uploads() / "damaged.json"));
    QVERIFY(std::filesystem::exists(uploads() / "notes.txt"));
    QVERIFY(std::filesystem::exists(m_shelf->folder() / ".hidden.part"));
    QCOMPARE(Client(*m_shelf).offsetOf(path), qint64(3));
    // A record without its bytes is an upload that is no more.
    m_shelf->stop();
    std::filesystem::remove(partOf(path));
    QVERIFY(m_shelf->start());
    QCOMPARE(Client(*m_shelf).request("HEAD", path).status, 404);
}

void ShelfRestartTest::keepsTheRecordOfAVideoWhoseDiskIsAway()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(3);
    const QByteArray link = pathOf(client.patch(path, 0, "abc").header("Sendoff-Link"));
    m_shelf->stop();
    const FilePath away = m_shelf->root() / "away";
    std::filesystem::rename(m_shelf->folder(), away);
    QVERIFY(m_shelf->start());
    QCOMPARE(Client(*m_shelf).request("GET", link).status, 404);
    m_shelf->stop();
    std::filesystem::remove(m_shelf->folder());
    std::filesystem::rename(away, m_shelf->folder());
    QVERIFY(m_shelf->start());
    QCOMPARE(Client(*m_shelf).request("GET", link).body, "abc"_qba);
    // Gone for good, and long ago: forgotten.
    m_shelf->stop();
    std::filesystem::remove(m_shelf->folder() / "clip.mp4");
    QFile record(
        QString::fromStdString((uploads() / (path.sliced(7).toStdString() + ".json")).string()));
    QVERIFY(record.open(QIODevice::ReadWrite));
    QJsonObject json = QJsonDocument::fromJson(record.readAll()).object();
    json[u"finished_at"] = json[u"finished_at"].toInteger() - 31 * 24 * 3600;
    record.resize(0);
    record.seek(0);
    record.write(QJsonDocument(json).toJson());
    record.close();
    QVERIFY(m_shelf->start());
    QVERIFY(std::filesystem::is_empty(uploads()));
}

namespace {

// The other side of ShelfProcess.
int serve(int &argc, char **argv)
{
    QCoreApplication application(argc, argv);
    shelf::ShelfOptions options;
    options.folder = argv[2];
    options.stateFolder = argv[3];
    options.freeSpaceFloor = 0;
    const auto server = shelf::ShelfServer::start(options);
    if (!server)
        return 1;
    if (::write(STDOUT_FILENO, "ready\n", 6) != 6)
        return 1;
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 4 && QByteArrayView(argv[1]) == "--serve")
        return serve(argc, argv);
    QCoreApplication application(argc, argv);
    ShelfRestartTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_shelf_restart.moc"
