// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/destination_board.h"
#include "tests/core/queue/held_time.h"

#include <QCoroTask>
#include <QSignalSpy>
#include <QTest>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using namespace std::chrono_literals;
using Health = DestinationState::Health;

namespace {

Error unreachable()
{
    return Error(ErrorKind::DestinationUnreachable, QStringLiteral("refused"),
                 RetryAdvice::backoff());
}

} // namespace

class DestinationBoardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void whatIsAboutADestination_data();
    void whatIsAboutADestination();
    void aFailureClosesTheGateAndOneTriesLater();
    void thePausesGrowAndAreBounded();
    void itOpensOneByOne();
    void aStragglerChangesNothing();
    void aNamedTimeIsKept();
    void signingInIsForThePerson();
    void destinationsDoNotShareTheirFate();

private:
    int slots() { return m_board->gate(m_place).slotCount(); }
    DestinationState state() const { return m_board->state(m_place); }
    static void settle()
    {
        for (int turn = 0; turn < 10; ++turn)
            QCoreApplication::processEvents();
    }

    const QString m_place = QStringLiteral("tus+http://host/files");
    HeldTime m_time;
    std::unique_ptr<DestinationBoard> m_board;
};

void DestinationBoardTest::init()
{
    DestinationBoard::Timing timing;
    timing.delay = m_time.delay();
    timing.random = [] { return 0.5; };
    timing.first = 2s;
    timing.longest = 60s;
    timing.between = 500ms;
    m_board = std::make_unique<DestinationBoard>(3, timing);
    (void)m_board->gate(m_place);
}

void DestinationBoardTest::cleanup()
{
    QCoro::waitFor(m_board->close());
    m_board.reset();
}

void DestinationBoardTest::whatIsAboutADestination_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("isAboutIt");
    for (const ErrorKind kind :
         {ErrorKind::DestinationUnreachable, ErrorKind::FolderUnreachable,
          ErrorKind::DestinationBusy, ErrorKind::DestinationTrouble, ErrorKind::DestinationFull, ErrorKind::SignInNeeded})
        QTest::newRow(qPrintable(kindName(kind))) << int(kind) << true;
    for (const ErrorKind kind :
         {ErrorKind::SourceChanged, ErrorKind::SourceMissing, ErrorKind::DiskFull,
          ErrorKind::OutputFolderMissing, ErrorKind::OutputNotWritable,
          ErrorKind::UploadMismatch, ErrorKind::UploadLocked, ErrorKind::Refused,
          ErrorKind::DestinationLimit, ErrorKind::Cancelled})
        QTest::newRow(qPrintable(kindName(kind))) << int(kind) << false;
}

void DestinationBoardTest::whatIsAboutADestination()
{
    QFETCH(int, kind);
    QFETCH(bool, isAboutIt);
    QCOMPARE(isAboutDestination(Error(ErrorKind(kind))), isAboutIt);
}

void DestinationBoardTest::aFailureClosesTheGateAndOneTriesLater()
{
    QSignalSpy changes(m_board.get(), &DestinationBoard::changed);
    QCOMPARE(slots(), 3);
    m_board->failed(m_place, unreachable());
    QCOMPARE(slots(), 0);
    QCOMPARE(state().health, Health::Unreachable);
    QVERIFY(state().nextTryMs > 0);
    QVERIFY(!m_board->isReady(m_place));
    QCOMPARE(waitFor(state()), WaitFor::Destination);
    QCOMPARE(changes.size(), 1);
    QVERIFY(m_time.pass(1'500ms)); // between half and all of two seconds
    settle();
    QCOMPARE(slots(), 1);
    QCOMPARE(state().nextTryMs, 0);
    QCOMPARE(state().health, Health::Unreachable); // until it has answered
}

void DestinationBoardTest::thePausesGrowAndAreBounded()
{
    for (const auto pause : {1'500ms, 3'000ms, 6'000ms, 12'000ms, 24'000ms, 45'000ms, 45'000ms}) {
        m_board->failed(m_place, unreachable());
        QVERIFY2(m_time.pass(pause), qPrintable(QString::number(pause.count())));
        settle();
    }
    m_board->answered(m_place);
    m_board->failed(m_place, unreachable());
    QVERIFY(m_time.pass(1'500ms)); // from the beginning
}

void DestinationBoardTest::itOpensOneByOne()
{
    m_board->failed(m_place, unreachable());
    m_time.pass(1'500ms);
    settle();
    m_board->answered(m_place);
    settle();
    QCOMPARE(state().health, Health::Ready);
    QVERIFY(!state().error);
    for (int places = 1; places < 3; ++places) {
        QCOMPARE(slots(), places);
        QVERIFY(m_time.pass(500ms));
        settle();
    }
    QCOMPARE(slots(), 3);
    QVERIFY(!m_time.pass(500ms));
}

void DestinationBoardTest::aStragglerChangesNothing()
{
    m_board->failed(m_place, unreachable());
    const qint64 next = state().nextTryMs;
    m_board->failed(m_place, unreachable());
    m_board->failed(m_place, unreachable());
    QCOMPARE(state().nextTryMs, next);
    QCOMPARE(m_time.waiting(0ms, 100s), 1);
}

void DestinationBoardTest::aNamedTimeIsKept()
{
    const auto at = std::chrono::system_clock::now() + 120s;
    m_board->failed(m_place, Error(ErrorKind::DestinationBusy, {}, RetryAdvice::atTime(at)));
    QCOMPARE(m_time.waiting(110s, 122s), 1);
}

void DestinationBoardTest::signingInIsForThePerson()
{
    m_board->failed(m_place, Error(ErrorKind::SignInNeeded));
    QCOMPARE(state().health, Health::SignInNeeded);
    QCOMPARE(waitFor(state()), WaitFor::SignIn);
    QCOMPARE(m_time.waiting(0ms, 1'000s), 0);
    m_board->tryNow(m_place);
    QCOMPARE(slots(), 1);
    m_board->tryNow(m_place);
    QCOMPARE(slots(), 1);
}

void DestinationBoardTest::destinationsDoNotShareTheirFate()
{
    const QString other = QStringLiteral("shelf:");
    m_board->failed(m_place, unreachable());
    QVERIFY(m_board->isReady(other));
    QCOMPARE(m_board->gate(other).slotCount(), 3);
    m_board->setUploadsAtOnce(5);
    QCOMPARE(m_board->gate(other).slotCount(), 5);
    QCOMPARE(slots(), 0);
    QCOMPARE(m_board->states().size(), 2);
}

QTEST_GUILESS_MAIN(DestinationBoardTest)
#include "tst_destination_board.moc"
