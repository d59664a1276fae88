// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads to the Shelf that break, are checked, are given up, or are many.
#include "tests/core/shelf/shelf_fixture.h"

#include <QCryptographicHash>
#include <QFile>
#include <QStandardPaths>
#include <QTest>

#include <filesystem>

using namespace sendoff;
using namespace sendoff::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray tusBody = "Content-Type: application/offset+octet-stream";

QByteArray checksumHeader(const QByteArray &body, QCryptographicHash::Algorithm algorithm,
                          const QByteArray &name)
{
    return "Upload-Checksum: " + name + ' ' + QCryptographicHash::hash(body, algorithm).toBase64();
}

} // namespace

class ShelfTusBreaksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void keepsWhatArrivedOfABrokenBody_data();
    void keepsWhatArrivedOfABrokenBody();
    void newerPatchEndsTheOlder();
    void headEndsAHangingPatch();
    void verifiesChecksums_data();
    void verifiesChecksums();
    void takesBackABrokenBodyWithChecksum();
    void answersAgainAfterTheFinalReplyWasLost();
    void terminates();
    void terminationSparesAChangedVideo();
    void forgetsACreationThatBroke();
    void takesManyUploadsAtOnce();
    void usesLittleMemory();

private:
    std::unique_ptr<ShelfFixture> m_shelf;
};

void ShelfTusBreaksTest::init()
{
    m_shelf = std::make_unique<ShelfFixture>();
    QVERIFY(m_shelf->start());
}

void ShelfTusBreaksTest::cleanup()
{
    m_shelf.reset();
}

void ShelfTusBreaksTest::keepsWhatArrivedOfABrokenBody_data()
{
    QTest::addColumn<bool>("isReset");
    QTest::newRow("closed") << false;
    QTest::newRow("reset once all had been read") << true;
}

void ShelfTusBreaksTest::keepsWhatArrivedOfABrokenBody()
{
    QFETCH(bool, isReset);
    const QByteArray bytes = testBytes(3'000'000);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    client.send(client.requestText("PATCH", path, {tusBody, "Upload-Offset: 0"}, bytes.size())
                + bytes.first(1'234'567));
    if (!isReset)
        client.close();
    // Whoever asks before ends the older request, and with it what was not read of it yet.
    const FilePath part =
        m_shelf->stateFolder() / "uploads" / (path.sliced(7).toStdString() + ".part");
    QTRY_COMPARE(std::filesystem::file_size(part), std::uintmax_t(1'234'567));
    if (isReset)
        client.reset();
    Client other(*m_shelf);
    QCOMPARE(other.offsetOf(path), qint64(1'234'567));
    QCOMPARE(other.patch(path, 1'234'567, bytes.sliced(1'234'567)).status, 204);
    QCOMPARE(m_shelf->content("clip.mp4"), bytes);
}

// A client whose network changed must not wait for the server to notice that the old connection
// is dead.
void ShelfTusBreaksTest::newerPatchEndsTheOlder()
{
    const QByteArray bytes = testBytes(100'000);
    Client older(*m_shelf);
    const QByteArray path = older.create(bytes.size());
    older.send(older.requestText("PATCH", path, {tusBody, "Upload-Offset: 0"}, bytes.size())
               + bytes.first(40'000));
    const FilePath part =
        m_shelf->stateFolder() / "uploads" / (path.sliced(7).toStdString() + ".part");
    QTRY_COMPARE(std::filesystem::file_size(part), std::uintmax_t(40'000));
    Client newer(*m_shelf);
    QCOMPARE(newer.patch(path, 40'000, bytes.sliced(40'000)).status, 204);
    QVERIFY(!older.isOpen());
    QCOMPARE(m_shelf->content("clip.mp4"), bytes);
}

void ShelfTusBreaksTest::headEndsAHangingPatch()
{
    const QByteArray bytes = testBytes(100'000);
    Client hanging(*m_shelf);
    const QByteArray path = hanging.create(bytes.size());
    hanging.send(hanging.requestText("PATCH", path, {tusBody, "Upload-Offset: 0"}, bytes.size())
                 + bytes.first(40'000));
    const FilePath part =
        m_shelf->stateFolder() / "uploads" / (path.sliced(7).toStdString() + ".part");
    QTRY_COMPARE(std::filesystem::file_size(part), std::uintmax_t(40'000));
    Client client(*m_shelf);
    QCOMPARE(client.offsetOf(path), qint64(40'000));
    QVERIFY(!hanging.isOpen()); // the offset that was told stands
    QCOMPARE(client.patch(path, 40'000, bytes.sliced(40'000)).status, 204);
    QCOMPARE(m_shelf->content("clip.mp4"), bytes);
}

void ShelfTusBreaksTest::verifiesChecksums_data()
{
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("sha1") << int(QCryptographicHash::Sha1) << "sha1"_qba;
    QTest::newRow("sha256") << int(QCryptographicHash::Sha256) << "sha256"_qba;
}

void ShelfTusBreaksTest::verifiesChecksums()
{
    QFETCH(int, algorithm);
    QFETCH(QByteArray, name);
    const auto hash = QCryptographicHash::Algorithm(algorithm);
    const QByteArray bytes = testBytes(700'000);
    QByteArray damaged = bytes;
    damaged[600'000] = char(damaged[600'000] ^ 1);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    const QByteArray first = bytes.first(100'000);
    QCOMPARE(client.patch(path, 0, first, {checksumHeader(first, hash, name)}).status, 204);
    const QByteArray header = checksumHeader(bytes.sliced(100'000), hash, name);
    QCOMPARE(client.patch(path, 100'000, damaged.sliced(100'000), {header}).status, 460);
    QCOMPARE(client.offsetOf(path), qint64(100'000)); // on the same connection
    QCOMPARE(m_shelf->videos(), QByteArrayList());
    QCOMPARE(client.patch(path, 100'000, bytes.sliced(100'000), {header}).status, 204);
    QCOMPARE(m_shelf->content("clip.mp4"), bytes);
}

void ShelfTusBreaksTest::takesBackABrokenBodyWithChecksum()
{
    const QByteArray bytes = testBytes(100'000);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    const QByteArray header = checksumHeader(bytes, QCryptographicHash::Sha1, "sha1");
    client.send(
        client.requestText("PATCH", path, {tusBody, "Upload-Offset: 0", header}, bytes.size())
        + bytes.first(40'000));
    const FilePath part =
        m_shelf->stateFolder() / "uploads" / (path.sliced(7).toStdString() + ".part");
    QTRY_COMPARE(std::filesystem::file_size(part), std::uintmax_t(40'000));
    client.close();
    QTRY_COMPARE(std::filesystem::file_size(part), std::uintmax_t(0)); // not one was verified
    QCOMPARE(Client(*m_shelf).offsetOf(path), qint64(0));
}

void ShelfTusBreaksTest::answersAgainAfterTheFinalReplyWasLost()
{
    const QByteArray bytes = testBytes(1000);
    Client client(*m_shelf);
    const QByteArray path = client.create(bytes.size());
    client.send(client.requestText("PATCH", path, {tusBody, "Upload-Offset: 0"}, bytes.size())
                + bytes);
    client.close(); // without reading
    QTRY_COMPARE(m_shelf->videos(), QByteArrayList{"clip.mp4"});
    Client other(*m_shelf);
    const Reply head = other.request("HEAD", path);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.header("Upload-Offset"), "1000"_qba);
    QCOMPARE(head.header("Upload-Length"), "1000"_qba);
    QCOMPARE(head.header("Cache-Control"), "no-store"_qba);
    QCOMPARE(head.header("Upload-Metadata"), nameHeader("clip.mp4").sliced(17));
    const QByteArray link = head.header("Sendoff-Link");
    QCOMPARE(other.request("GET", pathOf(link)).body, bytes);
    // An empty PATCH at the end is answered likewise, another byte is not taken.
    QCOMPARE(other.patch(path, 1000, {}).header("Sendoff-Link"), link);
    QCOMPARE(other.patch(path, 1000, "x").status, 413);
    QCOMPARE(m_shelf->videos().size(), 1);
}

void ShelfTusBreaksTest::terminates()
{
    Client client(*m_shelf);
    const QByteArray unfinished = client.create(100);
    QCOMPARE(client.patch(unfinished, 0, testBytes(50)).status, 204);
    const QByteArray finished = client.create(3, "done.mp4");
    const QByteArray link = pathOf(client.patch(finished, 0, "abc").header("Sendoff-Link"));
    QCOMPARE(client.request("GET", link).status, 200);
    for (const QByteArray &path : {unfinished, finished}) {
        QCOMPARE(client.request("DELETE", path).status, 204);
        QCOMPARE(client.request("HEAD", path).status, 404);
        QCOMPARE(client.request("DELETE", path).status, 404);
    }
    QCOMPARE(client.request("GET", link).status, 404);
    QCOMPARE(m_shelf->videos(), QByteArrayList());
    QVERIFY(std::filesystem::is_empty(m_shelf->stateFolder() / "uploads"));
}

void ShelfTusBreaksTest::terminationSparesAChangedVideo()
{
    Client client(*m_shelf);
    const QByteArray path = client.create(3);
    QCOMPARE(client.patch(path, 0, "abc").status, 204);
    QFile video(QString::fromStdString((m_shelf->folder() / "clip.mp4").string()));
    QVERIFY(video.open(QIODevice::WriteOnly | QIODevice::Truncate));
    video.write("xyz"); // the user's own work, of the same size
    video.close();
    QCOMPARE(client.request("DELETE", path).status, 204);
    QCOMPARE(m_shelf->content("clip.mp4"), "xyz"_qba);
}

void ShelfTusBreaksTest::forgetsACreationThatBroke()
{
    Client client(*m_shelf);
    const FilePath uploads = m_shelf->stateFolder() / "uploads";
    client.send(client.requestText("POST", "/files",
                                   {"Upload-Length: 1000", nameHeader("a.mp4"), tusBody}, 1000)
                + testBytes(500));
    QTRY_VERIFY(!std::filesystem::is_empty(uploads));
    client.close();
    QTRY_VERIFY(std::filesystem::is_empty(uploads)); // nobody knows its URL
}

void ShelfTusBreaksTest::takesManyUploadsAtOnce()
{
    constexpr int count = 50;
    std::vector<std::unique_ptr<Client>> clients;
    QByteArrayList paths;
    for (int i = 0; i < count; ++i) {
        auto client = std::make_unique<Client>(*m_shelf);
        paths.append(client->create(200'000, "v" + QByteArray::number(i) + ".mp4"));
        client->send(
            client->requestText("PATCH", paths.last(), {tusBody, "Upload-Offset: 0"}, 200'000));
        clients.push_back(std::move(client));
    }
    for (int piece = 0; piece < 4; ++piece) {
        for (int i = 0; i < count; ++i)
            clients[i]->send(testBytes(200'000, quint32(i)).mid(piece * 50'000, 50'000));
    }
    for (int i = 0; i < count; ++i) {
        QCOMPARE(clients[i]->readReply().status, 204);
        QVERIFY(m_shelf->content("v" + QByteArray::number(i) + ".mp4")
                == testBytes(200'000, quint32(i)));
    }
}

void ShelfTusBreaksTest::usesLittleMemory()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("sanitizers have memory of their own");
#endif
    if (QStandardPaths::findExecutable(u"curl"_s).isEmpty())
        QSKIP("curl is not installed");
    constexpr qint64 size = 256 << 20;
    const FilePath source = m_shelf->root() / "sparse";
    QFile(QString::fromStdString(source.string())).open(QIODevice::WriteOnly);
    std::filesystem::resize_file(source, size);
    Client client(*m_shelf);
    const QByteArray path = client.create(size);
    QFile clear(u"/proc/self/clear_refs"_s); // resets the peak
    if (!clear.open(QIODevice::WriteOnly) || clear.write("5") != 1)
        QSKIP("the peak of memory cannot be measured here");
    clear.close();
    const qint64 before = residentBytes();
    run(u"curl"_s,
        {u"-sS"_s, u"-X"_s, u"PATCH"_s, u"-T"_s, QString::fromStdString(source.string()), u"-H"_s,
         QString::fromLatin1("Authorization: Bearer " + m_shelf->token()), u"-H"_s,
         u"Tus-Resumable: 1.0.0"_s, u"-H"_s, u"Upload-Offset: 0"_s, u"-H"_s,
         QString::fromLatin1(tusBody), QString::fromLatin1(m_shelf->origin() + path)});
    QCOMPARE(client.offsetOf(path), size);
    const QByteArray link = client.request("HEAD", path).header("Sendoff-Link");
    run(u"curl"_s, {u"-sS"_s, u"-o"_s, u"/dev/null"_s, QString::fromLatin1(link)});
    const qint64 growth = peakResidentBytes() - before;
    qInfo("memory grew by %lld KiB while 256 MiB came and went", growth / 1024);
    QVERIFY2(growth < (20 << 20), QByteArray::number(growth).constData());
}

QTEST_GUILESS_MAIN(ShelfTusBreaksTest)
#include "tst_shelf_tus_breaks.moc"
