// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// `send` is killed with SIGKILL at moments spread over both legs and finished by repeating it: the
// real tus server has the file exactly once, and whole. SENDOFF_KILLS says how often (ten).

#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/slow_proxy.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QUrl>

#include <signal.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_kill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void killedSendIsFinishedByRepeatingIt_data();
    void killedSendIsFinishedByRepeatingIt();

private:
    Scratch m_scratch;
    FilePath m_clip;
    FilePath m_data;
    std::unique_ptr<Program> m_server;
    std::unique_ptr<SlowProxy> m_proxy;
    std::string m_url;
    // Of an undisturbed run in a profile of its own, by layout.
    struct Undisturbed {
        qint64 milliseconds = 0;
        QByteArray sha256;
    };
    QMap<QString, Undisturbed> m_undisturbed;
};

namespace {

std::string nodeProgram()
{
    const char *node = std::getenv("SENDOFF_NODE");
    return node ? node : "node";
}

FilePath sourceFolder()
{
    return std::getenv("SENDOFF_SOURCE_DIR");
}

// What the server stores: the files, without its notes about them.
std::vector<FilePath> storedFiles(const FilePath &folder)
{
    std::vector<FilePath> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".json")
            files.push_back(entry.path());
    }
    return files;
}

// Those that hold something. Killed between a server's creation of an upload and its reply, nobody
// knows of that one: tus has no way to ask. It stays there, empty, until the server lets it expire.
std::vector<FilePath> filledFiles(const FilePath &folder)
{
    std::vector<FilePath> files = storedFiles(folder);
    std::erase_if(files, [](const FilePath &file) { return std::filesystem::is_empty(file); });
    return files;
}

} // namespace

void tst_cli_kill::initTestCase()
{
    const FilePath script = sourceFolder() / "tests/servers/tus-server.mjs";
    QVERIFY2(std::filesystem::exists(sourceFolder() / "tests/servers/node_modules"),
             "run tests/servers/install.sh first");
    m_data = m_scratch.folder("tus-data");
    m_server = std::make_unique<Program>(
        std::vector<std::string>{nodeProgram(), script.string()},
        std::vector<std::string>{"PORT=0", "DATA_DIR=" + m_data.string()});
    QTRY_VERIFY_WITH_TIMEOUT(m_server->output().contains('\n'), 30'000);
    const QUrl url(QString::fromUtf8(m_server->output().trimmed()));
    m_proxy = std::make_unique<SlowProxy>(quint16(url.port()), 400'000);
    m_url = "tus+http://127.0.0.1:" + std::to_string(m_proxy->port()) + "/files";
    m_clip = m_scratch.clip("killed.mkv", 8, 640, 360);
}

void tst_cli_kill::killedSendIsFinishedByRepeatingIt_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<int>("percent");
    const int kills = std::max(2, qEnvironmentVariableIntValue("SENDOFF_KILLS") > 0
                                      ? qEnvironmentVariableIntValue("SENDOFF_KILLS")
                                      : 10);
    for (int kill = 0; kill < kills; ++kill) {
        const bool overlaps = kill % 2 == 1;
        const QString layout = overlaps ? u"fragmented"_qs : u"progressive"_qs;
        QTest::addRow("%s, kill %d", qPrintable(layout), kill)
            << layout << (100 * kill + 50) / kills;
    }
}

void tst_cli_kill::killedSendIsFinishedByRepeatingIt()
{
    QFETCH(const QString, layout);
    QFETCH(const int, percent);
    const auto commandFor = [&](const FilePath &profile) {
        return sendoffCommand(profile.string(), {"send", m_clip.string(), "--to", m_url,
                                                 "--layout", layout.toStdString()});
    };
    if (!m_undisturbed.contains(layout)) {
        QElapsedTimer timer;
        timer.start();
        const Finished undisturbed = runProgram(commandFor(m_scratch.folder("whole-" + layout.toStdString())));
        QVERIFY2(undisturbed.exitCode == 0, undisturbed.ending().constData());
        const QJsonObject done = undisturbed.eventsOf(u"done"_qs, u"upload"_qs).value(0);
        m_undisturbed[layout] = {timer.elapsed(), done[u"sha256"].toString().toLatin1()};
    }
    for (const FilePath &file : storedFiles(m_data))
        std::filesystem::remove(file);

    const FilePath profile = m_scratch.folder("profile-" + std::string(QTest::currentDataTag()));
    const qint64 sentBefore = m_proxy->bytesUp();
    bool wasUploading = false;
    qint64 passedAtKill = 0;
    {
        Program program(commandFor(profile));
        const qint64 moment = std::max<qint64>(150, m_undisturbed[layout].milliseconds * percent / 100);
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < moment && program.isRunning())
            QTest::qWait(5);
        const bool wasRunning = program.isRunning();
        program.signal(SIGKILL);
        program.wait();
        passedAtKill = m_proxy->bytesUp() - sentBefore;
        QMap<QString, QString> states;
        for (const QJsonObject &event : program.events(u"state"_qs))
            states[event[u"leg"].toString()] = event[u"state"].toString();
        wasUploading = states[u"upload"_qs] == u"running";
        qInfo("killed after %lld ms%s: export %s, upload %s", moment, wasRunning ? "" : " (had ended)",
              qPrintable(states[u"export"_qs]), qPrintable(states[u"upload"_qs]));
    }
    const Finished again = runProgram(commandFor(profile));
    QVERIFY2(m_server->isRunning(), m_server->errorOutput().constData());
    QVERIFY2(again.exitCode == 0, again.ending().constData());
    const QJsonObject uploaded = again.eventsOf(u"done"_qs, u"upload"_qs).value(0);
    const std::vector<FilePath> stored = filledFiles(m_data);
    QCOMPARE(stored.size(), 1u); // no second copy, and no rest of the first try
    // Where it had sent more than heads of requests, it knew of its upload.
    const bool mayBeUnknown = wasUploading && passedAtKill < 4'096;
    QVERIFY(storedFiles(m_data).size() <= (mayBeUnknown ? 2u : 1u));
    QCOMPARE(uploaded[u"sha256"].toString().toLatin1(), m_undisturbed[layout].sha256);
    const std::string fetched = (m_scratch.folder("fetched") / "by-curl.mp4").string();
    const Finished fetching = runProgram(
        {"curl", "-s", "-f", "--noproxy", "*", "-o", fetched, uploaded[u"url"].toString().toStdString()});
    QCOMPARE(fetching.exitCode, 0);
    QCOMPARE(sha256OfFileByCoreutils(fetched), m_undisturbed[layout].sha256);
    QCOMPARE(sha256OfFileByCoreutils(stored[0].string()), m_undisturbed[layout].sha256);
    const QByteArray checked =
        runProgram({"ffmpeg", "-v", "error", "-xerror", "-i", stored[0].string(), "-f", "null", "-"})
            .errorOutput;
    QVERIFY2(checked.isEmpty(), checked.constData());
    if (wasUploading) {
        // What the server had is not sent again, also where the export was still at work: it goes
        // on with the same bytes. Unacknowledged bytes that were on their way are, so a little more
        // than the file may have passed.
        const qint64 size = qint64(std::filesystem::file_size(stored[0]));
        const qint64 passed = m_proxy->bytesUp() - sentBefore;
        qInfo("%lld bytes passed for a file of %lld", passed, size);
        QVERIFY2(passed < size + (1 << 20), "confirmed bytes were sent again");
    }
    const Finished third = runProgram(commandFor(profile));
    QCOMPARE(third.exitCode, 0);
    QVERIFY(third.eventsOf(u"done"_qs, u"upload"_qs).value(0)[u"done_before"].toBool());
    QCOMPARE(filledFiles(m_data).size(), 1u);
}

QTEST_GUILESS_MAIN(tst_cli_kill)
#include "tst_cli_kill.moc"
