// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/task_scope.h"
#include "core/transfer/net/net.h"
#include "tests/support/fault_server.h"

#include <QCoroTask>
#include <QTest>

using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

class NetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sendsBodyAndReturnsReply();
    void cancelResumesOnceAndNeverInsideTheCall();
};

void NetTest::sendsBodyAndReturnsReply()
{
    FaultServer server;
    Net net;
    HttpRequest request("PATCH", server.url());
    request.body = RequestBody(QByteArray("hello"));
    const auto reply = QCoro::waitFor(net.send(std::move(request), {}));
    QVERIFY2(reply, reply ? "" : qPrintable(reply.error().detail));
    QCOMPARE(reply->status, 200);
    QCOMPARE(reply->body, QByteArray("ok"));
    QCOMPARE(reply->bodyBytesSent, 5);
    QCOMPARE(server.requests().at(0).body, QByteArray("hello"));
}

void NetTest::cancelResumesOnceAndNeverInsideTheCall()
{
    FaultServer server;
    Script script;
    server.setDefault(script.readHead().stall());
    Net net;
    std::stop_source stop;
    HttpRequest request("GET", server.url());
    auto task = net.send(std::move(request), stop.get_token());
    QTRY_COMPARE(server.requests().size(), 1);
    QVERIFY(!task.isReady());
    stop.request_stop();
    QVERIFY(!task.isReady());
    const auto reply = QCoro::waitFor(std::move(task));
    QCOMPARE(reply.error().kind, ErrorKind::Cancelled);
    QCOMPARE(net.activeTransfers(), 0);
}

QTEST_GUILESS_MAIN(NetTest)
#include "tst_net.moc"
