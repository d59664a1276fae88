// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What servers do wrong on the way of a body: early answers, cuts, resets, stalls.
#include "tests/core/transfer/net/net_fixture.h"
#include "tests/support/fault_server.h"

#include <QTest>

using namespace sendoff;
using namespace sendoff::net;
using namespace sendoff::test;

class NetFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsStatusOfEarlyRefusal_data();
    void keepsStatusOfEarlyRefusal();
};

void NetFaultsTest::keepsStatusOfEarlyRefusal_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("afterBytes");
    QTest::newRow("413 before any of the body") << 413 << qint64(0);
    QTest::newRow("409 after 100 kB") << 409 << qint64(100'000);
    QTest::newRow("507 after 5 MB") << 507 << qint64(5'000'000);
}

void NetFaultsTest::keepsStatusOfEarlyRefusal()
{
    QFETCH(const int, status);
    QFETCH(const qint64, afterBytes);
    FaultServer server;
    Script script;
    script.readHead().readBodyBytes(afterBytes);
    script.reply(status, "no", {{"Connection", "close"}}).close();
    server.setDefault(script);
    Net net;
    constexpr qint64 size = 50 << 20;
    const auto file = sparseFile(size);
    int kept = 0;
    const int rounds = qEnvironmentVariableIntValue("SENDOFF_ROUNDS")
        ? qEnvironmentVariableIntValue("SENDOFF_ROUNDS")
        : 100;
    for (int round = 0; round < rounds; ++round) {
        HttpRequest request("PATCH", server.url());
        request.body = fileBody(file, size);
        const auto reply = sendNow(net, std::move(request));
        kept += reply && reply->status == status && reply->bodyBytesSent < size ? 1 : 0;
    }
    QCOMPARE(kept, rounds);
}

QTEST_GUILESS_MAIN(NetFaultsTest)
#include "tst_net_faults.moc"
