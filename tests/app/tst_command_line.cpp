// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include <QFile>
#include <QTest>

using namespace sendoff;
using namespace sendoff::app;

class tst_command_line : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyVerbHasHelpAndSaneOptions();
    void everyVerbIsInTheManual();
    void readsVerbsOptionsAndFiles();
    void namesOfFilesStayBytes();
    void refusesWithAReason_data();
    void refusesWithAReason();
    void filesWithoutAVerbAreForTheWindow();
    void namesCountFromWhereTheyWereGiven();
    void profileComesFromTheOptionBeforeTheEnvironment();
};

namespace {

Result<CommandLine> parsed(std::vector<std::string> words)
{
    return parseCommandLine(words);
}

} // namespace

void tst_command_line::everyVerbHasHelpAndSaneOptions()
{
    QVERIFY(verbs().size() >= 11);
    for (const VerbSpec &verb : verbs()) {
        QVERIFY2(!verb.help.isEmpty(), qPrintable(verb.name));
        QVERIFY(helpText(verb).contains(verb.name));
        QVERIFY(helpText().contains(verb.name));
        for (const OptionSpec &option : verb.options) {
            QVERIFY(option.name.startsWith(u"--") || option.name.size() == 2); // --long or -n
            QVERIFY(!option.help.isEmpty());
        }
    }
}

void tst_command_line::everyVerbIsInTheManual()
{
    QFile page(qEnvironmentVariable("SENDOFF_SOURCE_DIR") + u"/resources/man/sendoff.1"_qs);
    QVERIFY(page.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(page.readAll()).remove(u'\\');
    for (const VerbSpec &verb : verbs()) {
        for (const QString &word : verb.name.split(u' '))
            QVERIFY2(text.contains(word), qPrintable(verb.name));
    }
}

void tst_command_line::readsVerbsOptionsAndFiles()
{
    const auto line = parsed({"send", "a.mp4", "--preset=original", "--to", "shelf:", "--json",
                              "--to", "file:///tmp", "--", "--odd"});
    QVERIFY(line);
    QCOMPARE(line->verb->name, u"send");
    QCOMPARE(line->value(u"--preset"), u"original");
    QCOMPARE(line->values(u"--to"), QStringList({u"shelf:"_qs, u"file:///tmp"_qs}));
    QVERIFY(line->isJson);
    QCOMPARE(line->operands.size(), 2u);
    QCOMPARE(line->operands[1].string(), std::string("--odd"));
    QCOMPARE(parsed({"presets", "list"})->verb->name, u"presets list");
    QVERIFY(parsed({})->verb == nullptr);
    QVERIFY(parsed({"export", "--help"})->wantsHelp);
}

void tst_command_line::namesOfFilesStayBytes()
{
    const std::string name = "caf\xe9\n.mp4"; // Latin-1: not UTF-8
    const auto line = parsed({"probe", name});
    QVERIFY(line);
    QCOMPARE(line->operands.front().string(), name);
    const auto withOut = parsed({"export", "a", "--out", "/tmp/\xff"});
    QVERIFY(withOut);
    QCOMPARE(withOut->path(u"--out").string(), std::string("/tmp/\xff"));
}

void tst_command_line::refusesWithAReason_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("mentions");
    QTest::newRow("unknown verb") << QStringList{u"fly"_qs} << u"fly"_qs;
    QTest::newRow("unknown option") << QStringList{u"probe"_qs, u"a"_qs, u"--x"_qs} << u"--x"_qs;
    QTest::newRow("option of another verb")
        << QStringList{u"probe"_qs, u"a"_qs, u"--to"_qs, u"shelf:"_qs} << u"--to"_qs;
    QTest::newRow("no file") << QStringList{u"export"_qs, u"--out"_qs, u"d"_qs} << u"FILE"_qs;
    QTest::newRow("no --out") << QStringList{u"export"_qs, u"a"_qs} << u"--out"_qs;
    QTest::newRow("no --to") << QStringList{u"upload"_qs, u"a"_qs} << u"--to"_qs;
    QTest::newRow("no value") << QStringList{u"upload"_qs, u"a"_qs, u"--to"_qs} << u"--to"_qs;
    QTest::newRow("empty value") << QStringList{u"upload"_qs, u"a"_qs, u"--to="_qs} << u"--to"_qs;
    QTest::newRow("given twice")
        << QStringList{u"plan"_qs, u"a"_qs, u"--preset=x"_qs, u"--preset=y"_qs} << u"twice"_qs;
    QTest::newRow("one file too many") << QStringList{u"probe"_qs, u"a"_qs, u"b"_qs} << u"b"_qs;
}

void tst_command_line::refusesWithAReason()
{
    QFETCH(const QStringList, words);
    QFETCH(const QString, mentions);
    std::vector<std::string> bytes;
    for (const QString &word : words)
        bytes.push_back(word.toStdString());
    const auto line = parsed(bytes);
    QVERIFY(!line);
    QCOMPARE(line.error().kind, ErrorKind::BadUsage);
    QVERIFY2(line.error()[argument::reason].contains(mentions),
             qPrintable(line.error()[argument::reason]));
}

void tst_command_line::filesWithoutAVerbAreForTheWindow()
{
    QVERIFY(parsed({})->operands.empty());
    const auto line = parsed({"--profile", "/p", "Holiday.mov", "/videos/caf\xe9", "-x.mp4"});
    QVERIFY(!line); // an option that does not exist
    const auto files = parsed({"--profile", "/p", "Holiday.mov", "/videos/caf\xe9", "--", "-x.mp4"});
    QVERIFY(files);
    QVERIFY(files->verb == nullptr);
    QCOMPARE(files->profile.string(), std::string("/p"));
    QCOMPARE(files->operands.size(), 3u);
    QCOMPARE(files->operands[1].string(), std::string("/videos/caf\xe9"));
    QCOMPARE(files->operands[2].string(), std::string("-x.mp4"));
    QCOMPARE(parsed({"--", "export"})->operands.size(), 1u); // a file of that name
    CommandOrigin origin;
    origin.workingFolder = "/";
    const std::vector<std::string> folder{"tmp"}; // is there
    QVERIFY(parseCommandLine(folder, origin).has_value());
}

void tst_command_line::namesCountFromWhereTheyWereGiven()
{
    CommandOrigin origin;
    origin.workingFolder = "/somewhere";
    const std::vector<std::string> words{"export", "a.mp4", "/b.mp4", "--out", "out"};
    const auto line = parseCommandLine(words, origin);
    QVERIFY(line);
    QVERIFY(line->arguments == words);
    QCOMPARE(line->absolute(line->operands[0]).string(), std::string("/somewhere/a.mp4"));
    QCOMPARE(line->absolute(line->operands[1]).string(), std::string("/b.mp4"));
    QCOMPARE(line->absolute(line->path(u"--out")).string(), std::string("/somewhere/out"));
}

void tst_command_line::profileComesFromTheOptionBeforeTheEnvironment()
{
    qputenv("SENDOFF_PROFILE", "/from/environment");
    QCOMPARE(parsed({"presets", "list"})->profile.string(), std::string("/from/environment"));
    QCOMPARE(parsed({"presets", "list", "--profile", "/x"})->profile.string(), std::string("/x"));
    QCOMPARE(parsed({"--profile", "/y", "presets", "list"})->profile.string(), std::string("/y"));
    QCOMPARE(parsed({"--profile=/z", "demo"})->profile.string(), std::string("/z"));
    qunsetenv("SENDOFF_PROFILE");
}

QTEST_GUILESS_MAIN(tst_command_line)
#include "tst_command_line.moc"
