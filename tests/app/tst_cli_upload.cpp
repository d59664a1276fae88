// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fault_server.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"

#include <QJsonArray>
#include <QTcpServer>

#include <signal.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_upload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void folderGetsTheSameBytes();
    void shelfKeepsTheFileAndCurlFetchesTheLink();
    void uploadGoesOnFromTheServersOffsetAfterAKill();
    void repeatedCommandDoesNotSendAgain();
    void sendExportsAndUploads_data();
    void sendExportsAndUploads();
    void twoDestinationsGetTheSameFile();
    void refusalsAreOneSentence_data();
    void refusalsAreOneSentence();
    void absentServerIsSaidAndCanBeRepeated();
    void redirectGetsNoCredential();
    void tokenIsInNoFileOfTheProfile();

private:
    Finished run(const std::vector<std::string> &arguments,
                 const std::vector<std::string> &environment = {})
    {
        return runProgram(sendoffCommand(m_scratch.profile().string(), arguments), environment);
    }
    Scratch m_scratch;
};

namespace {

// A tus server with a name of our own choosing for what goes wrong.
std::string tusUrl(quint16 port)
{
    return "tus+http://127.0.0.1:" + std::to_string(port) + "/files";
}

FilePath firstFileIn(const FilePath &folder)
{
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        return entry.path();
    return {};
}

} // namespace

void tst_cli_upload::folderGetsTheSameBytes()
{
    const FilePath clip = m_scratch.clip("to folder.mkv");
    const FilePath target = m_scratch.folder("nas");
    const Finished finished = run({"upload", clip.string(), "--to", "file://" + target.string()});
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    const QJsonObject done = finished.eventsOf(u"done"_qs).value(0);
    QCOMPARE(sha256OfFileByCoreutils((target / "to folder.mkv").string()),
             sha256OfFileByCoreutils(clip.string()));
    QCOMPARE(done[u"sha256"].toString().toLatin1(), sha256OfFileByCoreutils(clip.string()));
    QVERIFY(done[u"url"].toString().startsWith(u"file:///"));
    QVERIFY(!done[u"verified_by"].toString().isEmpty());
    QCOMPARE(done[u"resent_bytes"].toInt(), 0);
}

void tst_cli_upload::shelfKeepsTheFileAndCurlFetchesTheLink()
{
    // The links work while Sendoff runs: another process of the profile serves them.
    const FilePath clip = m_scratch.clip("to shelf.mkv");
    const Finished finished = run({"upload", clip.string(), "--to", "shelf:"});
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    const QString link = finished.eventsOf(u"done"_qs).value(0)[u"url"].toString();
    QCOMPARE(sha256OfFileByCoreutils((m_scratch.profile() / "Shelf" / "to shelf.mkv").string()),
             sha256OfFileByCoreutils(clip.string()));
    Program shelf(sendoffCommand(m_scratch.profile().string(), {"shelf"}));
    QTRY_VERIFY_WITH_TIMEOUT(!shelf.events(u"listening"_qs).isEmpty(), 20'000);
    const FilePath fetched = m_scratch.root() / "fetched.mkv";
    QCOMPARE(runProgram({"curl", "-fsS", "-o", fetched.string(), link.toStdString()}).exitCode, 0);
    QCOMPARE(sha256OfFileByCoreutils(fetched.string()), sha256OfFileByCoreutils(clip.string()));
    // And while that one runs, uploads of this profile go to it.
    const FilePath other = m_scratch.clip("other.mkv", 1);
    const Finished second = run({"upload", other.string(), "--to", "shelf:"});
    QVERIFY2(second.exitCode == 0, second.output.constData());
    const std::string secondLink =
        second.eventsOf(u"done"_qs).value(0)[u"url"].toString().toStdString();
    QCOMPARE(runProgram({"curl", "-fsS", "-o", fetched.string(), secondLink}).exitCode, 0);
    QCOMPARE(sha256OfFileByCoreutils(fetched.string()), sha256OfFileByCoreutils(other.string()));
    shelf.signal(SIGTERM);
    QCOMPARE(shelf.wait(), 130);
}

void tst_cli_upload::uploadGoesOnFromTheServersOffsetAfterAKill()
{
    const std::string content(96 << 20, 'x');
    const FilePath file = m_scratch.file("large.mkv", content);
    const FilePath target = m_scratch.folder("slow-nas");
    const std::vector<std::string> command{"upload", file.string(), "--to",
                                           "file://" + target.string()};
    qint64 before = 0;
    {
        Program program(sendoffCommand(m_scratch.profile().string(), command));
        // Once something of it lies there.
        QTRY_VERIFY_WITH_TIMEOUT(!program.isRunning()
                                     || (!firstFileIn(target).empty()
                                         && std::filesystem::file_size(firstFileIn(target)) > 0),
                                 60'000);
        program.signal(SIGKILL);
        program.wait();
        if (!firstFileIn(target).empty())
            before = qint64(std::filesystem::file_size(firstFileIn(target)));
    }
    const Finished again = run(command);
    QVERIFY2(again.exitCode == 0, again.output.constData());
    QCOMPARE(sha256OfFileByCoreutils((target / "large.mkv").string()),
             sha256OfFileByCoreutils(file.string()));
    QCOMPARE(std::distance(std::filesystem::directory_iterator(target), {}), 1);
    qInfo("killed with %lld bytes there", before);
}

void tst_cli_upload::repeatedCommandDoesNotSendAgain()
{
    const FilePath clip = m_scratch.clip("once.mkv", 1);
    const FilePath target = m_scratch.folder("once");
    const std::vector<std::string> command{"upload", clip.string(), "--to",
                                           "file://" + target.string()};
    QCOMPARE(run(command).exitCode, 0);
    const Finished again = run(command);
    QCOMPARE(again.exitCode, 0);
    QVERIFY(again.eventsOf(u"done"_qs).value(0)[u"done_before"].toBool());
    QCOMPARE(std::distance(std::filesystem::directory_iterator(target), {}), 1);
    std::filesystem::remove(target / "once.mkv"); // then it is no longer delivered
    const Finished anew = run(command);
    QCOMPARE(anew.exitCode, 0);
    QVERIFY(std::filesystem::exists(target / "once.mkv"));
    std::vector<std::string> twice = command;
    twice.push_back("--again");
    QCOMPARE(run(twice).exitCode, 0);
    QVERIFY(std::filesystem::exists(target / "once (2).mkv"));
}

void tst_cli_upload::sendExportsAndUploads_data()
{
    QTest::addColumn<QString>("layout");
    QTest::newRow("auto") << u"auto"_qs;
    QTest::newRow("progressive") << u"progressive"_qs;
    QTest::newRow("fragmented") << u"fragmented"_qs;
}

void tst_cli_upload::sendExportsAndUploads()
{
    QFETCH(const QString, layout);
    const std::string name = "send-" + layout.toStdString();
    const FilePath clip = m_scratch.clip(name + ".mkv", 5, 640, 360);
    const Finished finished =
        run({"send", clip.string(), "--to", "shelf:", "--layout", layout.toStdString()});
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    const QJsonObject exported = finished.eventsOf(u"done"_qs, u"export"_qs).value(0);
    const QJsonObject uploaded = finished.eventsOf(u"done"_qs, u"upload"_qs).value(0);
    const std::string kept = (m_scratch.profile() / "Shelf" / (name + ".mp4")).string();
    QCOMPARE(sha256OfFileByCoreutils(kept), exported[u"sha256"].toString().toLatin1());
    QCOMPARE(uploaded[u"sha256"].toString(), exported[u"sha256"].toString());
    const QByteArray frames =
        runProgram({"ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets",
                    "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", kept})
            .output.trimmed();
    QCOMPARE(frames.toInt(), 150);
    // The working copy is gone once it is delivered.
    QVERIFY(std::filesystem::is_empty(m_scratch.profile() / "work"));
}

void tst_cli_upload::twoDestinationsGetTheSameFile()
{
    const FilePath clip = m_scratch.clip("both.mkv", 1);
    const FilePath target = m_scratch.folder("both");
    const Finished finished = run({"send", clip.string(), "--to", "shelf:", "--to",
                                   "file://" + target.string()});
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    QCOMPARE(sha256OfFileByCoreutils((m_scratch.profile() / "Shelf" / "both.mp4").string()),
             sha256OfFileByCoreutils((target / "both.mp4").string()));
}

void tst_cli_upload::refusalsAreOneSentence_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("kind");
    QTest::newRow("401") << 401 << u"sign-in-needed"_qs;
    QTest::newRow("403") << 403 << u"permission-denied"_qs;
    QTest::newRow("404") << 404 << u"refused"_qs;
    QTest::newRow("413") << 413 << u"destination-limit"_qs;
    QTest::newRow("507") << 507 << u"destination-full"_qs;
    QTest::newRow("302") << 302 << u"redirect-refused"_qs;
}

void tst_cli_upload::refusalsAreOneSentence()
{
    QFETCH(const int, status);
    QFETCH(const QString, kind);
    FaultServer server;
    server.setDefault(Script().readHead().readBody().reply(status, "no", {{"Location", "http://127.0.0.1:9/"}}));
    const FilePath clip = m_scratch.clip("refused.mkv", 1);
    const Finished finished =
        run({"upload", clip.string(), "--to", tusUrl(server.port()), "--again"});
    QCOMPARE(finished.exitCode, 1);
    const QList<QJsonObject> errors = finished.eventsOf(u"error"_qs);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors[0][u"kind"].toString(), kind);
    QVERIFY(errors[0][u"text"].toString().size() > 10);
    QVERIFY(!errors[0][u"next"].toString().isEmpty());
}

void tst_cli_upload::absentServerIsSaidAndCanBeRepeated()
{
    quint16 port = 0;
    {
        QTcpServer taken;
        taken.listen(QHostAddress::LocalHost);
        port = taken.serverPort();
    }
    const FilePath clip = m_scratch.clip("absent.mkv", 1);
    const Finished finished = run({"upload", clip.string(), "--to", tusUrl(port)});
    QCOMPARE(finished.exitCode, 1);
    const QList<QJsonObject> errors = finished.eventsOf(u"error"_qs);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors[0][u"kind"].toString(), u"destination-unreachable");
}

void tst_cli_upload::redirectGetsNoCredential()
{
    FaultServer canary;
    FaultServer server;
    server.setDefault(Script().readHead().readBody().reply(
        307, {}, {{"Location", canary.url(QStringLiteral("/files")).toEncoded()}}));
    const FilePath clip = m_scratch.clip("redirect.mkv", 1);
    const Finished finished = run({"upload", clip.string(), "--to", tusUrl(server.port())},
                                  {"SENDOFF_SECRET=canary-7f3a"});
    QCOMPARE(finished.exitCode, 1);
    QVERIFY(!server.requests().isEmpty());
    QVERIFY(server.requests().last().header("Authorization").contains("canary-7f3a"));
    QCOMPARE(canary.connectionCount(), 0);
    QVERIFY(!finished.output.contains("canary-7f3a"));
    QVERIFY(!finished.errorOutput.contains("canary-7f3a"));
}

void tst_cli_upload::tokenIsInNoFileOfTheProfile()
{
    // Runs last: everything above has used the profile, one of them with this secret.
    const Finished found =
        runProgram({"grep", "-rl", "canary-7f3a", m_scratch.profile().string()});
    QCOMPARE(found.exitCode, 1);
    QVERIFY2(found.output.isEmpty(), found.output.constData());
}

QTEST_GUILESS_MAIN(tst_cli_upload)
#include "tst_cli_upload.moc"
