// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/bottleneck.h"

#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;

Q_DECLARE_METATYPE(sendoff::activity::Load)
Q_DECLARE_METATYPE(sendoff::activity::Bottleneck)

namespace {

constexpr qint64 second = 1'000'000'000;

Load exporting(double cpuShare)
{
    Load load;
    load.exportNs = 10 * second;
    load.exportCpuShare = cpuShare;
    return load;
}

// Ten seconds, of which the upload waits so long for that reason, and turns for the rest.
Load uploading(WaitReason reason, double seconds, Load load = {})
{
    load.uploadNs = 10 * second;
    load.waitNs[std::size_t(reason)] = qint64(seconds * double(second));
    return load;
}

} // namespace

class BottleneckTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isWhatIsWaitedForMost_data()
    {
        QTest::addColumn<Load>("load");
        QTest::addColumn<Bottleneck>("bottleneck");
        const auto row = [](const char *name, const Load &load, Bottleneck expected) {
            QTest::newRow(name) << load << expected;
        };
        row("nothing runs", Load(), Bottleneck::Nothing);
        row("only an export, all of the processor", exporting(0.97), Bottleneck::Encoding);
        row("only an export, not measured yet", exporting(-1), Bottleneck::Encoding);
        row("only an export, the processor idles", exporting(0.2), Bottleneck::Disk);
        row("bytes are on their way", uploading(WaitReason::Network, 9.8), Bottleneck::Network);
        row("a fast network", uploading(WaitReason::Network, 0.5), Bottleneck::Network);
        row("the limit holds them", uploading(WaitReason::SpeedLimit, 9), Bottleneck::SpeedLimit);
        row("all is sent", uploading(WaitReason::Reply, 7), Bottleneck::Server);
        row("no connection", uploading(WaitReason::Backoff, 8), Bottleneck::Connection);
        row("the file is not in memory", uploading(WaitReason::Disk, 6), Bottleneck::Disk);
        row("an upload that keeps up with its export",
            uploading(WaitReason::Export, 8, exporting(0.9)), Bottleneck::Encoding);
        row("the same, where the export reads slowly",
            uploading(WaitReason::Export, 8, exporting(0.1)), Bottleneck::Disk);
        row("an upload that waits for an export to begin", uploading(WaitReason::Export, 8),
            Bottleneck::Export);
        row("an export runs, but the network is what takes time",
            uploading(WaitReason::Network, 9, exporting(0.9)), Bottleneck::Network);
        Load ready = uploading(WaitReason::Network, 3);
        ready.readyNs = 5 * second;
        row("ready, but the loop is busy", ready, Bottleneck::Thread);
        Load mixed = uploading(WaitReason::Network, 4);
        mixed.waitNs[std::size_t(WaitReason::SpeedLimit)] = 5 * second;
        row("the network and the limit, the limit longer", mixed, Bottleneck::SpeedLimit);
    }
    void isWhatIsWaitedForMost()
    {
        QFETCH(const Load, load);
        QFETCH(const Bottleneck, bottleneck);
        QCOMPARE(int(bottleneckOf(load)), int(bottleneck));
    }

    void theLoadOfAVideoIsItsOwn()
    {
        Recorder::Update update;
        update.threads = {{QStringLiteral("export 1"), 0, ThreadRole::Worker},
                          {QStringLiteral("network"), 0, ThreadRole::Network}};
        update.activities = {
            ActivityFacts(),
            {QStringLiteral("a"), ActivityRole::Export, QStringLiteral("a")},
            {QStringLiteral("a"), ActivityRole::Upload, QStringLiteral("a")},
            {QStringLiteral("b"), ActivityRole::Upload, QStringLiteral("b")},
        };
        const auto add = [&](SpanKind kind, qint64 begin, qint64 end, ActivityId id, quint16 thread,
                             WaitReason reason) {
            update.spans.push_back({begin * second, end * second, id, thread, kind, reason});
        };
        add(SpanKind::Work, 1, 8, 1, 0, WaitReason::None);
        add(SpanKind::Turn, 2, 3, 2, 1, WaitReason::None);
        add(SpanKind::Wait, 3, 7, 2, 1, WaitReason::Export);
        add(SpanKind::Turn, 3, 4, 3, 1, WaitReason::None);
        add(SpanKind::Wait, 4, 9, 3, 1, WaitReason::SpeedLimit);
        update.nowNs = 10 * second;
        Timeline timeline;
        timeline.take(update);

        const Load a = loadOf(timeline, QStringLiteral("a"), 0, 10 * second, 0.9);
        QCOMPARE(a.exportNs, 7 * second);
        QCOMPARE(a.uploadNs, 5 * second);
        QCOMPARE(int(bottleneckOf(a)), int(Bottleneck::Encoding));
        const Load b = loadOf(timeline, QStringLiteral("b"), 0, 10 * second, 0.9);
        QCOMPARE(b.exportNs, 0);
        QCOMPARE(int(bottleneckOf(b)), int(Bottleneck::SpeedLimit));
        const Load all = loadOf(timeline, {}, 0, 10 * second, 0.9);
        QCOMPARE(all.uploadNs, 11 * second);
        QCOMPARE(all.exportNs, 7 * second);
        // Only what lies in the stretch counts.
        QCOMPARE(loadOf(timeline, {}, 6 * second, 10 * second, 0.9).exportNs, 2 * second);
    }
};

QTEST_GUILESS_MAIN(BottleneckTest)
#include "tst_bottleneck.moc"
