// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/session_log.h"
#include "tests/core/queue/queue_lab.h"

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

// How one session of the program went.
struct Session {
    SessionKind kind = SessionKind::Window;
    bool isLong = false; // a minute or more
    LastEnd end = LastEnd::Ended;
    bool ranJob = true;
};

constexpr Session window(LastEnd end, bool isLong = false)
{
    return {SessionKind::Window, isLong, end, true};
}
constexpr Session command(LastEnd end)
{
    return {SessionKind::Command, false, end, true};
}

} // namespace

Q_DECLARE_METATYPE(Session)

class SessionLogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_lab.reset(); }
    void whatFollowsFromTheLastSessions_data();
    void whatFollowsFromTheLastSessions();
    void theReportSaysWhatWasRestored();

private:
    StartReport begin(SessionKind kind, bool hasCrashed, bool ranJob)
    {
        LoadReport loaded = m_lab->loadReport();
        if (ranJob)
            loaded.ran = {m_job};
        return beginSession(m_lab->queue(), loaded, kind, hasCrashed);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QueueLab> m_lab;
    QString m_job;
};

void SessionLogTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_lab = std::make_unique<QueueLab>(m_folder->path().toStdString());
    m_job = m_lab->add(m_lab->randomFile("a", 10), uploadTo(QStringLiteral("shelf:")));
}

void SessionLogTest::whatFollowsFromTheLastSessions_data()
{
    QTest::addColumn<QList<Session>>("before");
    QTest::addColumn<bool>("wasUnclean");
    QTest::addColumn<bool>("startsPaused");
    QTest::addColumn<bool>("isHeldBack");
    using enum LastEnd;
    const Session idle{SessionKind::Window, true, Crashed, false};
    QTest::newRow("the first start") << QList<Session>{} << false << false << false;
    QTest::newRow("ended") << QList<Session>{window(Ended)} << false << false << false;
    QTest::newRow("killed") << QList<Session>{window(Killed)} << true << false << false;
    QTest::newRow("crashed once") << QList<Session>{window(Crashed)} << true << false << false;
    QTest::newRow("crashed twice at the start")
        << QList<Session>{window(Crashed), window(Crashed)} << true << true << true;
    QTest::newRow("killed twice at the start")
        << QList<Session>{window(Killed), window(Killed)} << true << true << false;
    QTest::newRow("killed twice, late")
        << QList<Session>{window(Killed, true), window(Killed, true)} << true << false << false;
    QTest::newRow("crashed twice, late")
        << QList<Session>{window(Crashed, true), window(Crashed, true)} << true << false << true;
    QTest::newRow("an orderly end between")
        << QList<Session>{window(Crashed), window(Ended), window(Crashed)} << true << false
        << false;
    QTest::newRow("a power cut between two crashes")
        << QList<Session>{window(Crashed, true), window(Killed, true), window(Crashed, true)}
        << true << false << true;
    QTest::newRow("another job crashed before")
        << QList<Session>{window(Crashed, true), idle, window(Crashed, true)} << true << false
        << false;
    QTest::newRow("commands do not pause the window")
        << QList<Session>{command(Killed), command(Killed)} << true << false << false;
    QTest::newRow("commands hold back what they crash at")
        << QList<Session>{command(Crashed), command(Crashed)} << true << false << true;
}

void SessionLogTest::whatFollowsFromTheLastSessions()
{
    QFETCH(QList<Session>, before);
    QFETCH(bool, wasUnclean);
    QFETCH(bool, startsPaused);
    QFETCH(bool, isHeldBack);
    Session last;
    for (const Session &session : before) {
        (void)begin(session.kind, last.end == LastEnd::Crashed,
                    last.ranJob && last.end != LastEnd::Ended);
        if (session.isLong)
            settleSession(m_lab->queue());
        if (session.end == LastEnd::Ended)
            endSession(m_lab->queue());
        last = session;
        m_lab->reopen();
    }
    const StartReport report =
        begin(SessionKind::Window, last.end == LastEnd::Crashed,
              last.ranJob && !before.isEmpty() && last.end != LastEnd::Ended);
    QCOMPARE(report.wasUnclean, wasUnclean);
    QCOMPARE(report.startsPaused, startsPaused);
    QCOMPARE(report.heldBack, isHeldBack ? QStringList{m_job} : QStringList());
    QCOMPARE(m_lab->stateOf(m_job, 1) == LegState::NeedsAttention, isHeldBack);
    if (isHeldBack)
        QVERIFY(m_lab->queue().find(m_job)->legs[1].error.has_value());
    m_lab->start();
    QCOMPARE(m_lab->commands().isPausedAll(), startsPaused);
}

void SessionLogTest::theReportSaysWhatWasRestored()
{
    LoadReport loaded;
    loaded.restored = 6;
    loaded.resumedExports = 2;
    loaded.resumedUploads = 1;
    loaded.problems = {QStringLiteral("One could not be read.")};
    const StartReport report =
        beginSession(m_lab->queue(), loaded, SessionKind::Window, false);
    QCOMPARE(report.restored, 6);
    QCOMPARE(report.resumedExports, 2);
    QCOMPARE(report.resumedUploads, 1);
    QCOMPARE(report.problems, loaded.problems);
}

QTEST_GUILESS_MAIN(SessionLogTest)
#include "tst_session_log.moc"
