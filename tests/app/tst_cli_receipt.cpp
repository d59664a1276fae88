// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What “queue show” tells of a delivered job, against what really lies at the destination and what
// its server was asked for.
#include "tests/support/fake_server.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/swift_server_process.h"

#include <QJsonArray>
#include <QUrl>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_receipt : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsWhatAFolderHas();
    void tellsWhatATusServerHas();
    void countsWhatWasSentAgain();
    void tellsWhatABucketHas();

private:
    // Delivers the file as it is; returns the upload leg as “queue show” has it.
    QJsonObject delivered(const FilePath &file, const std::string &place,
                          const std::vector<std::string> &environment = {}) const;

    Scratch m_scratch;
    FilePath m_profile;
};

namespace {

constexpr qint64 size = 3'000'000;

std::string content(qint64 bytes)
{
    std::string text(std::size_t(bytes), '\0');
    quint32 word = 1;
    for (char &byte : text)
        byte = char((word = word * 1'664'525u + 1'013'904'223u) >> 24);
    return text;
}

// What the result says whatever the destination is.
bool isOf(const QJsonObject &result, const FilePath &file)
{
    return result[u"bytes"].toInteger() == qint64(std::filesystem::file_size(file))
        && result[u"sha256"].toString().toLatin1() == sha256OfFileByCoreutils(file.string());
}

// Requests that made an upload or carried bytes.
int attemptsSeen(const FakeServer &server)
{
    return server.count("POST") + server.count("PATCH");
}

qint64 bytesTaken(const FakeServer::Upload &upload)
{
    qint64 sum = 0;
    for (const ByteRange &range : upload.received)
        sum += range.size();
    return sum;
}

std::string placeOf(const FakeServer &server)
{
    return "tus+" + server.url().toString().toStdString();
}

} // namespace

void tst_cli_receipt::init()
{
    static int number = 0;
    m_profile = m_scratch.root() / ("profile-" + std::to_string(++number));
}

QJsonObject tst_cli_receipt::delivered(const FilePath &file, const std::string &place,
                                       const std::vector<std::string> &environment) const
{
    const auto queue = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "queue");
        return runProgram(sendoffCommand(m_profile.string(), words), environment);
    };
    const Finished added = queue({"add", file.string(), "--as-is", "--to", place});
    const std::string id =
        added.eventsOf(u"added"_qs).value(0)[u"job"].toString().toStdString();
    const Finished ran = queue({"run"});
    if (added.exitCode != 0 || ran.exitCode != 0) {
        qWarning("%s%s", added.ending().constData(), ran.ending().constData());
        return {};
    }
    const QJsonObject leg =
        queue({"show", id}).eventsOf(u"job"_qs).value(0)[u"legs"][1].toObject();
    // The same as was said when it was done.
    const QJsonObject said = ran.eventsOf(u"done"_qs, u"upload"_qs).value(0);
    const QJsonObject result = leg[u"result"].toObject();
    for (auto it = result.begin(); it != result.end(); ++it) {
        if (said[it.key()] != it.value()) {
            qWarning("“done” says something else of %s", qPrintable(it.key()));
            return {};
        }
    }
    return leg;
}

void tst_cli_receipt::tellsWhatAFolderHas()
{
    const FilePath file = m_scratch.file("folder.mp4", content(size));
    const FilePath folder = m_scratch.folder("delivered");
    const QJsonObject leg = delivered(file, "file://" + folder.string());
    const QJsonObject result = leg[u"result"].toObject();
    QCOMPARE(leg[u"state"].toString(), u"done"_qs);
    QVERIFY(isOf(result, file));
    const QUrl url(result[u"url"].toString());
    QCOMPARE(url.toLocalFile().toStdString(), (folder / "folder.mp4").string());
    QCOMPARE(sha256OfFileByCoreutils(url.toLocalFile().toStdString()),
             result[u"sha256"].toString().toLatin1());
    QCOMPARE(result[u"verified_by"].toString(), u"size+sha256"_qs);
    QCOMPARE(result[u"resent_bytes"].toInteger(-1), 0);
    QVERIFY(result[u"attempts"].toInt() >= 1);
}

void tst_cli_receipt::tellsWhatATusServerHas()
{
    const FakeServer server;
    const std::string bytes = content(size);
    const FilePath file = m_scratch.file("tus.mp4", bytes);
    const QJsonObject leg = delivered(file, placeOf(server));
    const QJsonObject result = leg[u"result"].toObject();
    QVERIFY(isOf(result, file));
    QCOMPARE(server.uploads().size(), 1);
    const FakeServer::Upload upload = server.uploads().constFirst();
    QVERIFY(upload.bytes == QByteArray::fromStdString(bytes));
    QCOMPARE(QUrl(result[u"url"].toString()).path().toLatin1(), upload.path);
    QCOMPARE(QUrl(result[u"url"].toString()).port(), server.url().port());
    QCOMPARE(result[u"verified_by"].toString(), u"offset"_qs);
    QCOMPARE(result[u"attempts"].toInt(), attemptsSeen(server));
    QCOMPARE(result[u"resent_bytes"].toInteger(-1), 0);
    QCOMPARE(leg[u"receipt"][u"protocol"].toString(), u"tus"_qs);
    // The address is a secret as long as the upload is not done; here it is the link.
    QVERIFY(!leg[u"receipt"][u"url"].toString().contains(QString::fromLatin1(upload.path)));
}

// The connection breaks, and the server then has less than it had.
void tst_cli_receipt::countsWhatWasSentAgain()
{
    FakeServer server;
    Fault cut;
    cut.method = "PATCH";
    cut.what = Fault::Do::Cut;
    cut.bytes = 1'000'000;
    server.script(cut);
    Fault loss;
    loss.method = "HEAD";
    loss.what = Fault::Do::LoseBytes;
    loss.bytes = 400'000;
    server.script(loss);
    const FilePath file = m_scratch.file("broken.mp4", content(size));
    const QJsonObject result = delivered(file, placeOf(server))[u"result"].toObject();
    QVERIFY(isOf(result, file));
    const FakeServer::Upload upload = server.uploads().value(0);
    QCOMPARE(bytesTaken(upload), size + 600'000);
    QCOMPARE(result[u"attempts"].toInt(), attemptsSeen(server));
    QCOMPARE(result[u"attempts"].toInt(), 3);
    // What lay in the buffers when it broke has to be sent again, too.
    const qint64 resent = result[u"resent_bytes"].toInteger();
    QVERIFY2(resent >= 600'000 && resent <= size - 400'000, qPrintable(QString::number(resent)));
}

void tst_cli_receipt::tellsWhatABucketHas()
{
    SwiftServerProcess swift;
    QVERIFY2(swift.start(), qPrintable(swift.why()));
    swift.makeBucket(u"films"_qs);
    const FilePath file = m_scratch.file("film.mp4", content(20 << 20)); // three parts
    const std::string endpoint = swift.endpoint().toString().toStdString();
    const QJsonObject leg = delivered(
        file, "s3://films?path_style=1&endpoint=" + endpoint,
        {std::string("AWS_ACCESS_KEY_ID=") + SwiftServerProcess::accessKey,
         std::string("AWS_SECRET_ACCESS_KEY=") + SwiftServerProcess::secretKey});
    const QJsonObject result = leg[u"result"].toObject();
    QVERIFY(isOf(result, file));
    QCOMPARE(swift.keys(u"films"_qs), QStringList(u"film.mp4"_qs));
    QCOMPARE(result[u"verified_by"].toString(), u"size+etag"_qs);
    QCOMPARE(result[u"attempts"].toInt(), 1 + 3);
    QCOMPARE(result[u"resent_bytes"].toInteger(-1), 0);
    // The link as anybody opens it, and the object's ETag by S3's own interface.
    const std::string copy = (m_scratch.root() / "copy").string();
    const Finished fetched = runProgram({"curl", "-sf", "--noproxy", "*", "-D-", "-o", copy,
                                         result[u"url"].toString().toStdString()});
    QCOMPARE(fetched.exitCode, 0);
    QCOMPARE(sha256OfFileByCoreutils(copy), result[u"sha256"].toString().toLatin1());
    const QJsonObject receipt = leg[u"receipt"].toObject();
    QVERIFY(receipt[u"etag"].toString().endsWith(u"-3"));
    const QByteArray etag = "etag: \"" + receipt[u"etag"].toString().toLatin1() + '"';
    QVERIFY2(fetched.output.toLower().contains(etag), fetched.output.constData());
    QCOMPARE(receipt[u"bucket"].toString(), u"films"_qs);
    QCOMPARE(receipt[u"key"].toString(), u"film.mp4"_qs);
}

QTEST_GUILESS_MAIN(tst_cli_receipt)
#include "tst_cli_receipt.moc"
