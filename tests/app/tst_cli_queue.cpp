// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// queue …: the stored queue as a user of the terminal meets it. Real files, real exports, the real
// tus server.
#include "core/base/process_lock.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/slow_proxy.h"

#include <QJsonArray>
#include <QUrl>

#include <csignal>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_queue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void anEmptyQueueSaysHowToFillIt();
    void storesAndRunsLater();
    void exportsAndUploadsToTheRealServer();
    void takesFoldersAndNamesWhatIsNoVideo();
    void ordersAndAbbreviates();
    void pausedJobsAreLeftAlone();
    void pauseAllKeepsEachJobsOwnState();
    void cancelCanBeUndone();
    void startsOverAndTriesAgain();
    void changesTheRecipeOfWhatHasNotBegun();
    void removesRowsNeverFiles();
    void refusesWithAReasonAndAnExitCode_data();
    void refusesWithAReasonAndAnExitCode();
    void showsNoSecrets();
    void controlsWhatRunsInAnotherTerminal();
    void terminatedRunGoesOnLater();
    void tellsPeopleToo();

private:
    Finished run(const std::vector<std::string> &arguments,
                 const std::vector<std::string> &environment = {}) const
    {
        return runProgram(sendoffCommand(m_profile.string(), arguments), environment);
    }
    Finished queue(std::vector<std::string> arguments) const
    {
        arguments.insert(arguments.begin(), "queue");
        return run(arguments);
    }
    // Adds a small file, to be copied to m_target as it is; returns its job's id.
    std::string add(const std::string &name) const
    {
        const FilePath file = m_scratch.file(name, "content of " + name);
        const Finished added = queue({"add", file.string(), "--as-is", "--to", m_target});
        if (added.exitCode != 0)
            qWarning("%s", added.output.constData());
        return added.eventsOf(u"added"_qs).value(0)[u"job"].toString().toStdString();
    }
    QList<QJsonObject> list() const { return queue({"list"}).eventsOf(u"job"_qs); }
    QStringList names() const
    {
        QStringList files;
        for (const QJsonObject &job : list())
            files.append(job[u"file"].toString());
        return files;
    }
    QString stateOf(const std::string &id) const
    {
        return queue({"show", id}).eventsOf(u"job"_qs).value(0)[u"state"].toString();
    }
    int delivered() const
    {
        return int(std::distance(std::filesystem::directory_iterator(m_folder), {}));
    }
    bool isOwner(const Program &program) const
    {
        const auto owner = LockHolder::fromJson(
            QByteArray::fromStdString(contentOf(m_profile / "sendoff.lock")));
        return owner && owner->process == program.processId();
    }

    Scratch m_scratch;
    FilePath m_profile;
    FilePath m_folder;
    std::string m_target; // the folder as a destination
    FilePath m_clip;
    FilePath m_data;
    std::unique_ptr<Program> m_server;
    std::unique_ptr<SlowProxy> m_proxy;
    std::string m_slowUrl;
};

void tst_cli_queue::initTestCase()
{
    const FilePath source = std::getenv("SENDOFF_SOURCE_DIR");
    QVERIFY2(std::filesystem::exists(source / "tests/servers/node_modules"),
             "run tests/servers/install.sh first");
    const char *node = std::getenv("SENDOFF_NODE");
    m_data = m_scratch.folder("tus-data");
    m_server = std::make_unique<Program>(
        std::vector<std::string>{node ? node : "node", source / "tests/servers/tus-server.mjs"},
        std::vector<std::string>{"PORT=0", "DATA_DIR=" + m_data.string()});
    QTRY_VERIFY_WITH_TIMEOUT(m_server->output().contains('\n'), 60'000);
    const QUrl url(QString::fromUtf8(m_server->output().trimmed()));
    m_proxy = std::make_unique<SlowProxy>(quint16(url.port()), 300'000);
    m_slowUrl = "tus+http://127.0.0.1:" + std::to_string(m_proxy->port()) + "/files";
    m_clip = m_scratch.clip("clip.mkv", 1);
}

void tst_cli_queue::init()
{
    static int number = 0;
    ++number;
    m_profile = m_scratch.root() / ("profile-" + std::to_string(number));
    m_folder = m_scratch.folder("target-" + std::to_string(number));
    m_target = "file://" + m_folder.string();
    for (const auto &entry : std::filesystem::directory_iterator(m_data))
        std::filesystem::remove(entry.path());
}

void tst_cli_queue::anEmptyQueueSaysHowToFillIt()
{
    QVERIFY(list().isEmpty());
    const Finished forPeople = runProgram({std::getenv("SENDOFF_PROGRAM"), "--profile",
                                           m_profile.string(), "queue", "list"});
    QCOMPARE(forPeople.exitCode, 0);
    QVERIFY(forPeople.output.contains("queue add"));
    const Finished nothing = queue({"run"});
    QCOMPARE(nothing.exitCode, 0);
    QCOMPARE(nothing.events.last()[u"total"].toInt(-1), 0);
}

void tst_cli_queue::storesAndRunsLater()
{
    const std::string first = add("first.mp4");
    const std::string second = add("second.mp4");
    QCOMPARE(first.size(), 12u);
    QCOMPARE(delivered(), 0);
    const auto stored = list();
    QCOMPARE(stored.size(), 2);
    QCOMPARE(stored[0][u"position"].toInt(), 1);
    QCOMPARE(stored[0][u"job"].toString().toStdString(), first);
    QCOMPARE(stored[1][u"state"].toString(), u"waiting"_qs);
    QVERIFY(stored[1][u"to"].toString().endsWith(displayName(m_folder)));
    const Finished ran = queue({"run"});
    QVERIFY2(ran.exitCode == 0, ran.output.constData());
    QCOMPARE(ran.eventsOf(u"done"_qs, u"upload"_qs).size(), 2);
    QCOMPARE(ran.events.last()[u"event"].toString(), u"summary"_qs);
    QCOMPARE(contentOf(m_folder / "second.mp4"), std::string("content of second.mp4"));
    QCOMPARE(stateOf(first), u"done"_qs);
    const QJsonObject shown = queue({"show", second}).events.value(0);
    QCOMPARE(shown[u"legs"].toArray().size(), 2);
    QCOMPARE(shown[u"legs"][1][u"state"].toString(), u"done"_qs);
    QVERIFY(!shown[u"legs"][1][u"result"][u"sha256"].toString().isEmpty());
    const Finished again = queue({"run"}); // nothing is done twice
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(delivered(), 2);
}

void tst_cli_queue::exportsAndUploadsToTheRealServer()
{
    const Finished added = queue({"add", m_clip.string(), "--to", m_slowUrl});
    QVERIFY2(added.exitCode == 0, added.output.constData());
    const Finished ran = queue({"run"});
    QVERIFY2(ran.exitCode == 0, ran.output.constData());
    const QJsonObject exported = ran.eventsOf(u"done"_qs, u"export"_qs).value(0);
    const QJsonObject uploaded = ran.eventsOf(u"done"_qs, u"upload"_qs).value(0);
    QCOMPARE(uploaded[u"sha256"].toString(), exported[u"sha256"].toString());
    QByteArray stored;
    for (const auto &entry : std::filesystem::directory_iterator(m_data)) {
        if (entry.path().extension() != ".json")
            stored += sha256OfFileByCoreutils(entry.path().string());
    }
    QCOMPARE(stored, exported[u"sha256"].toString().toLatin1()); // exactly one
}

void tst_cli_queue::takesFoldersAndNamesWhatIsNoVideo()
{
    const FilePath folder = m_scratch.folder("Holiday");
    std::filesystem::create_directories(folder / "day 2");
    std::filesystem::copy_file(m_clip, folder / "b10.mkv");
    std::filesystem::copy_file(m_clip, folder / "b9.mkv");
    std::filesystem::copy_file(m_clip, folder / "day 2" / "c.mkv");
    std::ofstream(folder / "notes.txt") << "not a video";
    const FilePath letter = m_scratch.file("letter.txt", "dear reader");
    const Finished added =
        queue({"add", folder.string(), letter.string(), "--as-is", "--to", m_target});
    QCOMPARE(added.exitCode, 1); // the letter was named
    QCOMPARE(added.eventsOf(u"added"_qs).size(), 3);
    const auto errors = added.eventsOf(u"error"_qs);
    QVERIFY(!errors.isEmpty());
    QVERIFY(added.output.contains("letter.txt"));
    QCOMPARE(names(), QStringList({u"b9.mkv"_qs, u"b10.mkv"_qs, u"c.mkv"_qs}));
    const Finished again = queue({"add", folder.string(), "--as-is", "--to", m_target});
    QCOMPARE(again.eventsOf(u"already-queued"_qs).size(), 3);
    QCOMPARE(names().size(), 3);
}

void tst_cli_queue::ordersAndAbbreviates()
{
    const std::string a = add("a.mp4");
    const std::string b = add("b.mp4");
    const std::string c = add("c.mp4");
    QCOMPARE(queue({"move", c, "top"}).exitCode, 0);
    QCOMPARE(names(), QStringList({u"c.mp4"_qs, u"a.mp4"_qs, u"b.mp4"_qs}));
    QCOMPARE(queue({"move", c, "down"}).exitCode, 0);
    QCOMPARE(names(), QStringList({u"a.mp4"_qs, u"c.mp4"_qs, u"b.mp4"_qs}));
    QCOMPARE(queue({"move", b, "up"}).exitCode, 0);
    QCOMPARE(names(), QStringList({u"a.mp4"_qs, u"b.mp4"_qs, u"c.mp4"_qs}));
    // The shortest beginning that only one has.
    std::size_t length = 1;
    while (b.substr(0, length) == a.substr(0, length) || b.substr(0, length) == c.substr(0, length))
        ++length;
    QCOMPARE(queue({"move", b.substr(0, length), "bottom"}).exitCode, 0);
    QCOMPARE(names(), QStringList({u"a.mp4"_qs, u"c.mp4"_qs, u"b.mp4"_qs}));
}

void tst_cli_queue::pausedJobsAreLeftAlone()
{
    const std::string held = add("held.mp4");
    add("free.mp4");
    const Finished paused = queue({"pause", held});
    QCOMPARE(paused.exitCode, 0);
    QCOMPARE(paused.eventsOf(u"changed"_qs).value(0)[u"jobs"].toArray().size(), 1);
    QCOMPARE(stateOf(held), u"paused"_qs);
    const Finished again = queue({"pause", held}); // so already
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.eventsOf(u"error"_qs).size(), 0);
    QVERIFY(again.output.contains("nothing-to-do"));
    QCOMPARE(queue({"run"}).exitCode, 0);
    QCOMPARE(delivered(), 1);
    QCOMPARE(queue({"resume", "all"}).exitCode, 0);
    QCOMPARE(queue({"run"}).exitCode, 0);
    QCOMPARE(delivered(), 2);
}

void tst_cli_queue::pauseAllKeepsEachJobsOwnState()
{
    const std::string held = add("held.mp4");
    const std::string free = add("free.mp4");
    QCOMPARE(queue({"pause", held}).exitCode, 0);
    QCOMPARE(queue({"pause-all"}).exitCode, 0);
    const QJsonObject shown = queue({"show", free}).events.value(0);
    QCOMPARE(shown[u"state"].toString(), u"paused"_qs); // also in another process
    QVERIFY(shown[u"paused_by_all"].toBool());
    const Finished ran = queue({"run"});
    QCOMPARE(ran.exitCode, 1);
    QVERIFY(ran.eventsOf(u"paused-all"_qs).value(0)[u"paused"].toBool());
    QCOMPARE(delivered(), 0);
    QCOMPARE(queue({"resume-all"}).exitCode, 0);
    QCOMPARE(stateOf(free), u"waiting"_qs);
    QCOMPARE(stateOf(held), u"paused"_qs);
}

void tst_cli_queue::cancelCanBeUndone()
{
    const std::string waiting = add("waiting.mp4");
    const std::string held = add("held.mp4");
    QCOMPARE(queue({"pause", held}).exitCode, 0);
    QCOMPARE(queue({"cancel", "all"}).exitCode, 0);
    QCOMPARE(stateOf(waiting), u"cancelled"_qs);
    const Finished undone = queue({"undo", "all"}); // exactly as it was, unless the 10 s are over
    if (undone.eventsOf(u"changed"_qs).value(0)[u"jobs"].toArray().size() == 2) {
        QCOMPARE(stateOf(waiting), u"waiting"_qs);
        QCOMPARE(stateOf(held), u"paused"_qs);
        QCOMPARE(queue({"cancel", "all"}).exitCode, 0);
    } else {
        QVERIFY(undone.output.contains("grace-is-over"));
    }
    const Finished ran = queue({"run"});
    QCOMPARE(ran.exitCode, 0);
    QCOMPARE(delivered(), 0);
}

void tst_cli_queue::startsOverAndTriesAgain()
{
    const FilePath file = m_scratch.file("soon gone.mp4", "x");
    const std::string id = queue({"add", file.string(), "--as-is", "--to", m_target})
                               .eventsOf(u"added"_qs)
                               .value(0)[u"job"]
                               .toString()
                               .toStdString();
    std::filesystem::rename(file, m_scratch.root() / "elsewhere.mp4");
    QCOMPARE(queue({"run"}).exitCode, 1);
    const QJsonObject shown = queue({"show", id}).events.value(0);
    QCOMPARE(shown[u"state"].toString(), u"needs-attention"_qs);
    QJsonObject error;
    for (const QJsonValue &leg : shown[u"legs"].toArray()) {
        if (leg[u"error"].isObject())
            error = leg[u"error"].toObject();
    }
    QCOMPARE(error[u"kind"].toString(), u"source-missing"_qs);
    QVERIFY(!error[u"next"].toString().isEmpty());
    std::filesystem::rename(m_scratch.root() / "elsewhere.mp4", file);
    QCOMPARE(queue({"retry", id}).exitCode, 0);
    QCOMPARE(queue({"run"}).exitCode, 0);
    QCOMPARE(delivered(), 1);
    QCOMPARE(queue({"start-over", id}).exitCode, 0);
    QCOMPARE(stateOf(id), u"waiting"_qs);
    QCOMPARE(queue({"run"}).exitCode, 0);
    QCOMPARE(stateOf(id), u"done"_qs);
}

void tst_cli_queue::changesTheRecipeOfWhatHasNotBegun()
{
    const std::string id = add("moving.mp4");
    const FilePath other = m_scratch.folder("other place");
    const Finished changed = queue({"recipe", id, "--to", "file://" + other.string()});
    QVERIFY2(changed.exitCode == 0, changed.output.constData());
    QCOMPARE(queue({"run"}).exitCode, 0);
    QVERIFY(std::filesystem::exists(other / "moving.mp4"));
    QCOMPARE(delivered(), 0);
    const Finished late = queue({"recipe", id, "--to", m_target});
    QCOMPARE(late.exitCode, 1);
    QCOMPARE(late.eventsOf(u"error"_qs).value(0)[u"kind"].toString(), u"command-refused"_qs);
    QCOMPARE(queue({"recipe", id, "--to", "nonsense"}).exitCode, 2);
}

void tst_cli_queue::removesRowsNeverFiles()
{
    const std::string id = add("row.mp4");
    QCOMPARE(queue({"run"}).exitCode, 0);
    QCOMPARE(queue({"remove", id}).exitCode, 0);
    QVERIFY(list().isEmpty());
    QVERIFY(std::filesystem::exists(m_folder / "row.mp4"));
    QVERIFY(std::filesystem::exists(m_scratch.root() / "row.mp4"));
}

void tst_cli_queue::refusesWithAReasonAndAnExitCode_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("code");
    const QString usage = u"bad-usage"_qs;
    QTest::newRow("unknown job") << QStringList{u"pause"_qs, u"zzzz"_qs} << u"job-unknown"_qs << 2;
    QTest::newRow("no job") << QStringList{u"pause"_qs} << usage << 2;
    QTest::newRow("an empty name") << QStringList{u"cancel"_qs, QString()} << u"job-unknown"_qs << 2;
    QTest::newRow("beginning of all") << QStringList{u"show"_qs, u"@"_qs} << u"job-unknown"_qs << 2;
    QTest::newRow("no direction") << QStringList{u"move"_qs, u"ID"_qs, u"sideways"_qs} << usage << 2;
    QTest::newRow("unknown verb") << QStringList{u"juggle"_qs} << usage << 2;
    QTest::newRow("add without a place") << QStringList{u"add"_qs, u"x.mp4"_qs} << usage << 2;
    QTest::newRow("add to nowhere")
        << QStringList{u"add"_qs, u"x.mp4"_qs, u"--to"_qs, u"nowhere"_qs}
        << u"destination-unknown"_qs << 2;
    QTest::newRow("preset that is none")
        << QStringList{u"recipe"_qs, u"ID"_qs, u"--preset"_qs, u"none-such"_qs}
        << u"preset-unknown"_qs << 2;
}

void tst_cli_queue::refusesWithAReasonAndAnExitCode()
{
    QFETCH(const QStringList, words);
    QFETCH(const QString, kind);
    QFETCH(const int, code);
    const std::string id = add("refused.mp4");
    std::vector<std::string> arguments;
    for (const QString &word : words)
        arguments.push_back(word == u"ID" ? id : word.toStdString());
    const Finished finished = queue(arguments);
    QVERIFY2(finished.exitCode == code, finished.output.constData());
    const QJsonObject error = finished.eventsOf(u"error"_qs).value(0);
    QCOMPARE(error[u"kind"].toString(), kind);
    QVERIFY(!error[u"text"].toString().contains(u'%'));
    QVERIFY(!error[u"next"].toString().isEmpty());
    QCOMPARE(stateOf(id), u"waiting"_qs);
}

void tst_cli_queue::showsNoSecrets()
{
    const FilePath file = m_scratch.file("secret.mp4", std::string(600'000, 's'));
    QCOMPARE(queue({"add", file.string(), "--as-is", "--to", m_slowUrl}).exitCode, 0);
    Program running(sendoffCommand(m_profile.string(), {"queue", "run"}));
    // As soon as the server has the upload its address, a bearer secret, is in the database.
    const auto address = [&]() -> QString {
        for (const auto &entry : std::filesystem::directory_iterator(m_data))
            return QString::fromStdString(entry.path().stem().string());
        return {};
    };
    QTRY_VERIFY_WITH_TIMEOUT(!address().isEmpty(), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(contentOf(m_profile / "sendoff.db-wal").find(address().toStdString())
                                     != std::string::npos
                                 || !running.isRunning(),
                             60'000);
    const Finished shown = queue({"show", "all"});
    QVERIFY(!shown.output.contains(address().toLatin1()));
    QVERIFY(shown.events.value(0)[u"legs"][1][u"receipt"].isObject());
    QVERIFY(!queue({"list"}).output.contains(address().toLatin1()));
    QCOMPARE(running.wait(), 0);
}

void tst_cli_queue::controlsWhatRunsInAnotherTerminal()
{
    const FilePath file = m_scratch.file("long.mp4", std::string(3'000'000, 'l'));
    Program running(sendoffCommand(m_profile.string(), {"upload", file.string(), "--to", m_slowUrl}));
    QTRY_VERIFY_WITH_TIMEOUT(!running.events(u"progress"_qs).isEmpty(), 60'000);
    QVERIFY(isOwner(running));
    const auto rows = list();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0][u"state"].toString(), u"uploading"_qs);
    QVERIFY(rows[0][u"fraction"].toDouble(-1) >= 0);
    const std::string id = rows[0][u"job"].toString().toStdString();
    QCOMPARE(queue({"remove", id}).exitCode, 1); // it runs
    QCOMPARE(queue({"cancel", id}).exitCode, 0);
    QCOMPARE(running.wait(), 1); // not done
    QVERIFY(!running.events(u"state"_qs).isEmpty());
    QCOMPARE(running.events(u"state"_qs).last()[u"state"].toString(), u"cancelled"_qs);
    QCOMPARE(stateOf(id), u"cancelled"_qs);
}

// FAULTS 3a, 38: a stop signal; everything is saved, and goes on where it was.
void tst_cli_queue::terminatedRunGoesOnLater()
{
    const FilePath big = m_scratch.file("big.mp4", std::string(1'500'000, 'b'));
    QCOMPARE(queue({"add", big.string(), "--as-is", "--to", m_slowUrl}).exitCode, 0);
    add("later.mp4");
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        Program running(sendoffCommand(m_profile.string(), {"queue", "run"}));
        QTRY_VERIFY_WITH_TIMEOUT(!running.events(u"progress"_qs).isEmpty() || !running.isRunning(),
                                 60'000);
        const bool wasRunning = running.isRunning();
        running.signal(number);
        QCOMPARE(running.wait(), wasRunning ? 130 : 0);
        QCOMPARE(list().size(), 2);
    }
    const qint64 sentBefore = m_proxy->bytesUp();
    const Finished ran = queue({"run"});
    QVERIFY2(ran.exitCode == 0, ran.output.constData());
    QVERIFY(m_proxy->bytesUp() - sentBefore < 1'500'000); // it went on, not from the start
    QCOMPARE(delivered(), 1);
}

void tst_cli_queue::tellsPeopleToo()
{
    add("caf\xc3\xa9 with a name that is much longer than any terminal has columns, really.mp4");
    add("short.mp4");
    const auto forPeople = [&](std::vector<std::string> words) {
        std::vector<std::string> command{std::getenv("SENDOFF_PROGRAM"), "--profile",
                                         m_profile.string(), "queue"};
        command.insert(command.end(), words.begin(), words.end());
        return runProgram(command);
    };
    const QString table = QString::fromUtf8(forPeople({"list"}).output);
    const QStringList lines = table.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].contains(u"NAME"));
    QVERIFY(lines[2].contains(u"short.mp4"));
    QVERIFY(lines[2].contains(u"Waiting"));
    QCOMPARE(lines[1].indexOf(u"Waiting"), lines[2].indexOf(u"Waiting")); // in one column
    const QString detail = QString::fromUtf8(forPeople({"show", "all"}).output);
    QVERIFY(detail.contains(u"number 2 in the queue"));
    const Finished refused = forPeople({"pause", "zzzz"});
    QVERIFY(refused.errorOutput.contains("queue list"));
    QVERIFY(refused.output.isEmpty());
}

QTEST_GUILESS_MAIN(tst_cli_queue)
#include "tst_cli_queue.moc"
