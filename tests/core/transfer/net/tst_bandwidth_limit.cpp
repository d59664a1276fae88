// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/bandwidth_limit.h"

#include <QTest>

#include <vector>

using namespace std::chrono_literals;
using sendoff::net::BandwidthLimit;

namespace {

// A clock that moves only when told, and uploads that always have something to send.
class LimitSimulation {
public:
    explicit LimitSimulation(int clients)
        : m_clients(size_t(clients))
        , sent(size_t(clients), 0)
        , wanted(size_t(clients), 256 << 10)
        , isHeldUp(size_t(clients), false)
    {
    }

    BandwidthLimit limit{[this] { return m_now; }};

    // What Net does: whoever is not held back sends at once; the rest when they are admitted.
    void run(std::chrono::milliseconds time, std::chrono::milliseconds tick = 10ms)
    {
        for (const auto end = m_now + time; m_now < end; m_now += tick) {
            for (size_t i = 0; i < m_clients.size(); ++i)
                send(i);
            while (BandwidthLimit::Client *admitted = limit.admitNext())
                send(size_t(admitted - m_clients.data()));
        }
    }
    void send(size_t client)
    {
        while (!m_clients[client].isWaiting() && !isHeldUp[client])
            sent[client] += limit.take(m_clients[client], wanted[client]);
    }
    qint64 total() const
    {
        qint64 sum = 0;
        for (const qint64 bytes : sent)
            sum += bytes;
        return sum;
    }
    BandwidthLimit::Client &client(size_t index) { return m_clients[index]; }
    void pass(std::chrono::milliseconds time) { m_now += time; }

private:
    std::chrono::nanoseconds m_now{0};
    std::vector<BandwidthLimit::Client> m_clients;

public:
    std::vector<qint64> sent;
    std::vector<qint64> wanted; // bytes asked for at a time
    std::vector<bool> isHeldUp;
};

} // namespace

class BandwidthLimitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsToTheRate_data();
    void keepsToTheRate();
    void sharesFairlyWhateverIsAskedFor();
    void letsOneThatWasHeldUpCatchUp();
    void givesNoHeadStartToANewcomer();
    void givesEverythingWithoutALimit();
    void actsOnAChangedRateAtOnce();
    void savesNoMoreThanAFifthOfASecond();
    void servesTheLineInOrder();
    void givesBackWhatAForgottenClientHeld();
};

void BandwidthLimitTest::keepsToTheRate_data()
{
    QTest::addColumn<qint64>("rate");
    QTest::addColumn<int>("clients");
    for (const qint64 rate : {1'000, 50'000, 500'000, 5'000'000, 50'000'000, 1'000'000'000}) {
        for (const int clients : {1, 6, 200})
            QTest::addRow("%lld bytes/s, %d uploads", rate, clients) << rate << clients;
    }
}

void BandwidthLimitTest::keepsToTheRate()
{
    QFETCH(const qint64, rate);
    QFETCH(const int, clients);
    LimitSimulation simulation(clients);
    simulation.limit.setRate(rate);
    simulation.run(30s);
    const double ratio = double(simulation.total()) / (30.0 * double(rate));
    QVERIFY2(ratio > 0.99 && ratio < 1.01, qPrintable(QString::number(ratio)));
}

void BandwidthLimitTest::sharesFairlyWhateverIsAskedFor()
{
    LimitSimulation simulation(6);
    simulation.wanted = {16 << 10, 64 << 10, 256 << 10, 2 << 20, 20'000, 256 << 10};
    simulation.limit.setRate(50'000'000);
    simulation.run(3s, 37ms); // a loop that is late
    for (const qint64 bytes : simulation.sent) {
        const double ratio = double(bytes) * 6 / double(simulation.total());
        QVERIFY2(ratio > 0.97 && ratio < 1.03, qPrintable(QString::number(ratio)));
    }
}

void BandwidthLimitTest::letsOneThatWasHeldUpCatchUp()
{
    LimitSimulation simulation(3);
    simulation.limit.setRate(6'000'000);
    simulation.run(1s);
    simulation.isHeldUp[0] = true; // its socket takes nothing for a moment
    simulation.run(300ms);
    simulation.isHeldUp[0] = false;
    simulation.run(3s);
    const double ratio = double(simulation.sent[0]) * 3 / double(simulation.total());
    QVERIFY2(ratio > 0.97 && ratio < 1.03, qPrintable(QString::number(ratio)));
}

void BandwidthLimitTest::givesNoHeadStartToANewcomer()
{
    LimitSimulation simulation(2);
    simulation.limit.setRate(6'000'000);
    simulation.isHeldUp[1] = true;
    simulation.run(20s);
    simulation.isHeldUp[1] = false;
    const qint64 before = simulation.sent[0];
    simulation.run(2s);
    const double ratio = double(simulation.sent[1]) / double(simulation.sent[0] - before);
    QVERIFY2(ratio > 0.95 && ratio < 1.05, qPrintable(QString::number(ratio)));
}

void BandwidthLimitTest::givesEverythingWithoutALimit()
{
    LimitSimulation simulation(1);
    QCOMPARE(simulation.limit.take(simulation.client(0), 1 << 30), 1 << 30);
    QVERIFY(!simulation.client(0).isWaiting());
}

void BandwidthLimitTest::actsOnAChangedRateAtOnce()
{
    LimitSimulation simulation(2);
    simulation.limit.setRate(1'000'000);
    simulation.run(10s);
    const qint64 before = simulation.total();
    simulation.limit.setRate(4'000'000);
    simulation.run(10s);
    const double ratio = double(simulation.total() - before) / 40e6;
    QVERIFY2(ratio > 0.98 && ratio < 1.02, qPrintable(QString::number(ratio)));

    simulation.limit.setRate(0);
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(0));
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(1));
    QCOMPARE(simulation.limit.take(simulation.client(1), 1 << 30), 1 << 30);
}

void BandwidthLimitTest::savesNoMoreThanAFifthOfASecond()
{
    LimitSimulation simulation(1);
    simulation.limit.setRate(1'000'000);
    simulation.pass(1h);
    simulation.send(0);
    QVERIFY(simulation.total() <= 200'000);
    QVERIFY(simulation.total() > 150'000);
}

void BandwidthLimitTest::servesTheLineInOrder()
{
    LimitSimulation simulation(3);
    simulation.limit.setRate(1'000'000);
    for (const size_t index : {2, 0, 1})
        QCOMPARE(simulation.limit.take(simulation.client(index), 64 << 10), 0);
    simulation.pass(20ms); // enough for one share only
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(2));
    QCOMPARE(simulation.limit.admitNext(), nullptr);
    // One that was just served stands behind the others again.
    QVERIFY(simulation.limit.take(simulation.client(2), 64 << 10) > 0);
    QCOMPARE(simulation.limit.take(simulation.client(2), 64 << 10), 0);
    simulation.pass(60ms);
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(0));
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(1));
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(2));
}

void BandwidthLimitTest::givesBackWhatAForgottenClientHeld()
{
    LimitSimulation simulation(2);
    simulation.limit.setRate(1'000'000);
    QCOMPARE(simulation.limit.take(simulation.client(0), 20'000), 0);
    QCOMPARE(simulation.limit.take(simulation.client(1), 20'000), 0);
    simulation.pass(20ms);
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(0));
    simulation.limit.forget(simulation.client(0)); // cancelled before it sent anything
    QCOMPARE(simulation.limit.admitNext(), &simulation.client(1));
    simulation.limit.forget(simulation.client(1));
    QVERIFY(!simulation.limit.hasWaiting());
}

QTEST_GUILESS_MAIN(BandwidthLimitTest)
#include "tst_bandwidth_limit.moc"
