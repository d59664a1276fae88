// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/task_scope.h"
#include "core/queue/slot_gate.h"

#include <QCoroTask>
#include <QStringList>
#include <QTest>

#include <map>

using namespace sendoff;
using namespace sendoff::queue;

// Tasks take their share of the gate and give it back when the test says so.
class SlotGateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void asManyRunAsThereArePlaces();
    void theLowestRankGoesFirstAsItIsThen();
    void equalsGoInTheOrderOfTheirComing();
    void moreOrFewerPlacesCountAtOnce();
    void whoIsStoppedLeavesTheLine();
    void weightsAddUpAndNobodyOvertakesAHeavyOne();
    void whatIsHeavierThanTheGateGoesAlone();
    void aClosedGateAdmitsNobody();

private:
    void come(const QString &name, qint64 rank = 0, qint64 weight = 1)
    {
        m_ranks[name] = rank;
        m_tasks.spawn([this, name, weight](std::stop_token) { return stay(name, weight); });
    }
    QCoro::Task<void> stay(QString name, qint64 weight)
    {
        const std::stop_token stop = m_stops[name].get_token();
        const auto leave = std::make_shared<AsyncEvent>();
        m_leave[name] = leave;
        auto waiting = m_gate->acquire(stop, [this, name] { return m_ranks[name]; }, weight);
        const auto slot = co_await std::move(waiting);
        if (!slot) {
            m_stopped.append(name);
            co_return;
        }
        m_inside.append(name);
        const bool left = co_await leave->wait({});
        (void)left;
        m_inside.removeOne(name);
    }
    // What is posted is carried out.
    static void settle()
    {
        for (int turn = 0; turn < 10; ++turn)
            QCoreApplication::processEvents();
    }
    void leave(const QString &name)
    {
        m_leave[name]->set();
        settle();
    }

    std::unique_ptr<SlotGate> m_gate;
    TaskScope m_tasks;
    std::map<QString, qint64> m_ranks;
    std::map<QString, std::stop_source> m_stops;
    std::map<QString, std::shared_ptr<AsyncEvent>> m_leave;
    QStringList m_inside;
    QStringList m_stopped;
};

void SlotGateTest::init()
{
    m_gate = std::make_unique<SlotGate>(2);
}

void SlotGateTest::cleanup()
{
    for (auto &[name, stop] : m_stops)
        stop.request_stop();
    for (auto &[name, event] : m_leave)
        event->set();
    QCoro::waitFor(m_tasks.join());
    m_ranks.clear();
    m_stops.clear();
    m_leave.clear();
    m_inside.clear();
    m_stopped.clear();
}

void SlotGateTest::asManyRunAsThereArePlaces()
{
    for (const QString &name : {u"a"_qs, u"b"_qs, u"c"_qs})
        come(name);
    settle();
    QCOMPARE(m_inside, QStringList({u"a"_qs, u"b"_qs}));
    QCOMPARE(m_gate->taken(), 2);
    QCOMPARE(m_gate->waiting(), 1);
    leave(u"a"_qs);
    QCOMPARE(m_inside, QStringList({u"b"_qs, u"c"_qs}));
}

void SlotGateTest::theLowestRankGoesFirstAsItIsThen()
{
    m_gate->setSlots(1);
    come(u"first"_qs);
    settle();
    come(u"a"_qs, 5);
    come(u"b"_qs, 7);
    come(u"c"_qs, 6);
    m_ranks[u"b"_qs] = 1; // moved to the top of the queue meanwhile
    leave(u"first"_qs);
    QCOMPARE(m_inside, QStringList{u"b"_qs});
    leave(u"b"_qs);
    QCOMPARE(m_inside, QStringList{u"a"_qs});
}

void SlotGateTest::equalsGoInTheOrderOfTheirComing()
{
    m_gate->setSlots(0);
    for (const QString &name : {u"b"_qs, u"a"_qs, u"c"_qs})
        come(name);
    m_gate->setSlots(2);
    settle();
    QCOMPARE(m_inside, QStringList({u"b"_qs, u"a"_qs}));
}

void SlotGateTest::moreOrFewerPlacesCountAtOnce()
{
    for (const QString &name : {u"a"_qs, u"b"_qs, u"c"_qs, u"d"_qs})
        come(name);
    m_gate->setSlots(3);
    settle();
    QCOMPARE(m_inside.size(), 3);
    m_gate->setSlots(1);
    settle();
    QCOMPARE(m_inside.size(), 3); // what runs goes on
    leave(u"a"_qs);
    leave(u"b"_qs);
    QCOMPARE(m_inside, QStringList{u"c"_qs});
    leave(u"c"_qs);
    QCOMPARE(m_inside, QStringList{u"d"_qs});
}

void SlotGateTest::whoIsStoppedLeavesTheLine()
{
    for (const QString &name : {u"a"_qs, u"b"_qs, u"c"_qs, u"d"_qs})
        come(name);
    settle();
    m_stops[u"c"_qs].request_stop();
    settle();
    QCOMPARE(m_stopped, QStringList{u"c"_qs});
    leave(u"a"_qs);
    QCOMPARE(m_inside, QStringList({u"b"_qs, u"d"_qs}));
}

void SlotGateTest::weightsAddUpAndNobodyOvertakesAHeavyOne()
{
    m_gate->setSlots(10);
    come(u"a"_qs, 0, 6);
    come(u"heavy"_qs, 1, 8);
    come(u"light"_qs, 2, 1);
    settle();
    QCOMPARE(m_inside, QStringList{u"a"_qs});
    m_stops[u"heavy"_qs].request_stop(); // then nobody stands before the light one
    settle();
    QCOMPARE(m_inside, QStringList({u"a"_qs, u"light"_qs}));
    QCOMPARE(m_gate->taken(), 7);
}

void SlotGateTest::whatIsHeavierThanTheGateGoesAlone()
{
    m_gate->setSlots(10);
    come(u"a"_qs, 0, 1);
    come(u"huge"_qs, 1, 1'000);
    settle();
    QCOMPARE(m_inside, QStringList{u"a"_qs});
    leave(u"a"_qs);
    QCOMPARE(m_inside, QStringList{u"huge"_qs});
    leave(u"huge"_qs);
    QCOMPARE(m_gate->taken(), 0);
}

void SlotGateTest::aClosedGateAdmitsNobody()
{
    m_gate->setSlots(0);
    come(u"a"_qs, 0, 0);
    come(u"b"_qs);
    settle();
    QVERIFY(m_inside.isEmpty());
}

QTEST_GUILESS_MAIN(SlotGateTest)
#include "tst_slot_gate.moc"
