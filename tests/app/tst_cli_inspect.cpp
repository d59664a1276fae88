// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"
#include "tests/support/scratch.h"

#include <QJsonArray>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_inspect : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void probeTellsStreams();
    void thumbsWritesPngFiles();
    void checkDecodesAndCompares();
    void planTellsActionAndRuleOfEachStream();
    void planPrintsACommandThatFfmpegRuns();
    void presetsAreListedShownAndChecked();
    void destinationTypesAreData();
    void helpAndVersion();

private:
    Finished run(const std::vector<std::string> &arguments)
    {
        return runProgram(sendoffCommand(m_scratch.profile().string(), arguments));
    }
    Scratch m_scratch;
};

void tst_cli_inspect::probeTellsStreams()
{
    const FilePath clip = m_scratch.clip("probe.mkv");
    const Finished probe = run({"probe", clip.string()});
    QCOMPARE(probe.exitCode, 0);
    QCOMPARE(probe.events.size(), 1);
    const QJsonArray streams = probe.events[0][u"streams"].toArray();
    QCOMPARE(streams.size(), 2);
    QCOMPARE(streams[0][u"codec"].toString(), u"mpeg4");
    QCOMPARE(streams[0][u"width"].toInt(), 320);
}

void tst_cli_inspect::thumbsWritesPngFiles()
{
    const FilePath clip = m_scratch.clip("thumbs.mkv");
    const FilePath folder = m_scratch.folder("thumbs-out");
    const Finished thumbs =
        run({"thumbs", clip.string(), "--out", folder.string(), "-n", "3"});
    QCOMPARE(thumbs.exitCode, 0);
    const QJsonArray list = thumbs.events[0][u"thumbnails"].toArray();
    QCOMPARE(list.size(), 3);
    for (const QJsonValue &thumbnail : list) {
        const FilePath file = thumbnail[u"file"].toString().toStdString();
        QVERIFY(contentOf(file).starts_with("\x89PNG"));
        QVERIFY(thumbnail[u"width"].toInt() > 0);
    }
    QVERIFY(list[0][u"time"].toDouble() < list[2][u"time"].toDouble());

    // Nothing is overwritten, and a bad request is told.
    const Finished again = run({"thumbs", clip.string(), "--out", folder.string(), "-n", "3"});
    QCOMPARE(again.exitCode, 0);
    QVERIFY(again.events[0][u"thumbnails"][0][u"file"].toString().contains(u" (2)"));
    QCOMPARE(run({"thumbs", clip.string(), "--out", folder.string(), "-n", "none"}).exitCode, 2);
    const FilePath nowhere = folder / "not-there";
    QCOMPARE(run({"thumbs", clip.string(), "--out", nowhere.string()}).exitCode, 1);
}

void tst_cli_inspect::checkDecodesAndCompares()
{
    const FilePath clip = m_scratch.clip("check.mkv");
    const Finished check = run({"check", clip.string(), "--against", clip.string()});
    QCOMPARE(check.exitCode, 0);
    QVERIFY(check.events[0][u"pictures"].toInt() > 10);
    QCOMPARE(check.events[0][u"damaged"].toInt(), 0);
    QVERIFY(check.events[0][u"ssim"].toDouble() > 0.9999);
}

void tst_cli_inspect::planTellsActionAndRuleOfEachStream()
{
    const FilePath clip = m_scratch.clip("plan.mkv");
    const Finished plan = run({"plan", clip.string(), "--preset", "web-1080p"});
    QCOMPARE(plan.exitCode, 0);
    const QJsonArray streams = plan.events[0][u"streams"].toArray();
    QCOMPARE(streams[0][u"action"].toString(), u"convert");
    QCOMPARE(streams[1][u"action"].toString(), u"copy");
    for (const QJsonValue &stream : streams) {
        QVERIFY(!stream[u"rule"].toString().isEmpty());
        QVERIFY(!stream[u"reason"].toString().isEmpty());
    }
    QVERIFY(plan.events[0].contains(u"resume"));
}

void tst_cli_inspect::planPrintsACommandThatFfmpegRuns()
{
    const FilePath clip = m_scratch.clip("it's a “clip” $HOME.mkv");
    const Finished plan = run({"plan", clip.string(), "--ffmpeg"});
    QCOMPARE(plan.exitCode, 0);
    const QString command = plan.events[0][u"ffmpeg"].toString();
    QVERIFY(command.startsWith(u"ffmpeg "));
    QVERIFY(!command.contains(u'\n'));
    const FilePath folder = m_scratch.folder("ffmpeg-out");
    const Finished shell = runProgram(
        {"sh", "-c", "cd '" + folder.string() + "' && " + command.toStdString() + " -loglevel error"});
    const Finished again = shell.exitCode == 0
        ? shell
        : runProgram({"sh", "-c", "cd '" + folder.string() + "' && " + command.toStdString()});
    QVERIFY2(again.exitCode == 0, again.errorOutput.constData());
    QVERIFY(!std::filesystem::is_empty(folder));
}

void tst_cli_inspect::presetsAreListedShownAndChecked()
{
    const Finished list = run({"presets", "list"});
    QCOMPARE(list.exitCode, 0);
    QStringList ids;
    for (const QJsonValue &preset : list.events[0][u"presets"].toArray())
        ids.append(preset[u"id"].toString());
    for (const char *id : {"web-1080p", "original", "remux-mp4"})
        QVERIFY2(ids.contains(QString::fromLatin1(id)), id);
    const Finished show = run({"presets", "show", "web-1080p"});
    QCOMPARE(show.events[0][u"id"].toString(), u"web-1080p");
    const FilePath copy = m_scratch.file("mine.json", show.output.toStdString());
    QCOMPARE(run({"presets", "check", copy.string()}).exitCode, 0);

    std::string json = contentOf(copy);
    json.insert(json.find('{') + 1, "\n\"filters\": \"movie=/etc/passwd\",");
    const FilePath bad = m_scratch.file("bad.json", json);
    const Finished refused = run({"presets", "check", bad.string()});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY(refused.events[0][u"text"].toString().contains(u"line 2"));
    QCOMPARE(run({"presets", "show", "nothing-like-it"}).exitCode, 2);
}

void tst_cli_inspect::destinationTypesAreData()
{
    const Finished types = run({"destinations", "types"});
    QCOMPARE(types.exitCode, 0);
    QStringList ids;
    for (const QJsonValue &type : types.events[0][u"types"].toArray()) {
        ids.append(type[u"id"].toString());
        for (const QJsonValue &option : type[u"options"].toArray())
            QVERIFY(!option[u"help"].toString().isEmpty());
    }
    QVERIFY(ids.contains(u"shelf"_qs) && ids.contains(u"folder"_qs) && ids.contains(u"tus"_qs));
}

void tst_cli_inspect::helpAndVersion()
{
    QCOMPARE(run({"--version"}).exitCode, 0);
    QVERIFY(run({"--help"}).output.contains("export"));
    QVERIFY(run({"send", "--help"}).output.contains("--to"));
    QCOMPARE(run({"nonsense"}).exitCode, 2);
}

QTEST_GUILESS_MAIN(tst_cli_inspect)
#include "tst_cli_inspect.moc"
