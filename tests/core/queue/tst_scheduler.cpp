// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The scheduler over real uploads to a model of a tus server. Time passes when a test says so.
#include "tests/core/queue/queue_lab.h"
#include "tests/support/fake_server.h"

#include <QSignalSpy>
#include <QTcpServer>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using sendoff::test::FakeServer;
using sendoff::test::Fault;

namespace {

QString placeOf(const QUrl &url)
{
    return QStringLiteral("tus+") + url.toString();
}

// An address at which nothing listens.
QString deadPlace()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return QStringLiteral("tus+http://127.0.0.1:%1/files").arg(server.serverPort());
}

Fault stallAfter(qint64 bytes)
{
    Fault fault;
    fault.method = "PATCH";
    fault.what = Fault::Do::Stall;
    fault.bytes = bytes;
    return fault;
}

} // namespace

class SchedulerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void jobsRunInQueueOrder();
    void onlyAllowedJobsRunForACommand();
    void pausingGivesTheSlotToTheNext();
    void pausingAllStopsEverythingAndResumingGoesOn();
    void slotsChangeWhileJobsRun();
    void aJobThatNeedsAttentionBlocksNobody();
    void aDeadServerIsTheDestinationsState();
    void aDestinationThatAnswersAgainIsNotStormed();
    void anotherDestinationIsNotHeldUp();
    void signingInIsWaitedFor();
    void aChangedSourceNeedsAttentionAndStartsOver();
    void aCancelIsCarriedOutAfterItsGrace();
    void anUndoneCancelGoesOnWhereItWas();
    void aCancelIsFinishedAtTheNextStart();
    void whatRanGoesOnAfterARestart();
    void aLostReplyMakesNoSecondCopy();
    void closingTakesNoLongerThanPromised();

private:
    QueueLab &lab() { return *m_lab; }
    QStringList addFiles(int number, const QString &place, qint64 bytes = 100'000)
    {
        QStringList ids;
        for (int index = 0; index < number; ++index)
            ids.append(m_lab->add(m_lab->randomFile("file-" + std::to_string(index), bytes),
                                  uploadTo(place)));
        return ids;
    }
    void restartWith(RunnerOptions options)
    {
        m_lab.reset();
        m_lab = std::make_unique<QueueLab>(m_folder->path().toStdString(), options);
    }
    bool isStored(const FakeServer &server, const QString &id) const
    {
        QFile file(QString::fromStdString(m_lab->queue().find(id)->source.string()));
        if (!file.open(QIODevice::ReadOnly))
            return false;
        const QByteArray bytes = file.readAll();
        int copies = 0;
        for (const auto &upload : server.uploads())
            copies += !upload.isRemoved && upload.bytes == bytes ? 1 : 0;
        return copies == 1;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QueueLab> m_lab;
};

void SchedulerTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    RunnerOptions options;
    options.uploadsAtOnce = 1;
    m_lab = std::make_unique<QueueLab>(m_folder->path().toStdString(), options);
}

void SchedulerTest::cleanup()
{
    m_lab.reset();
}

void SchedulerTest::jobsRunInQueueOrder()
{
    const FakeServer server;
    const QStringList ids = addFiles(5, placeOf(server.url()));
    const QStringList order{ids[3], ids[0], ids[4], ids[1], ids[2]};
    lab().queue().reorder(order);
    QStringList finished;
    connect(&lab().queue(), &JobQueue::legChanged, this, [&](const QString &id, int leg) {
        if (lab().stateOf(id, leg) == LegState::Done)
            finished.append(id);
    });
    lab().start();
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 60'000);
    QCOMPARE(finished, order);
    for (const QString &id : ids)
        QVERIFY(isStored(server, id));
}

void SchedulerTest::onlyAllowedJobsRunForACommand()
{
    const FakeServer server;
    const QStringList ids = addFiles(3, placeOf(server.url()));
    lab().scheduler().start(Scheduler::Scope::NamedJobs);
    lab().scheduler().allow({ids[1]});
    QCoro::waitFor(lab().scheduler().settled({ids[1]}, {}));
    QVERIFY(lab().allDone({ids[1]}));
    QCOMPARE(lab().stateOf(ids[0], 1), LegState::Waiting);
    QCOMPARE(lab().stateOf(ids[2], 1), LegState::Waiting);
}

void SchedulerTest::pausingGivesTheSlotToTheNext()
{
    FakeServer server;
    server.script(stallAfter(50'000));
    const QStringList ids = addFiles(2, placeOf(server.url()));
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().value(0).bytes.size(), 50'000, 60'000);
    QCOMPARE(lab().stateOf(ids[0], 1), LegState::Running);
    QCOMPARE(lab().stateOf(ids[1], 1), LegState::Waiting);
    lab().commands().pause({ids[0]});
    QCOMPARE(lab().stateOf(ids[0], 1), LegState::Paused);
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone({ids[1]}), 60'000);
    QCOMPARE(lab().stateOf(ids[0], 1), LegState::Paused);
    lab().commands().resume({ids[0]});
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 60'000);
    QVERIFY(isStored(server, ids[0]));
    QCOMPARE(server.uploads().size(), 2); // it went on, it did not begin again
}

void SchedulerTest::pausingAllStopsEverythingAndResumingGoesOn()
{
    FakeServer server;
    server.script(stallAfter(50'000));
    const QStringList ids = addFiles(3, placeOf(server.url()));
    lab().commands().pause({ids[2]});
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().value(0).bytes.size(), 50'000, 60'000);
    lab().commands().pauseAll();
    QCoro::waitFor(lab().scheduler().atRest(ids));
    QCOMPARE(lab().stateOf(ids[0], 1), LegState::Waiting);
    QCOMPARE(lab().stateOf(ids[2], 1), LegState::Paused);
    QCoro::waitFor(lab().scheduler().settled(ids, {})); // nothing goes on by itself
    lab().commands().resumeAll();
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone({ids[0], ids[1]}), 60'000);
    QCOMPARE(lab().stateOf(ids[2], 1), LegState::Paused); // by itself, as before
}

void SchedulerTest::slotsChangeWhileJobsRun()
{
    FakeServer server;
    for (int upload = 0; upload < 3; ++upload)
        server.script(stallAfter(10'000));
    const QStringList ids = addFiles(3, placeOf(server.url()));
    const auto running = [&] {
        return std::count_if(ids.begin(), ids.end(), [&](const QString &id) {
            return lab().stateOf(id, 1) == LegState::Running;
        });
    };
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().size(), 1, 60'000);
    QCOMPARE(running(), 1);
    lab().scheduler().setUploadsAtOnce(3);
    QCOMPARE(lab().scheduler().uploadsAtOnce(), 3);
    QTRY_COMPARE_WITH_TIMEOUT(running(), 3, 60'000);
}

void SchedulerTest::aJobThatNeedsAttentionBlocksNobody()
{
    const FakeServer server;
    const QStringList ids = addFiles(3, placeOf(server.url()));
    std::filesystem::remove(lab().queue().find(ids[0])->source);
    lab().start();
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone({ids[1], ids[2]}), 60'000);
    QTRY_COMPARE(lab().stateOf(ids[0], 1), LegState::NeedsAttention);
    QCOMPARE(lab().queue().find(ids[0])->legs[1].error->kind, ErrorKind::SourceMissing);
    QCoro::waitFor(lab().scheduler().settled(ids, {}));
}

void SchedulerTest::aDeadServerIsTheDestinationsState()
{
    const QString place = deadPlace();
    RunnerOptions options;
    options.uploadsAtOnce = 3;
    restartWith(options);
    const QStringList ids = addFiles(8, place);
    QSignalSpy changes(&lab().scheduler(), &Scheduler::destinationChanged);
    lab().start();
    const auto allWaitForIt = [&] {
        return std::all_of(ids.begin(), ids.end(), [&](const QString &id) {
            return lab().stateOf(id, 1) == LegState::Waiting
                && lab().waitOf(id, 1) == WaitFor::Destination;
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(allWaitForIt(), 120'000);
    QVERIFY(!changes.isEmpty());
    const DestinationState state = lab().scheduler().destinations().value(0);
    QCOMPARE(state.health, DestinationState::Health::Unreachable);
    QCOMPARE(state.waitingJobs, 8);
    QVERIFY(state.nextTryMs > 0);
    QVERIFY(state.error);
    // One tries at a time, and none is blamed for it.
    for (int round = 0; round < 2; ++round) {
        QTRY_COMPARE_WITH_TIMEOUT(lab().time().waiting(QueueLab::probe / 2, 2 * QueueLab::probe), 1,
                                  60'000);
        QVERIFY(allWaitForIt());
        lab().time().pass(QueueLab::probe / 2, 2 * QueueLab::probe);
        int most = 0;
        QTRY_VERIFY_WITH_TIMEOUT(
            (most = std::max(most, int(std::count_if(ids.begin(), ids.end(),
                                                     [&](const QString &id) {
                                                         return isActive(lab().stateOf(id, 1));
                                                     }))),
             lab().time().waiting(QueueLab::probe / 2, 2 * QueueLab::probe) == 1),
            60'000);
        QVERIFY2(most <= 1, qPrintable(QString::number(most)));
    }
}

void SchedulerTest::aDestinationThatAnswersAgainIsNotStormed()
{
    FakeServer server;
    RunnerOptions options;
    options.uploadsAtOnce = 3;
    restartWith(options);
    Fault fault;
    fault.method = "POST";
    fault.what = Fault::Do::Refuse;
    fault.status = 502;
    fault.times = 6; // three uploads, twice each
    server.script(fault);
    const QStringList ids = addFiles(5, placeOf(server.url()));
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(lab().scheduler().destinations().value(0).health,
                              DestinationState::Health::Unreachable, 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(std::none_of(ids.begin(), ids.end(),
                                          [&](const QString &id) {
                                              return isActive(lab().stateOf(id, 1));
                                          }),
                             60'000);
    for (int tries = 0; tries < 20 && !lab().allDone(ids); ++tries) {
        lab().scheduler().tryNow(placeOf(server.url()));
        QTest::qWait(20);
        lab().time().pass(QueueLab::between / 2, QueueLab::between * 3 / 2);
        if (lab().scheduler().destinations().value(0).health == DestinationState::Health::Ready)
            break;
    }
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 60'000);
    // Nothing was asked in vain, and nothing was made twice.
    QCOMPARE(server.count("POST"), fault.times + int(ids.size()));
    for (const QString &id : ids)
        QVERIFY(isStored(server, id));
}

void SchedulerTest::anotherDestinationIsNotHeldUp()
{
    const FakeServer server;
    const QString dead = deadPlace();
    QStringList lost;
    for (int index = 0; index < 6; ++index)
        lost.append(lab().add(lab().randomFile("lost-" + std::to_string(index), 1'000),
                              uploadTo(dead)));
    const QStringList ids = addFiles(3, placeOf(server.url()));
    lab().start();
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 120'000);
    for (const QString &id : lost)
        QVERIFY(lab().stateOf(id, 1) != LegState::NeedsAttention);
}

void SchedulerTest::signingInIsWaitedFor()
{
    FakeServer::Options wanted;
    wanted.token = "canary-token";
    const FakeServer server(wanted);
    const QStringList ids = addFiles(2, placeOf(server.url()));
    lab().start();
    QCoro::waitFor(lab().scheduler().settled(ids, {}));
    QCOMPARE(lab().waitOf(ids[0], 1), WaitFor::SignIn);
    QCOMPARE(lab().scheduler().destinations().value(0).health,
             DestinationState::Health::SignInNeeded);
    const int before = server.count("POST");
    lab().scheduler().tryNow(placeOf(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(server.count("POST") > before, 60'000);
}

void SchedulerTest::aChangedSourceNeedsAttentionAndStartsOver()
{
    const FakeServer server;
    const QStringList ids = addFiles(1, placeOf(server.url()));
    lab().randomFile("file-0", 70'000); // the same name, another content
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(lab().stateOf(ids[0], 1), LegState::NeedsAttention, 60'000);
    QCOMPARE(lab().queue().find(ids[0])->legs[1].error->kind, ErrorKind::SourceChanged);
    lab().commands().retry(ids);
    QTRY_COMPARE_WITH_TIMEOUT(lab().stateOf(ids[0], 1), LegState::NeedsAttention, 60'000);
    lab().commands().startOver(ids);
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 60'000);
    QVERIFY(isStored(server, ids[0]));
}

void SchedulerTest::aCancelIsCarriedOutAfterItsGrace()
{
    FakeServer server;
    server.script(stallAfter(50'000));
    const QStringList ids = addFiles(2, placeOf(server.url()));
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().value(0).bytes.size(), 50'000, 60'000);
    std::filesystem::create_directories(lab().folder() / "work" / ids[0].toStdString());
    lab().commands().cancel({ids[0]});
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone({ids[1]}), 60'000); // the others go on
    QVERIFY(!server.uploads()[0].isRemoved);
    QVERIFY(!lab().commands().whyNot(QueueVerb::UndoCancel, ids[0]));
    QVERIFY(lab().time().pass(cancelGrace));
    QTRY_VERIFY_WITH_TIMEOUT(server.uploads()[0].isRemoved, 60'000);
    QTRY_VERIFY(lab().queue().leftovers().isEmpty());
    QVERIFY(!std::filesystem::exists(lab().folder() / "work" / ids[0].toStdString()));
    QCOMPARE(lab().stateOf(ids[0], 1), LegState::Cancelled);
    QCOMPARE(lab().commands().whyNot(QueueVerb::UndoCancel, ids[0]),
             std::optional(Refusal::GraceIsOver));
    lab().commands().startOver({ids[0]});
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 60'000);
    QVERIFY(isStored(server, ids[0]));
}

void SchedulerTest::anUndoneCancelGoesOnWhereItWas()
{
    FakeServer server;
    server.script(stallAfter(50'000));
    const QStringList ids = addFiles(1, placeOf(server.url()));
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().value(0).bytes.size(), 50'000, 60'000);
    lab().commands().cancel(ids);
    QCoro::waitFor(lab().scheduler().atRest(ids));
    lab().commands().undoCancel(ids);
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 60'000);
    lab().time().pass(cancelGrace); // of the cancel that was undone
    QTest::qWait(10);
    QVERIFY(lab().allDone(ids));
    QCOMPARE(server.uploads().size(), 1);
    QVERIFY(!server.uploads()[0].isRemoved);
    QCOMPARE(server.uploads()[0].received.last().begin, 50'000); // no byte twice
    QVERIFY(isStored(server, ids[0]));
}

void SchedulerTest::aCancelIsFinishedAtTheNextStart()
{
    FakeServer server;
    server.script(stallAfter(50'000));
    const QStringList ids = addFiles(1, placeOf(server.url()));
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().value(0).bytes.size(), 50'000, 60'000);
    lab().commands().cancel(ids);
    lab().reopen();
    QCOMPARE(lab().stateOf(ids[0], 1), LegState::Cancelled);
    lab().start();
    QTRY_VERIFY_WITH_TIMEOUT(server.uploads()[0].isRemoved, 60'000);
    QCOMPARE(lab().queue().find(ids[0])->cancelledMs, 0);
}

void SchedulerTest::whatRanGoesOnAfterARestart()
{
    FakeServer server;
    server.script(stallAfter(50'000));
    const QStringList ids = addFiles(3, placeOf(server.url()));
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().value(0).bytes.size(), 50'000, 60'000);
    lab().reopen();
    QCOMPARE(lab().queue().order(), ids);
    QCOMPARE(lab().loadReport().restored, 3);
    QVERIFY(lab().loadReport().ran.isEmpty()); // an orderly end
    lab().start();
    QTRY_VERIFY_WITH_TIMEOUT(lab().allDone(ids), 60'000);
    QCOMPARE(server.uploads().size(), 3);
    QCOMPARE(server.uploads()[0].received.last().begin, 50'000);
    for (const QString &id : ids)
        QVERIFY(isStored(server, id));
}

void SchedulerTest::aLostReplyMakesNoSecondCopy()
{
    FakeServer server;
    for (const char *method : {"POST", "PATCH"}) {
        Fault fault;
        fault.method = method;
        fault.what = Fault::Do::LoseReply;
        server.script(fault);
    }
    const QStringList ids = addFiles(2, placeOf(server.url()));
    lab().start();
    for (int tries = 0; tries < 2'000 && !lab().allDone(ids); ++tries) {
        QTest::qWait(20);
        lab().scheduler().tryNow(placeOf(server.url()));
        lab().time().pass(QueueLab::between / 2, QueueLab::between * 3 / 2);
    }
    QVERIFY(lab().allDone(ids));
    for (const QString &id : ids)
        QVERIFY(isStored(server, id));
}

void SchedulerTest::closingTakesNoLongerThanPromised()
{
    FakeServer server;
    server.script(stallAfter(50'000));
    const QStringList ids = addFiles(2, placeOf(server.url()));
    lab().start();
    QTRY_COMPARE_WITH_TIMEOUT(server.uploads().value(0).bytes.size(), 50'000, 60'000);
    m_lab->close(); // joins everything: it would hang here otherwise
    m_lab.reset();
}

QTEST_GUILESS_MAIN(SchedulerTest)
#include "tst_scheduler.moc"
