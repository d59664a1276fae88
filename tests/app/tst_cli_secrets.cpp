// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What of its secrets the program leaves behind where something goes wrong, and where it has no
// choice but the keychain. Without a bus, and again in a session with a real Secret Service
// (SENDOFF_TEST_KEYCHAIN says which).
#include "tests/support/fake_server.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/test_keyring.h"

#include <QJsonArray>

#include <csignal>
#include <sys/resource.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_secrets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leavesNoCore();
    void keepsASecretInTheKeychain();
    void saysThatTheKeychainIsLocked();

private:
    Finished run(const std::vector<std::string> &arguments,
                 const std::vector<std::string> &environment = {})
    {
        return runProgram(sendoffCommand(m_scratch.profile().string(), arguments), environment);
    }
    Finished addFamilyServer(const FakeServer &server)
    {
        return run({"destinations", "add", "Family server", "--type", "tus", "--set",
                    "url=" + server.url().toString().toStdString()},
                   {std::string("SENDOFF_SECRET_FAMILY_SERVER=") + token});
    }

    static constexpr auto token = "canary-19c4e7";
    Scratch m_scratch;
};

namespace {

bool hasKeychain()
{
    return qEnvironmentVariable("SENDOFF_TEST_KEYCHAIN") == u"1";
}

} // namespace

// FAULTS 3d, 87: a core would hold tokens.
void tst_cli_secrets::leavesNoCore()
{
    rlimit cores{};
    QCOMPARE(::getrlimit(RLIMIT_CORE, &cores), 0);
    cores.rlim_cur = cores.rlim_max; // as on a machine that keeps cores
    QCOMPARE(::setrlimit(RLIMIT_CORE, &cores), 0);
    const FilePath folder = m_scratch.folder("working folder");
    std::vector<std::string> command = sendoffCommand(
        m_scratch.profile().string(), {"shelf", "--dir", m_scratch.folder("shelf").string()});
    command.insert(command.begin(), {"env", "-C", folder.string()});
    // AddressSanitizer would see to it by itself.
    const std::string asan = qgetenv("ASAN_OPTIONS").toStdString() + ":disable_coredump=0";
    Program shelf(command, {"ASAN_OPTIONS=" + asan});
    QTRY_VERIFY_WITH_TIMEOUT(!shelf.events(u"listening"_qs).isEmpty(), 60'000);
    const QByteArray limits = QByteArray::fromStdString(
        contentOf("/proc/" + std::to_string(shelf.processId()) + "/limits"));
    const qsizetype begin = limits.indexOf("Max core file size");
    QVERIFY2(begin >= 0, limits.constData());
    const QByteArray line = limits.mid(begin, limits.indexOf('\n', begin) - begin).simplified();
    QCOMPARE(line, QByteArray("Max core file size 0 0 bytes"));
    shelf.signal(SIGABRT);
    QCOMPARE(shelf.wait(), 128 + SIGABRT);
    QVERIFY(std::filesystem::is_empty(folder));
}

void tst_cli_secrets::keepsASecretInTheKeychain()
{
    if (!hasKeychain())
        return; // what happens then is tst_cli_destinations'
    const FakeServer server({.token = token});
    const Finished added = addFamilyServer(server);
    QVERIFY2(added.exitCode == 0, added.output.constData());
    QCOMPARE(added.events.value(0)[u"secrets_in"].toString(), u"keychain"_qs);
    QVERIFY(!std::filesystem::exists(m_scratch.profile() / "secrets.json"));
    // Another process finds it there.
    const FilePath file = m_scratch.file("film.mp4", std::string(100'000, 'f'));
    const Finished sent = run({"upload", file.string(), "--to", "Family server"});
    QVERIFY2(sent.exitCode == 0, sent.output.constData());
    QCOMPARE(server.uploads().value(0).bytes.size(), 100'000);
    // And once it is removed, it is there no more.
    QCOMPARE(run({"destinations", "remove", "Family server"}).exitCode, 0);
    QCOMPARE(run({"destinations", "add", "Family server", "--type", "tus", "--set",
                  "url=" + server.url().toString().toStdString()})
                 .exitCode,
             0);
    QCOMPARE(run({"destinations", "test", "Family server"}).exitCode, 1);
    QCOMPARE(run({"destinations", "remove", "Family server"}).exitCode, 0);
}

void tst_cli_secrets::saysThatTheKeychainIsLocked()
{
    if (!hasKeychain())
        return;
    const TestKeyring keyring;
    const FakeServer server({.token = token});
    const Finished added = addFamilyServer(server);
    QVERIFY2(added.exitCode == 0, added.output.constData());
    QVERIFY(keyring.lock());
    const FilePath file = m_scratch.file("locked.mp4", std::string(1'000, 'l'));
    const Finished refused = run({"upload", file.string(), "--to", "Family server"});
    const auto before = server.uploads().size();
    // What cannot be read is not written over, nor is anything else changed by halves.
    const Finished changed =
        run({"destinations", "set", "Family server", "--set", "upload_limit=400"},
            {"SENDOFF_SECRET_FAMILY_SERVER=canary-token"});
    const Finished removed = run({"destinations", "remove", "Family server"});
    QVERIFY(keyring.unlock());
    QCOMPARE(changed.exitCode, 1);
    QCOMPARE(removed.exitCode, 1); // and it is still in the list
    const QString sentence = changed.eventsOf(u"error"_qs).value(0)[u"text"].toString();
    QVERIFY2(sentence.contains(u"Family server") && sentence.contains(u"locked"),
             changed.output.constData());
    const Finished listed = run({"destinations", "list"});
    const QJsonValue kept = listed.events.value(0)[u"destinations"][0];
    QCOMPARE(kept[u"name"].toString(), u"Family server"_qs);
    QVERIFY(kept[u"options"][u"upload_limit"].toString() != u"400"_qs);
    QCOMPARE(refused.exitCode, 1);
    const QJsonObject error = refused.eventsOf(u"error"_qs).value(0);
    QCOMPARE(error[u"kind"].toString(), u"sign-in-needed"_qs);
    QVERIFY2(error[u"text"].toString().contains(u"locked"), refused.output.constData());
    QVERIFY(!error[u"next"].toString().isEmpty());
    QCOMPARE(before, 0);
    const Finished sent = run({"upload", file.string(), "--to", "Family server"});
    QVERIFY2(sent.exitCode == 0, sent.output.constData());
}

QTEST_GUILESS_MAIN(tst_cli_secrets)
#include "tst_cli_secrets.moc"
