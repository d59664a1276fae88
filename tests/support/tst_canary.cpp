// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The search for secrets finds them: a search that found nothing anywhere would pass for ever.
#include "tests/support/canary.h"

#include "tests/support/program.h"

#include <QTemporaryDir>
#include <QTest>

#include <elf.h>
#include <fstream>

using namespace sendoff;
using namespace sendoff::test;

class CanaryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanupTestCase();
    void findsEverySecretInEveryForm_data();
    void findsEverySecretInEveryForm();
    void findsNothingWhereThereIsNothing();
    void looksThroughFiles_data();
    void looksThroughFiles();
    void leavesTheConsentedFileAlone();
    void looksAtTheListOfProcesses();
    void theLastTestFails_data();
    void theLastTestFails();
    void theLastTestPassesWhereAllIsWell();

private:
    FilePath root() const { return m_folder->path().toStdString(); }
    FilePath write(const std::string &name, const std::string &content) const
    {
        std::filesystem::create_directories((root() / name).parent_path());
        std::ofstream(root() / name, std::ios::binary) << content;
        return root() / name;
    }
    std::string noted(const std::string &name) const
    {
        std::ifstream file(root() / "build/canary" / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    int checked() const
    {
        qunsetenv("SENDOFF_CANARY_FOLDER"); // for what runs the script notes that it looked, too
        const std::string source = std::getenv("SENDOFF_SOURCE_DIR");
        const Finished check =
            runProgram({"bash", source + "/tests/check_canary.sh", (root() / "build").string()});
        return check.exitCode;
    }

    const QByteArray m_outside = qgetenv("SENDOFF_CANARY_FOLDER");
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

// Put together, so that this program's own arguments and output hold none.
const std::string secret = canarySecrets[0];

std::string coreHead()
{
    Elf64_Ehdr head{};
    std::copy_n(ELFMAG, SELFMAG, head.e_ident);
    head.e_type = ET_CORE;
    return {reinterpret_cast<const char *>(&head), sizeof head};
}

} // namespace

void CanaryTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("SENDOFF_CANARY_FOLDER",
            QByteArray::fromStdString((root() / "build/canary").string()));
}

void CanaryTest::cleanupTestCase()
{
    qputenv("SENDOFF_CANARY_FOLDER", m_outside);
}

void CanaryTest::findsEverySecretInEveryForm_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<bool>("isEncoded");
    QTest::newRow("as it is") << QByteArray("Bearer ") << false;
    QTest::newRow("in base64") << QByteArray() << true;
    for (const char *user : {"u:", "me:", "you:", "user:", "bob@example.org:"})
        QTest::addRow("in base64 behind %s", user) << QByteArray(user) << true;
}

void CanaryTest::findsEverySecretInEveryForm()
{
    QFETCH(const QByteArray, before);
    QFETCH(const bool, isEncoded);
    for (const QByteArray one : canarySecrets) {
        for (const QByteArray &behind : {QByteArray(), QByteArray("!"), QByteArray("!\n")}) {
            const QByteArray whole = before + one + behind;
            const QByteArray found = isEncoded ? whole.toBase64() : whole;
            QVERIFY(holdsCanary("Authorization: " + found.toStdString()));
        }
    }
}

void CanaryTest::findsNothingWhereThereIsNothing()
{
    QVERIFY(!holdsCanary({}));
    QVERIFY(!holdsCanary("a canary sings"));
    QVERIFY(!holdsCanary(QByteArray("user:canary").toBase64().toStdString()));
}

void CanaryTest::looksThroughFiles_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<qint64>("offset"); // of the secret
    QTest::addColumn<bool>("isFound");
    const QByteArray core = QByteArray::fromStdString(coreHead());
    QTest::newRow("a small file") << QByteArray("text ") << qint64(5) << true;
    QTest::newRow("across two reads") << QByteArray("text ") << qint64((1 << 20) - 4) << true;
    QTest::newRow("a core") << core << qint64(40 << 20) << true;
    QTest::newRow("deep in a video") << QByteArray("video") << qint64(40 << 20) << false;
}

void CanaryTest::looksThroughFiles()
{
    QFETCH(const QByteArray, head);
    QFETCH(const qint64, offset);
    QFETCH(const bool, isFound);
    std::string content = head.toStdString();
    content.resize(std::size_t(offset), '\0');
    const FilePath file = write("files/below/file", content + secret + std::string(100, '\0'));
    lookForCanaries(root() / "files");
    QCOMPARE(noted("looked"), (root() / "files").string() + '\n');
    QCOMPARE(noted("found"), isFound ? file.string() + '\n' : std::string());
}

void CanaryTest::leavesTheConsentedFileAlone()
{
    write("files/secrets.json", secret);
    lookForCanaries(root() / "files");
    QCOMPARE(noted("found"), std::string());
}

void CanaryTest::looksAtTheListOfProcesses()
{
    const FilePath program = root() / "sleeper";
    std::filesystem::copy_file("/bin/sleep", program);
    Program quiet({program.string(), "60"});
    QTRY_VERIFY((lookAtProcesses(program), !noted("processes").empty()));
    QCOMPARE(noted("found"), std::string());
    // Its own name of itself is what everybody sees.
    Program loud({"bash", "-c", "exec -a \"$0\" \"$1\" 60", "sleeper " + secret, program.string()});
    QTRY_VERIFY((lookAtProcesses(program), !noted("found").empty()));
}

void CanaryTest::theLastTestFails_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("nobody looked") << QByteArray("Testing/LastTest.log") << QByteArray("fine");
    QTest::newRow("something was found") << QByteArray("canary/found") << QByteArray("a file\n");
    QTest::newRow("it was printed")
        << QByteArray("Testing/LastTest.log") << QByteArray::fromStdString("token " + secret);
    QTest::newRow("it was printed in base64")
        << QByteArray("Testing/LastTest.log")
        << "Basic " + QByteArray::fromStdString("u:" + secret).toBase64();
}

void CanaryTest::theLastTestFails()
{
    QFETCH(const QByteArray, file);
    QFETCH(const QByteArray, content);
    write("build/" + file.toStdString(), content.toStdString());
    if (QByteArray(QTest::currentDataTag()) != "nobody looked")
        write("build/canary/looked", "a folder\n");
    QCOMPARE(checked(), 1);
}

void CanaryTest::theLastTestPassesWhereAllIsWell()
{
    write("build/canary/looked", "a folder\n");
    write("build/Testing/LastTest.log", "fine");
    QCOMPARE(checked(), 0);
    QCOMPARE(checked(), 1); // what was noted is used up
}

QTEST_GUILESS_MAIN(CanaryTest)
#include "tst_canary.moc"
