// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/span_names.h"
#include "core/activity/trace_export.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;

namespace {

Span span(SpanKind kind, qint64 beginNs, qint64 endNs, ActivityId activity, quint16 thread,
          WaitReason reason = WaitReason::None)
{
    Span made;
    made.beginNs = beginNs;
    made.endNs = endNs;
    made.activity = activity;
    made.thread = thread;
    made.kind = kind;
    made.reason = reason;
    return made;
}

} // namespace

class CsvExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySpanIsALine()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("activity.csv"));
        Recorder::Snapshot snapshot;
        snapshot.threads = {{QStringLiteral("export 1"), 0}, {QStringLiteral("network"), 0}};
        snapshot.activities = {QString(), QStringLiteral("a \"b\", c.mkv"), QStringLiteral("Müll")};
        snapshot.spans = {
            span(SpanKind::Work, 1'000'000, 3'500'500, 1, 0),
            span(SpanKind::Wait, 2'000'000, 2'000'001, 2, 1, WaitReason::SpeedLimit),
            span(SpanKind::Busy, 3'000'000, 4'000'000, 0, 1),
            span(SpanKind::Turn, 5'000'000, 6'000'000, 9, 9), // of nobody known
        };
        const auto written = writeCsv(snapshot, path.toStdString());
        QVERIFY(written);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(),
                 QByteArray("begin_us,duration_us,kind,reason,thread,activity\r\n"
                            "0.000,2500.500,work,,export 1,\"a \"\"b\"\", c.mkv\"\r\n"
                            "1000.000,0.001,wait,speed limit,network,Müll\r\n"
                            "2000.000,1000.000,busy,,network,\r\n"
                            "4000.000,1000.000,turn,,,\r\n"));
    }

    void aFolderThatIsNotThereIsAnError()
    {
        const auto written = writeCsv({}, "/nonexistent/folder/activity.csv");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::OutputFolderMissing);
    }

    void everyKindAndReasonHasAName()
    {
        QSet<QByteArray> names;
        for (int kind = 0; kind <= int(SpanKind::Paint); ++kind)
            names.insert(kindName(SpanKind(kind)));
        QCOMPARE(names.size(), int(SpanKind::Paint) + 1);
        QVERIFY(!names.contains(QByteArray()));
        names.clear();
        for (int reason = 0; reason <= int(WaitReason::Other); ++reason)
            names.insert(reasonName(WaitReason(reason)));
        QCOMPARE(names.size(), int(WaitReason::Other) + 1);
        QVERIFY(!names.contains(QByteArray()));
    }
};

QTEST_GUILESS_MAIN(CsvExportTest)
#include "tst_csv_export.moc"
