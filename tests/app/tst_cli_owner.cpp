// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several programs on one profile: one owns it, the others hand over to it; whoever dies, no job is
// lost and none is done twice. Real processes, the real tus server behind a slow line.
#include "app/owner/owner_protocol.h"
#include "app/owner/owner_socket.h"
#include "core/base/process_lock.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/slow_proxy.h"

#include <QJsonArray>
#include <QSocketNotifier>
#include <QUrl>

#include <algorithm>
#include <csignal>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_owner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void twoAtOnceAreOneOwner();
    void theSameCommandTwiceIsOneJob();
    void handsOverAndHearsTheWords_data();
    void handsOverAndHearsTheWords();
    void namesCountFromTheCallersFolder();
    void secretOfTheCallerIsUsed();
    void killedOwnerIsReplaced();
    void stoppedOwnerHandsBack();
    void stoppedCallerLeavesTheOwnerAtWork();
    void leftLocks_data();
    void leftLocks();
    void deepProfileHasASocketToo();
    void otherVersionsAreToldApart();
    void aFolderThatCannotBeWrittenIsSaid();

private:
    std::vector<std::string> command(const std::vector<std::string> &arguments) const
    {
        return sendoffCommand(m_profile.string(), arguments);
    }
    // Goes over the slow line: an owner that stays for some seconds.
    std::vector<std::string> slowUpload(const std::string &name)
    {
        const FilePath file = m_scratch.file(name, std::string(1'200'000, name.back()));
        return command({"upload", file.string(), "--to", m_slowUrl});
    }
    std::optional<LockHolder> holder() const
    {
        return LockHolder::fromJson(
            QByteArray::fromStdString(contentOf(m_profile / "sendoff.lock")));
    }
    bool isOwner(const Program &program) const
    {
        const auto owner = holder();
        return owner && owner->process == program.processId();
    }
    // The sizes of what the tus server has, sorted.
    std::vector<std::uintmax_t> stored() const
    {
        std::vector<std::uintmax_t> sizes;
        for (const auto &entry : std::filesystem::directory_iterator(m_data)) {
            if (entry.path().extension() != ".json")
                sizes.push_back(entry.file_size());
        }
        std::sort(sizes.begin(), sizes.end());
        return sizes;
    }

    Scratch m_scratch;
    FilePath m_profile;
    FilePath m_clip;
    FilePath m_data;
    std::unique_ptr<Program> m_server;
    std::unique_ptr<SlowProxy> m_proxy;
    std::string m_url;
    std::string m_slowUrl;
};

namespace {

std::string nodeProgram()
{
    const char *node = std::getenv("SENDOFF_NODE");
    return node ? node : "node";
}

std::unique_ptr<Program> tusServer(const FilePath &data, std::vector<std::string> settings = {})
{
    const FilePath script =
        FilePath(std::getenv("SENDOFF_SOURCE_DIR")) / "tests/servers/tus-server.mjs";
    settings.insert(settings.end(), {"PORT=0", "DATA_DIR=" + data.string()});
    return std::make_unique<Program>(std::vector<std::string>{nodeProgram(), script.string()},
                                     settings);
}

std::string tusUrl(int port)
{
    return "tus+http://127.0.0.1:" + std::to_string(port) + "/files";
}

int entriesOf(const FilePath &folder)
{
    return int(std::distance(std::filesystem::directory_iterator(folder), {}));
}

// What went wrong, for the log of a test.
QByteArray told(const Program &program)
{
    return program.output() + program.errorOutput();
}

} // namespace

void tst_cli_owner::initTestCase()
{
    QVERIFY2(std::filesystem::exists(FilePath(std::getenv("SENDOFF_SOURCE_DIR"))
                                     / "tests/servers/node_modules"),
             "run tests/servers/install.sh first");
    m_data = m_scratch.folder("tus-data");
    m_server = tusServer(m_data);
    QTRY_VERIFY_WITH_TIMEOUT(m_server->output().contains('\n'), 60'000);
    const QUrl url(QString::fromUtf8(m_server->output().trimmed()));
    m_proxy = std::make_unique<SlowProxy>(quint16(url.port()), 300'000);
    m_url = tusUrl(url.port());
    m_slowUrl = tusUrl(m_proxy->port());
    m_clip = m_scratch.clip("clip.mkv", 1);
}

void tst_cli_owner::init()
{
    static int number = 0;
    m_profile = m_scratch.root() / ("profile-" + std::to_string(++number));
    for (const auto &entry : std::filesystem::directory_iterator(m_data))
        std::filesystem::remove(entry.path());
}

// FAULTS 3a, 30: two at once, fifty times; every third time what owned the profile before was killed.
void tst_cli_owner::twoAtOnceAreOneOwner()
{
    const FilePath target = m_scratch.folder("fifty");
    const std::string to = "file://" + target.string();
    int files = 0;
    for (int round = 0; round < 50; ++round) {
        if (round % 3 == 2) {
            Program killed(slowUpload("killed.x"));
            QTRY_VERIFY_WITH_TIMEOUT(isOwner(killed) || !killed.isRunning(), 60'000);
            killed.signal(SIGKILL);
            killed.wait();
        }
        std::vector<std::unique_ptr<Program>> pair;
        for (const char *side : {"a", "b"}) {
            const std::string name = std::to_string(round) + side + ".bin";
            ++files;
            const FilePath file = m_scratch.file(name, name + std::string(1000, 'x'));
            pair.push_back(std::make_unique<Program>(
                command({"upload", file.string(), "--to", to})));
        }
        for (const auto &program : pair) {
            const int code = program->wait();
            QVERIFY2(code == 0, told(*program).constData());
            QCOMPARE(program->events(u"done"_qs, u"upload"_qs).size(), 1);
            QCOMPARE(program->events(u"error"_qs).size(), 0);
        }
    }
    // Each file is there once: a second delivery would have been called "0a (2).bin".
    int delivered = 0;
    for (const auto &entry : std::filesystem::directory_iterator(target)) {
        ++delivered;
        QCOMPARE(contentOf(entry.path()), contentOf(m_scratch.root() / entry.path().filename()));
    }
    QCOMPARE(delivered, files);
}

void tst_cli_owner::theSameCommandTwiceIsOneJob()
{
    const FilePath target = m_scratch.folder("once");
    const FilePath file = m_scratch.file("same.bin", std::string(2'000'000, 's'));
    const auto same = command({"upload", file.string(), "--to", "file://" + target.string()});
    std::vector<std::unique_ptr<Program>> programs;
    for (int copy = 0; copy < 4; ++copy)
        programs.push_back(std::make_unique<Program>(same));
    QSet<QString> jobs;
    for (const auto &program : programs) {
        const int code = program->wait();
        QVERIFY2(code == 0, told(*program).constData());
        for (const QJsonObject &done : program->events(u"done"_qs, u"upload"_qs))
            jobs.insert(done[u"job"].toString());
    }
    QCOMPARE(jobs.size(), 1);
    QCOMPARE(entriesOf(target), 1);
}

void tst_cli_owner::handsOverAndHearsTheWords_data()
{
    QTest::addColumn<QString>("verb");
    for (const char *verb : {"export", "upload", "send"})
        QTest::newRow(verb) << QString::fromLatin1(verb);
}

void tst_cli_owner::handsOverAndHearsTheWords()
{
    QFETCH(const QString, verb);
    Program owner(slowUpload("busy.x"));
    QTRY_VERIFY_WITH_TIMEOUT(isOwner(owner), 60'000);
    const FilePath target = m_scratch.folder("heard-" + verb.toStdString());
    std::vector<std::string> words{verb.toStdString(), m_clip.string()};
    if (verb == u"export")
        words.insert(words.end(), {"--out", target.string()});
    else
        words.insert(words.end(), {"--to", "file://" + target.string()});
    Program caller(command(words));
    const int code = caller.wait();
    QVERIFY2(code == 0, told(caller).constData());
    QVERIFY(isOwner(owner)); // it was busy all the while, so the work was done there
    const QString leg = verb == u"export" ? u"export"_qs : u"upload"_qs;
    QCOMPARE(caller.events(u"done"_qs, leg).size(), 1);
    QVERIFY(!caller.events(u"state"_qs, leg).isEmpty());
    QCOMPARE(caller.events().last()[u"event"].toString(), u"summary"_qs);
    QCOMPARE(entriesOf(target), 1);
    for (const QJsonObject &event : owner.events()) // words are not mixed
        QVERIFY(event[u"file"].toString() != u"clip.mkv");
    QCOMPARE(owner.wait(), 0);
}

void tst_cli_owner::namesCountFromTheCallersFolder()
{
    Program owner(slowUpload("busy.x"));
    QTRY_VERIFY_WITH_TIMEOUT(isOwner(owner), 60'000);
    const FilePath folder = m_scratch.folder("caller");
    m_scratch.folder("caller/out");
    m_scratch.file("caller/caf\xe9 relative.bin", "relative");
    std::filesystem::copy_file(m_clip, folder / "clip.mkv");
    std::vector<std::string> inFolder{"env", "-C", folder.string()};
    const auto run = [&](const std::vector<std::string> &words) {
        std::vector<std::string> all = inFolder;
        const auto rest = command(words);
        all.insert(all.end(), rest.begin(), rest.end());
        return runProgram(all);
    };
    const Finished uploaded = run({"upload", "caf\xe9 relative.bin", "--to",
                                   "file://" + (folder / "out").string()});
    QVERIFY2(uploaded.exitCode == 0, uploaded.output.constData());
    const Finished exported = run({"export", "clip.mkv", "--out", "out", "--preset", "remux-mp4"});
    QVERIFY2(exported.exitCode == 0, exported.output.constData());
    QCOMPARE(entriesOf(folder / "out"), 2);
    QVERIFY(isOwner(owner));
    owner.signal(SIGKILL);
}

void tst_cli_owner::secretOfTheCallerIsUsed()
{
    const FilePath data = m_scratch.folder("guarded");
    const auto guarded = tusServer(data, {"AUTH_TOKEN=open-sesame"});
    QTRY_VERIFY_WITH_TIMEOUT(guarded->output().contains('\n'), 60'000);
    const QUrl url(QString::fromUtf8(guarded->output().trimmed()));
    Program owner(slowUpload("busy.x"));
    QTRY_VERIFY_WITH_TIMEOUT(isOwner(owner), 60'000);
    const FilePath file = m_scratch.file("secret.bin", "with a token");
    const Finished finished = runProgram(command({"upload", file.string(), "--to", tusUrl(url.port())}),
                                         {"SENDOFF_SECRET=open-sesame"});
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    QVERIFY(isOwner(owner));
    owner.signal(SIGKILL);
    owner.wait();
    for (const auto &entry : std::filesystem::recursive_directory_iterator(m_profile)) {
        if (entry.is_regular_file())
            QVERIFY2(contentOf(entry.path()).find("open-sesame") == std::string::npos,
                     entry.path().c_str());
    }
}

void tst_cli_owner::killedOwnerIsReplaced()
{
    const auto first = slowUpload("first.a");
    Program owner(first);
    QTRY_VERIFY_WITH_TIMEOUT(isOwner(owner), 60'000);
    Program caller(slowUpload("second.b"));
    Program third(slowUpload("third.c"));
    // Under way: before the first byte the upload's address is stored. An owner that dies between the
    // server's reply and that leaves an empty upload there, which no client can know of.
    const auto runs = [](const Program &program) {
        const auto progress = program.events(u"progress"_qs, u"upload"_qs);
        return !progress.isEmpty() && progress.last()[u"bytes"].toInteger() > 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(runs(owner) && runs(caller) && runs(third), 60'000);
    QVERIFY(isOwner(owner));
    owner.signal(SIGKILL);
    owner.wait();
    const int code = caller.wait();
    QVERIFY2(code == 0, told(caller).constData());
    const int thirdCode = third.wait();
    QVERIFY2(thirdCode == 0, told(third).constData());
    QVERIFY(!caller.events(u"owner-ended"_qs).isEmpty());
    QCOMPARE(caller.events(u"done"_qs, u"upload"_qs).size(), 1);
    const Finished again = runProgram(first); // the killed one's job goes on where it was
    QVERIFY2(again.exitCode == 0, again.output.constData());
    QCOMPARE(stored(), std::vector<std::uintmax_t>(3, 1'200'000));
}

void tst_cli_owner::stoppedOwnerHandsBack()
{
    Program owner(slowUpload("first.a"));
    QTRY_VERIFY_WITH_TIMEOUT(isOwner(owner), 60'000);
    Program caller(slowUpload("second.b"));
    QTRY_VERIFY_WITH_TIMEOUT(!caller.events(u"state"_qs).isEmpty(), 60'000);
    owner.signal(SIGTERM);
    QCOMPARE(owner.wait(), 130);
    const int code = caller.wait();
    QVERIFY2(code == 0, told(caller).constData());
    QCOMPARE(caller.events(u"owner-ended"_qs).size(), 1);
    const Finished again = runProgram(slowUpload("first.a"));
    QVERIFY2(again.exitCode == 1 || again.exitCode == 0, again.output.constData());
}

void tst_cli_owner::stoppedCallerLeavesTheOwnerAtWork()
{
    Program owner(slowUpload("first.a"));
    QTRY_VERIFY_WITH_TIMEOUT(isOwner(owner), 60'000);
    Program caller(slowUpload("second.b"));
    QTRY_VERIFY_WITH_TIMEOUT(!caller.events(u"state"_qs).isEmpty(), 60'000);
    caller.signal(SIGINT);
    QCOMPARE(caller.wait(), 130);
    QCOMPARE(caller.events(u"left"_qs).size(), 1);
    QCOMPARE(owner.wait(), 0); // after both
    QCOMPARE(stored(), std::vector<std::uintmax_t>(2, 1'200'000));
}

void tst_cli_owner::leftLocks_data()
{
    QTest::addColumn<QByteArray>("record");
    QTest::addColumn<bool>("isTaken");
    LockHolder dead = LockHolder::thisProcess();
    dead.process = 4'194'305; // over the kernel's largest id
    QTest::newRow("dead process") << dead.toJson() << true;
    LockHolder reused = LockHolder::thisProcess(); // this process lives, but began at another time
    reused.started += 1;
    QTest::newRow("its id is in use again") << reused.toJson() << true;
    LockHolder elsewhere = dead;
    elsewhere.host = u"other-computer"_qs;
    elsewhere.boot = u"11111111-2222-3333-4444-555555555555"_qs;
    QTest::newRow("another computer") << elsewhere.toJson() << false;
    QTest::newRow("nonsense") << QByteArray("\0\0\0", 3) << true;
}

void tst_cli_owner::leftLocks()
{
    QFETCH(const QByteArray, record);
    QFETCH(const bool, isTaken);
    std::filesystem::create_directories(m_profile);
    const FilePath lock = m_profile / "sendoff.lock";
    std::ofstream(lock, std::ios::binary).write(record.constData(), record.size());
    const FilePath target = m_scratch.folder("left");
    const Finished finished = runProgram(
        command({"upload", m_clip.string(), "--to", "file://" + target.string(), "--again"}));
    if (isTaken) {
        QVERIFY2(finished.exitCode == 0, finished.output.constData());
        return;
    }
    QCOMPARE(finished.exitCode, 1);
    const QJsonObject error = finished.eventsOf(u"error"_qs).value(0);
    QCOMPARE(error[u"kind"].toString(), u"profile-on-other-host"_qs);
    QVERIFY(error[u"text"].toString().contains(u"other-computer"));
    QVERIFY(error[u"next"].toString().contains(u"sendoff.lock"));
    QCOMPARE(QByteArray::fromStdString(contentOf(lock)), record);
    QVERIFY(!std::filesystem::exists(m_profile / "sendoff.db"));
}

void tst_cli_owner::deepProfileHasASocketToo()
{
    m_profile = m_profile / std::string(100, 'd') / std::string(100, 'e');
    Program owner(slowUpload("busy.x"));
    QTRY_VERIFY_WITH_TIMEOUT(isOwner(owner), 60'000);
    struct stat status {};
    QTRY_COMPARE(::lstat((m_profile / "owner.sock").c_str(), &status), 0);
    QVERIFY(S_ISSOCK(status.st_mode));
    QCOMPARE(status.st_mode & 0777, mode_t(0600));
    const FilePath target = m_scratch.folder("deep");
    const Finished finished =
        runProgram(command({"upload", m_clip.string(), "--to", "file://" + target.string()}));
    QVERIFY2(finished.exitCode == 0, finished.output.constData());
    QVERIFY(isOwner(owner));
    QCOMPARE(owner.wait(), 0);
    QVERIFY(!std::filesystem::exists(m_profile / "owner.sock"));
}

// A lock that is held by something which does not speak our language.
void tst_cli_owner::otherVersionsAreToldApart()
{
    std::filesystem::create_directories(m_profile);
    const auto lock = ProcessLock::take(m_profile / "sendoff.lock");
    QVERIFY(lock.has_value());
    const auto listener = app::listenAt(m_profile / "owner.sock");
    QVERIFY(listener.has_value());
    QSocketNotifier caller(*listener, QSocketNotifier::Read);
    connect(&caller, &QSocketNotifier::activated, this, [&] {
        const int connection = ::accept(*listener, nullptr, nullptr);
        const QByteArray refusal = app::encoded(app::OwnerRefusal::OtherVersion);
        const auto written = ::write(connection, refusal.constData(), size_t(refusal.size()));
        QCOMPARE(written, ssize_t(refusal.size()));
        QTest::qWait(50); // the caller has read it before the end
        ::close(connection);
    });
    const Finished finished = runProgram(command({"upload", m_clip.string(), "--to", "shelf:"}));
    QCOMPARE(finished.exitCode, 1);
    const QJsonObject error = finished.eventsOf(u"error"_qs).value(0);
    QCOMPARE(error[u"kind"].toString(), u"owner-unusable"_qs);
    QVERIFY(error[u"text"].toString().contains(u"another version"));
}

// FAULTS 3a, 34.
void tst_cli_owner::aFolderThatCannotBeWrittenIsSaid()
{
    std::vector<std::string> words;
    if (::geteuid() == 0) { // somebody else's folder, without root's right to write anywhere
        std::filesystem::create_directories(m_profile);
        QCOMPARE(::chown(m_profile.c_str(), 65534, 65534), 0);
        words = {"setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"};
    } else {
        m_profile = "/sendoff-profile";
    }
    const auto rest = command({"upload", m_clip.string(), "--to", "shelf:"});
    words.insert(words.end(), rest.begin(), rest.end());
    const Finished finished = runProgram(words);
    QCOMPARE(finished.exitCode, 1);
    const QJsonObject error = finished.eventsOf(u"error"_qs).value(0);
    QCOMPARE(error[u"kind"].toString(), u"output-not-writable"_qs);
    QVERIFY(error[u"text"].toString().contains(displayPath(m_profile)));
    QVERIFY(!error[u"next"].toString().isEmpty());
}

QTEST_GUILESS_MAIN(tst_cli_owner)
#include "tst_cli_owner.moc"
