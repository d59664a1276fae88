// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the network thread does for an upload is recorded as its turns: nearly all of its processor
// time. What the network takes is counted as sent.
#include "core/activity/process_usage.h"
#include "core/activity/recorder.h"
#include "core/base/task_scope.h"
#include "core/transfer/net/net.h"
#include "tests/support/discard_sink.h"

#include <QCoreApplication>
#include <QCoroTask>
#include <QTemporaryFile>
#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;
using namespace sendoff::net;

namespace {

QCoro::Task<void> put(Net *net, QUrl url, RequestBody body, int *status, std::stop_token stop)
{
    HttpRequest request("PUT", url);
    request.body = std::move(body);
    request.totalTimeout = std::chrono::milliseconds(0);
    auto sending = net->send(std::move(request), stop);
    const auto reply = co_await std::move(sending);
    *status = reply ? reply->status : -1;
}

} // namespace

class NetTurnsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void turnsAreMostOfTheThreadsProcessorTime()
    {
        constexpr qint64 size = 1LL << 30;
        QTemporaryFile file; // sparse: it costs no disk, and reads as any other
        QVERIFY(file.open());
        QVERIFY(file.resize(size));
        test::DiscardSink sink;
        Recorder recorder;
        recorder.attachThisThread(QStringLiteral("network"), ThreadRole::Network);
        const ActivityId id =
            recorder.registerActivity(QStringLiteral("1 GiB"), ActivityRole::Upload);
        {
            Net net;
            TaskScope scope;
            int status = 0;
            const qint64 cpuBefore = threadCpuNs();
            const RequestBody body(nullptr, file.handle(), 0, size);
            scope.spawn(
                [&](std::stop_token stop) { return put(&net, sink.url(), body, &status, stop); },
                id);
            QCoro::waitFor(scope.join());
            const qint64 cpu = threadCpuNs() - cpuBefore;
            const qint64 turns = recorder.turnTotalNs(0);
            qInfo("turns %.0f ms, processor time of the thread %.0f ms", double(turns) / 1e6,
                  double(cpu) / 1e6);
            QCOMPARE(status, 200);
            QCOMPARE(sink.bytesDiscarded(), size);
            QVERIFY(turns >= cpu * 8 / 10);
            QCOMPARE(recorder.sentBytes(id), size);
        }
        recorder.detachThisThread();
    }
};

int main(int argc, char **argv)
{
    Net::initialize();
    QCoreApplication application(argc, argv);
    NetTurnsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_net_turns.moc"
