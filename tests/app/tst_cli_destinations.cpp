// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Destinations from their setting-up to their removal, with real servers and without a keychain.
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/slow_proxy.h"
#include "tests/support/swift_server_process.h"
#include "tests/support/tus_server_process.h"

#include <QJsonArray>

#include <signal.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_destinations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void noneIsSetUpAtFirst();
    void onesIsSetUpTestedUsedAndRemoved();
    void withoutConsentASecretIsOnlyLent();
    void refusalsAreOneSentence_data();
    void refusalsAreOneSentence();
    void uploadsKeepToItsLimit();
    void aFolderAndTheShelfAreTestedToo();
    void aDeadServerIsSaidByTheStepThatFails();
    void aRunningSendoffGetsTheSecretToo();
    void unfinishedUploadsToABucketAreFoundAndRemoved();

private:
    Finished run(const std::vector<std::string> &arguments,
                 std::vector<std::string> environment = {})
    {
        environment.push_back(noKeychain);
        return runProgram(sendoffCommand(m_scratch.profile().string(), arguments), environment);
    }
    QJsonObject answer(const std::vector<std::string> &arguments)
    {
        return run(arguments).events.value(0);
    }
    QStringList names()
    {
        QStringList names;
        for (const QJsonValue &known : answer({"destinations", "list"})[u"destinations"].toArray())
            names.append(known[u"name"].toString());
        return names;
    }
    FilePath secretFile() const { return m_scratch.profile() / "secrets.json"; }

    static constexpr auto noKeychain = "DBUS_SESSION_BUS_ADDRESS=disabled:";
    Scratch m_scratch;
    std::unique_ptr<TusServerProcess> m_server; // lets in who has the token
    std::string m_url;
};

namespace {

constexpr auto token = "canary-19c4e7";

// The steps of “destinations test”: "connect ok", "sign_in failed"; each with a sentence.
QStringList stepsOf(const Finished &finished)
{
    QStringList steps;
    for (const QJsonValue &step : finished.events.value(0)[u"steps"].toArray()) {
        const QString text = step[u"text"].toString();
        if (text.size() < 10 || text.contains(u'%'))
            return {QStringLiteral("no sentence: ") + text};
        steps.append(step[u"step"].toString()
                     + (step[u"ok"].toBool() ? QStringLiteral(" ok") : QStringLiteral(" failed")));
    }
    return steps;
}

bool isInProfile(const FilePath &profile, const std::string &text)
{
    for (const auto &entry : std::filesystem::recursive_directory_iterator(profile)) {
        if (entry.is_regular_file() && contentOf(entry.path()).find(text) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

void tst_cli_destinations::initTestCase()
{
    const FilePath data = m_scratch.folder("tus");
    m_server = std::make_unique<TusServerProcess>(
        QString::fromStdString(data.string()),
        QMap<QString, QString>{{QStringLiteral("AUTH_TOKEN"), QString::fromLatin1(token)}});
    QVERIFY2(m_server->start(), qPrintable(m_server->why()));
    m_url = m_server->url().toString().toStdString();
}

void tst_cli_destinations::noneIsSetUpAtFirst()
{
    const Finished listed = run({"destinations", "list"});
    QCOMPARE(listed.exitCode, 0);
    QCOMPARE(listed.events.size(), 1);
    QVERIFY(listed.events[0][u"destinations"].isArray());
    QVERIFY(listed.events[0][u"destinations"].toArray().isEmpty());
}

void tst_cli_destinations::onesIsSetUpTestedUsedAndRemoved()
{
    const Finished added = run({"destinations", "add", "Family server", "--type", "tus", "--set",
                                "url=" + m_url, "--keep-in-file"},
                               {std::string("SENDOFF_SECRET_FAMILY_SERVER=") + token});
    QVERIFY2(added.exitCode == 0, added.output.constData());
    QCOMPARE(added.events.value(0)[u"secrets_in"].toString(), u"file"_qs);
    QCOMPARE(names(), QStringList(u"Family server"_qs));
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    QVERIFY((std::filesystem::status(secretFile()).permissions() & others)
            == std::filesystem::perms::none);

    const Finished tested = run({"destinations", "test", "family server"});
    QVERIFY2(tested.exitCode == 0, tested.output.constData());
    QCOMPARE(stepsOf(tested), (QStringList{u"resolve ok"_qs, u"connect ok"_qs, u"sign_in ok"_qs,
                                           u"write ok"_qs, u"resume ok"_qs, u"delete ok"_qs}));

    const FilePath file = m_scratch.file("holiday.bin", std::string(300'000, 'h'));
    const Finished sent = run({"upload", file.string(), "--to", "Family server"});
    QVERIFY2(sent.exitCode == 0, sent.output.constData());
    QCOMPARE(sent.eventsOf(u"done"_qs).value(0)[u"bytes"].toInteger(), qint64(300'000));
    QVERIFY(!isInProfile(m_scratch.profile(), token));

    const Finished removed = run({"destinations", "remove", "Family server"});
    QVERIFY2(removed.exitCode == 0, removed.output.constData());
    QVERIFY(names().isEmpty());
    QVERIFY(!isInProfile(m_scratch.profile(), QByteArray(token).toBase64().toStdString()));
    QCOMPARE(run({"upload", file.string(), "--to", "Family server"}).exitCode, 2);
}

void tst_cli_destinations::withoutConsentASecretIsOnlyLent()
{
    const std::string secret = std::string("SENDOFF_SECRET_LENT=") + token;
    const Finished added =
        run({"destinations", "add", "Lent", "--type", "tus", "--set", "url=" + m_url}, {secret});
    QVERIFY2(added.exitCode == 0, added.output.constData());
    QCOMPARE(added.events.value(0)[u"secrets_in"].toString(), u"memory"_qs);
    QVERIFY(!isInProfile(m_scratch.profile(), QByteArray(token).toBase64().toStdString()));
    const Finished without = run({"destinations", "test", "Lent"});
    QCOMPARE(without.exitCode, 1);
    QCOMPARE(stepsOf(without).last(), u"sign_in failed"_qs);
    QCOMPARE(run({"destinations", "test", "Lent"}, {secret}).exitCode, 0);
    // What is stored for it goes on with the secret, and not without.
    const FilePath file = m_scratch.file("lent.bin", std::string(1'000, 'l'));
    QCOMPARE(run({"queue", "add", file.string(), "--as-is", "--to", "Lent"}).exitCode, 0);
    const Finished ran = run({"queue", "run"}, {secret});
    QVERIFY2(ran.exitCode == 0, ran.output.constData());
    QCOMPARE(ran.eventsOf(u"done"_qs).size(), 1);
    QCOMPARE(run({"destinations", "remove", "Lent"}).exitCode, 0);
}

void tst_cli_destinations::refusalsAreOneSentence_data()
{
    QTest::addColumn<QString>("arguments"); // separated by |
    const QString add = u"destinations|add|%1|--type|%2|--set|%3"_qs;
    const auto row = [](const char *name, const QString &arguments) {
        QTest::newRow(name) << arguments;
    };
    row("no type of that name", add.arg(u"A"_qs, u"carrier-pigeon"_qs, u"url=http://127.0.0.1/"_qs));
    row("an option that is not there", add.arg(u"A"_qs, u"tus"_qs, u"colour=blue"_qs));
    row("a secret as an option", add.arg(u"A"_qs, u"tus"_qs, u"token=hunter2"_qs));
    const QString limited = u"url=http://127.0.0.1/|--set|upload_limit=%1"_qs;
    row("a negative limit", add.arg(u"A"_qs, u"tus"_qs, limited.arg(-1)));
    row("no value", add.arg(u"A"_qs, u"tus"_qs, u"url"_qs));
    row("a name like an address", add.arg(u"A:B"_qs, u"tus"_qs, u"url=http://127.0.0.1/"_qs));
    row("an empty name", add.arg(QString(), u"tus"_qs, u"url=http://127.0.0.1/"_qs));
    row("no type", u"destinations|add|A"_qs);
    row("a stranger tested", u"destinations|test|Nobody"_qs);
    row("a stranger removed", u"destinations|remove|Nobody"_qs);
    row("a stranger's leftovers", u"destinations|orphans|Nobody"_qs);
}

void tst_cli_destinations::refusalsAreOneSentence()
{
    QFETCH(const QString, arguments);
    std::vector<std::string> words;
    for (const QString &word : arguments.split(u'|'))
        words.push_back(word.toStdString());
    const Finished finished = run(words);
    QCOMPARE(finished.exitCode, 2);
    QCOMPARE(finished.eventsOf(u"error"_qs).size(), 1);
    const QString text = finished.eventsOf(u"error"_qs)[0][u"text"].toString();
    QVERIFY2(text.size() > 10, qPrintable(text));
    QVERIFY2(!finished.output.contains("hunter2"), finished.output.constData());
    QVERIFY(names().isEmpty());
}

// ± 3 % is tst_net_load's; this is that the option arrives there.
void tst_cli_destinations::uploadsKeepToItsLimit()
{
    const std::string secret = std::string("SENDOFF_SECRET_SLOW=") + token;
    const Finished added = run({"destinations", "add", "Slow", "--type", "tus", "--set",
                                "url=" + m_url, "--set", "upload_limit=400"},
                               {secret});
    QVERIFY2(added.exitCode == 0, added.output.constData());
    const FilePath file = m_scratch.file("limited.bin", std::string(1'600'000, 'b'));
    const Finished sent = run({"upload", file.string(), "--to", "Slow"}, {secret});
    QVERIFY2(sent.exitCode == 0, sent.output.constData());
    const double seconds = sent.eventsOf(u"summary"_qs).value(0)[u"wall_s"].toDouble();
    QVERIFY2(seconds > 3.5, qPrintable(QString::number(seconds)));
    QCOMPARE(run({"destinations", "remove", "Slow"}).exitCode, 0);
}

void tst_cli_destinations::aFolderAndTheShelfAreTestedToo()
{
    const QStringList upload{u"sign_in ok"_qs, u"write ok"_qs, u"resume ok"_qs, u"delete ok"_qs};
    const FilePath folder = m_scratch.folder("folder");
    const Finished ofFolder = run({"destinations", "test", "file://" + folder.string()});
    QVERIFY2(ofFolder.exitCode == 0, ofFolder.output.constData());
    QCOMPARE(stepsOf(ofFolder), upload);
    QVERIFY(std::filesystem::is_empty(folder));
    const Finished ofShelf = run({"destinations", "test", "shelf:"});
    QVERIFY2(ofShelf.exitCode == 0, ofShelf.output.constData());
    QCOMPARE(stepsOf(ofShelf), (QStringList{u"resolve ok"_qs, u"connect ok"_qs} + upload));
    QVERIFY(!std::filesystem::exists(m_scratch.profile() / "Shelf/sendoff-test.mp4"));
}

void tst_cli_destinations::aDeadServerIsSaidByTheStepThatFails()
{
    QCOMPARE(run({"destinations", "add", "Dead", "--type", "tus", "--set",
                  "url=http://127.0.0.1:9/files/"})
                 .exitCode,
             0);
    const Finished taken = run({"destinations", "add", "DEAD", "--type", "tus", "--set",
                                "url=http://127.0.0.1:9/files/"});
    QCOMPARE(taken.exitCode, 2);
    const Finished tested = run({"destinations", "test", "Dead"});
    QCOMPARE(tested.exitCode, 1);
    QCOMPARE(stepsOf(tested), (QStringList{u"resolve ok"_qs, u"connect failed"_qs}));
    const Finished read = runProgram({qgetenv("SENDOFF_PROGRAM").toStdString(), "--profile",
                                      m_scratch.profile().string(), "destinations", "test", "Dead"},
                                     {noKeychain});
    const QStringList lines = QString::fromUtf8(read.output).split(u'\n');
    QVERIFY2(lines.value(0).startsWith(u"✓ "), read.output.constData());
    QVERIFY2(lines.value(1).startsWith(u"✕ "), read.output.constData());
    // It is nothing that could list unfinished uploads.
    QCOMPARE(run({"destinations", "orphans", "Dead"}).exitCode, 1);
    QCOMPARE(run({"destinations", "remove", "Dead"}).exitCode, 0);
}

void tst_cli_destinations::aRunningSendoffGetsTheSecretToo()
{
    SlowProxy proxy(quint16(m_server->url().port()), 200'000);
    const FilePath file = m_scratch.file("slow.bin", std::string(1'500'000, 's'));
    Program owner(sendoffCommand(m_scratch.profile().string(),
                                 {"upload", file.string(), "--to",
                                  "tus+http://127.0.0.1:" + std::to_string(proxy.port()) + "/files"}),
                  {std::string("SENDOFF_SECRET=") + token, noKeychain});
    QTRY_VERIFY_WITH_TIMEOUT(!owner.events(u"progress"_qs, u"upload"_qs).isEmpty(), 60'000);
    const Finished added = run(
        {"destinations", "add", "Told", "--type", "tus", "--set", "url=" + m_url},
        {std::string("SENDOFF_SECRET_TOLD=") + token});
    QVERIFY2(added.exitCode == 0, added.output.constData());
    const Finished tested = run({"destinations", "test", "Told"}); // in the owner's memory
    QVERIFY(owner.isRunning());
    QVERIFY2(tested.exitCode == 0, tested.output.constData());
    owner.signal(SIGTERM);
    QCOMPARE(owner.wait(), 130);
    QCOMPARE(run({"destinations", "test", "Told"}).exitCode, 1); // gone with it
    QCOMPARE(run({"destinations", "remove", "Told"}).exitCode, 0);
}

void tst_cli_destinations::unfinishedUploadsToABucketAreFoundAndRemoved()
{
    SwiftServerProcess swift;
    QVERIFY2(swift.start(), qPrintable(swift.why()));
    swift.makeBucket(u"films"_qs);
    const std::vector<std::string> keys{
        std::string("AWS_ACCESS_KEY_ID=") + SwiftServerProcess::accessKey,
        std::string("SENDOFF_SECRET_BUCKET=") + SwiftServerProcess::secretKey};
    const Finished added = run(
        {"destinations", "add", "Bucket", "--type", "s3", "--set", "bucket=films", "--set",
         "endpoint=" + swift.endpoint().toString().toStdString(), "--set", "path_style=1",
         "--keep-in-file"},
        keys);
    QVERIFY2(added.exitCode == 0, added.output.constData());
    const Finished tested = run({"destinations", "test", "Bucket"});
    QVERIFY2(tested.exitCode == 0, tested.output.constData());
    QCOMPARE(stepsOf(tested), (QStringList{u"resolve ok"_qs, u"connect ok"_qs, u"sign_in ok"_qs,
                                           u"write ok"_qs, u"resume ok"_qs, u"delete ok"_qs}));
    QVERIFY(answer({"destinations", "orphans", "Bucket"})[u"orphans"].toArray().isEmpty());

    const FilePath file = m_scratch.file("film.bin", std::string(20 << 20, 'f'));
    const std::vector<std::string> upload{"upload", file.string(), "--to", "Bucket"};
    QVERIFY(run(upload, {"SENDOFF_CRASH_AT=upload-part-sent"}).exitCode > 128);
    const auto found = answer({"destinations", "orphans", "Bucket"})[u"orphans"].toArray();
    QCOMPARE(found.size(), 1);
    QVERIFY(found[0][u"name"].toString().contains(u"film.bin"));
    const auto removed =
        answer({"destinations", "orphans", "Bucket", "--remove"})[u"orphans"].toArray();
    QCOMPARE(removed.size(), 1);
    QVERIFY(removed[0][u"removed"].toBool());
    QVERIFY(answer({"destinations", "orphans", "Bucket"})[u"orphans"].toArray().isEmpty());

    const Finished sent = run(upload); // begins anew, as the bucket has forgotten it
    QVERIFY2(sent.exitCode == 0, sent.output.constData());
    QCOMPARE(swift.keys(u"films"_qs), QStringList(u"film.bin"_qs));
    QCOMPARE(swift.object(u"films"_qs, u"film.bin"_qs).size(), qsizetype(20 << 20));
    QVERIFY(!isInProfile(m_scratch.profile(), SwiftServerProcess::secretKey));
}

QTEST_GUILESS_MAIN(tst_cli_destinations)
#include "tst_cli_destinations.moc"
