// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/trace_rules.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_demo : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsParallelExportsAndConcurrentUploads();
    void printsSentencesWithoutJson();
};

void tst_cli_demo::showsParallelExportsAndConcurrentUploads()
{
    const Scratch scratch;
    const FilePath trace = scratch.root() / "trace.json";
    const Finished demo = runProgram(
        sendoffCommand(scratch.profile().string(), {"demo", "--trace", trace.string()}));
    QVERIFY2(demo.exitCode == 0, demo.output.right(4000).constData());
    QCOMPARE(demo.eventsOf(u"done"_qs, u"export"_qs).size(), 3);
    QCOMPARE(demo.eventsOf(u"done"_qs, u"upload"_qs).size(), 3);
    const QList<QJsonObject> checked = demo.eventsOf(u"checked"_qs);
    QCOMPARE(checked.size(), 3);
    for (const QJsonObject &check : checked)
        QVERIFY(check[u"equal"].toBool());
    const QJsonObject summary = demo.eventsOf(u"summary"_qs).value(0);
    QVERIFY(summary[u"overlap_s"].toDouble() > 0);
    QVERIFY(summary[u"cores_used"].toDouble() > 0.5);
    QVERIFY(summary[u"main_loop_lag_ms"].toObject()[u"samples"].toInt() > 0);

    QFile file(QString::fromStdString(trace.string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonArray events = json[u"traceEvents"].toArray();
    const QString broken = brokenTraceRule(events);
    QVERIFY2(broken.isEmpty(), qPrintable(broken));
    QSet<QString> categories;
    QSet<int> workers;
    for (const QJsonValue &event : events) {
        if (event[u"ph"].toString() != u"X")
            continue;
        categories.insert(event[u"cat"].toString());
        if (event[u"cat"].toString() == u"export")
            workers.insert(event[u"tid"].toInt());
        QVERIFY(event[u"dur"].toDouble() >= 0);
    }
    QVERIFY(categories.contains(u"export"_qs) && categories.contains(u"turn"_qs));
    if (QThread::idealThreadCount() >= 2) {
        QVERIFY(workers.size() >= 2);
        QVERIFY(overlapping(exportsOf(events))); // in parallel; no two turns ever do
    }
}

void tst_cli_demo::printsSentencesWithoutJson()
{
    const char *program = std::getenv("SENDOFF_PROGRAM");
    const Finished demo = runProgram({program, "demo", "--uplink", "100"});
    QCOMPARE(demo.exitCode, 0);
    const QString text = QString::fromUtf8(demo.output);
    for (const char *name : {"Birthday.mkv", "Holiday.mkv", "Lesson.mkv"}) {
        QVERIFY2(text.contains(QString::fromLatin1(name) + u": Exporting"_qs), qPrintable(text));
        QVERIFY2(text.contains(QString::fromLatin1(name) + u": Uploading"_qs), qPrintable(text));
    }
    QVERIFY(text.contains(u"http://127.0.0.1:"));
    QVERIFY(text.contains(u"3 of 3 done"));
    QVERIFY(!text.contains(u'\x1b')); // no terminal, no control characters
}

QTEST_GUILESS_MAIN(tst_cli_demo)
#include "tst_cli_demo.moc"
