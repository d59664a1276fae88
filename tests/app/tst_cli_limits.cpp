// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Limits of uploads and other settings of a destination, changed by one process while another one
// uploads, with a real server.
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/support/tus_server_process.h"

#include <QElapsedTimer>
#include <QJsonArray>

#include <signal.h>

using namespace sendoff;
using namespace sendoff::test;

class tst_cli_limits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theTotalLimitIsKeptAndShown();
    void aTimetableSaysWhatHoldsNowAndNext();
    void nonsenseIsOneSentence_data();
    void nonsenseIsOneSentence();
    void aRunningUploadTakesANewTotalLimitAtOnce();
    void aRunningUploadTakesANewLimitOfItsDestinationAtOnce();
    void aChangedDestinationIsUsedAsItIsNow();
    void aSecretIsReplacedBySet();
    void aChangeThatCannotBeIsRefusedWhole();

private:
    Finished run(const std::vector<std::string> &arguments,
                 std::vector<std::string> environment = {})
    {
        environment.push_back(noKeychain);
        return runProgram(sendoffCommand(m_scratch.profile().string(), arguments), environment);
    }
    std::unique_ptr<Program> start(const std::vector<std::string> &arguments)
    {
        return std::make_unique<Program>(sendoffCommand(m_scratch.profile().string(), arguments),
                                         std::vector<std::string>{noKeychain});
    }
    QJsonObject options(const QString &name);
    // Bytes that `owner` moves in `time`, by its own progress events.
    static qint64 movedIn(Program &owner, std::chrono::milliseconds time);

    static constexpr auto noKeychain = "DBUS_SESSION_BUS_ADDRESS=disabled:";
    static constexpr auto token = "canary-19c4e7";
    Scratch m_scratch;
    std::unique_ptr<TusServerProcess> m_server;
    std::unique_ptr<TusServerProcess> m_closed; // lets in who has the token
    std::string m_url;
};

void tst_cli_limits::initTestCase()
{
    m_server = std::make_unique<TusServerProcess>(
        QString::fromStdString(m_scratch.folder("tus").string()));
    QVERIFY2(m_server->start(), qPrintable(m_server->why()));
    m_closed = std::make_unique<TusServerProcess>(
        QString::fromStdString(m_scratch.folder("closed").string()),
        QMap<QString, QString>{{QStringLiteral("AUTH_TOKEN"), QString::fromLatin1(token)}});
    QVERIFY2(m_closed->start(), qPrintable(m_closed->why()));
    m_url = m_server->url().toString().toStdString();
}

QJsonObject tst_cli_limits::options(const QString &name)
{
    const Finished listed = run({"destinations", "list"});
    for (const QJsonValue &known : listed.events.value(0)[u"destinations"].toArray()) {
        if (known[u"name"].toString() == name)
            return known[u"options"].toObject();
    }
    return {};
}

qint64 tst_cli_limits::movedIn(Program &owner, std::chrono::milliseconds time)
{
    const auto bytes = [&owner] {
        const auto events = owner.events(QStringLiteral("progress"), QStringLiteral("upload"));
        return events.isEmpty() ? qint64(0) : events.last()[u"bytes"].toInteger();
    };
    const qint64 before = bytes();
    QTest::qWait(int(time.count()));
    return bytes() - before;
}

void tst_cli_limits::theTotalLimitIsKeptAndShown()
{
    const Finished none = run({"limit"});
    QCOMPARE(none.exitCode, 0);
    QCOMPARE(none.events.value(0)[u"limit"].toString(), u"off"_qs);
    QCOMPARE(run({"limit", "1.5M"}).exitCode, 0);
    const QJsonObject kept = run({"limit"}).events.value(0);
    QCOMPARE(kept[u"limit"].toString(), u"1500k"_qs);
    QCOMPARE(kept[u"bytes_per_second"].toInteger(), qint64(1'500'000));
    QVERIFY(!kept.contains(u"changes_at"));
    QCOMPARE(run({"limit", "off"}).events.value(0)[u"bytes_per_second"].toInteger(), qint64(0));
    QCOMPARE(run({"limit"}).events.value(0)[u"limit"].toString(), u"off"_qs);
}

void tst_cli_limits::aTimetableSaysWhatHoldsNowAndNext()
{
    const QString today =
        QLocale::c().standaloneDayName(QDate::currentDate().dayOfWeek(), QLocale::ShortFormat);
    const std::string timetable = today.toLower().toStdString() + "=250k, rest=2M";
    const Finished set = run({"limit", timetable});
    QVERIFY2(set.exitCode == 0, set.output.constData());
    const QJsonObject answer = run({"limit"}).events.value(0);
    QCOMPARE(answer[u"limit"].toString().toStdString(), timetable);
    QCOMPARE(answer[u"bytes_per_second"].toInteger(), qint64(250'000));
    QCOMPARE(answer[u"next_bytes_per_second"].toInteger(), qint64(2'000'000));
    const auto change = QDateTime::fromString(answer[u"changes_at"].toString(), Qt::ISODate);
    QCOMPARE(change.toLocalTime().time(), QTime(0, 0));
    QCOMPARE(run({"limit", "off"}).exitCode, 0);
}

void tst_cli_limits::nonsenseIsOneSentence_data()
{
    QTest::addColumn<QString>("limit");
    QTest::newRow("no rate") << u"quick"_qs;
    QTest::newRow("no such time") << u"08:00-26:00=1M"_qs;
    QTest::newRow("no such day") << u"mon-fry=1M"_qs;
}

void tst_cli_limits::nonsenseIsOneSentence()
{
    QFETCH(const QString, limit);
    const Finished finished = run({"limit", limit.toStdString()});
    QCOMPARE(finished.exitCode, 2);
    QCOMPARE(finished.eventsOf(u"error"_qs).size(), 1);
    const QString text = finished.eventsOf(u"error"_qs)[0][u"text"].toString();
    const QString named = limit.section(u'=', 0, 0);
    QVERIFY2(text.contains(named), qPrintable(text));
    QCOMPARE(run({"limit"}).events.value(0)[u"limit"].toString(), u"off"_qs);
}

// Issue 7.3: all limits can be changed live.
void tst_cli_limits::aRunningUploadTakesANewTotalLimitAtOnce()
{
    QCOMPARE(run({"limit", "300k"}).exitCode, 0);
    const FilePath file = m_scratch.file("total.bin", std::string(30'000'000, 't'));
    const auto owner = start({"upload", file.string(), "--to", "tus+" + m_url});
    QTRY_VERIFY_WITH_TIMEOUT(!owner->events(u"progress"_qs, u"upload"_qs).isEmpty(), 60'000);
    const qint64 slow = movedIn(*owner, std::chrono::seconds(3));
    QVERIFY2(slow < 1'300'000, qPrintable(QString::number(slow)));
    QElapsedTimer timer;
    timer.start();
    const Finished changed = run({"limit", "off"}); // handed over to the owner
    QCOMPARE(changed.exitCode, 0);
    QCOMPARE(owner->wait(), 0);
    // With the old limit it would have taken a minute and a half more.
    QVERIFY2(timer.elapsed() < 30'000, qPrintable(QString::number(timer.elapsed())));
}

void tst_cli_limits::aRunningUploadTakesANewLimitOfItsDestinationAtOnce()
{
    const Finished added = run({"destinations", "add", "Slow", "--type", "tus", "--set",
                                "url=" + m_url, "--set", "upload_limit=mon-sun=300k"});
    QVERIFY2(added.exitCode == 0, added.output.constData());
    const FilePath file = m_scratch.file("single.bin", std::string(30'000'000, 's'));
    const auto owner = start({"upload", file.string(), "--to", "Slow"});
    QTRY_VERIFY_WITH_TIMEOUT(!owner->events(u"progress"_qs, u"upload"_qs).isEmpty(), 60'000);
    const qint64 slow = movedIn(*owner, std::chrono::seconds(3));
    QVERIFY2(slow < 1'300'000, qPrintable(QString::number(slow)));
    // Faster first, and then without a limit.
    QCOMPARE(run({"destinations", "set", "slow", "--set", "upload_limit=2M"}).exitCode, 0);
    const qint64 faster = movedIn(*owner, std::chrono::seconds(4));
    QVERIFY2(faster > 3'000'000 && faster < 9'500'000, qPrintable(QString::number(faster)));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(run({"destinations", "set", "Slow", "--set", "upload_limit="}).exitCode, 0);
    QCOMPARE(owner->wait(), 0);
    QVERIFY2(timer.elapsed() < 9'000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!options(u"Slow"_qs).contains(u"upload_limit"));
    QCOMPARE(run({"destinations", "remove", "Slow"}).exitCode, 0);
}

void tst_cli_limits::aChangedDestinationIsUsedAsItIsNow()
{
    QCOMPARE(run({"destinations", "add", "Moved", "--type", "tus", "--set",
                  "url=http://127.0.0.1:9/files"})
                 .exitCode,
             0);
    QCOMPARE(run({"destinations", "test", "Moved"}).exitCode, 1);
    const Finished changed = run({"destinations", "set", "Moved", "--set", "url=" + m_url});
    QVERIFY2(changed.exitCode == 0, changed.output.constData());
    QCOMPARE(changed.events.value(0)[u"options"][u"url"].toString().toStdString(), m_url);
    QCOMPARE(run({"destinations", "test", "Moved"}).exitCode, 0);
    const FilePath file = m_scratch.file("moved.bin", std::string(50'000, 'm'));
    QCOMPARE(run({"upload", file.string(), "--to", "Moved"}).exitCode, 0);
    QCOMPARE(run({"destinations", "remove", "Moved"}).exitCode, 0);
}

void tst_cli_limits::aSecretIsReplacedBySet()
{
    const std::string url = "url=" + m_closed->url().toString().toStdString();
    QCOMPARE(run({"destinations", "add", "Closed", "--type", "tus", "--set", url, "--keep-in-file"},
                 {"SENDOFF_SECRET_CLOSED=wrong"})
                 .exitCode,
             0);
    QCOMPARE(run({"destinations", "test", "Closed"}).exitCode, 1);
    const Finished changed = run({"destinations", "set", "Closed", "--keep-in-file"},
                                 {std::string("SENDOFF_SECRET_CLOSED=") + token});
    QVERIFY2(changed.exitCode == 0, changed.output.constData());
    QCOMPARE(changed.events.value(0)[u"secrets_in"].toString(), u"file"_qs);
    QVERIFY(!changed.output.contains(token));
    QCOMPARE(run({"destinations", "test", "Closed"}).exitCode, 0);
    QCOMPARE(run({"destinations", "remove", "Closed"}).exitCode, 0);
}

void tst_cli_limits::aChangeThatCannotBeIsRefusedWhole()
{
    QCOMPARE(run({"destinations", "add", "Firm", "--type", "tus", "--set", "url=" + m_url}).exitCode,
             0);
    const QJsonObject before = options(u"Firm"_qs);
    const std::vector<std::vector<std::string>> refused{
        {"destinations", "set", "Firm"},
        {"destinations", "set", "Firm", "--set", "upload_limit"},
        {"destinations", "set", "Firm", "--set", "upload_limit=1M", "--set", "colour=blue"},
        {"destinations", "set", "Firm", "--set", "upload_limit=mon-fry=1M"},
        {"destinations", "set", "Firm", "--set", "token=hunter2"},
        {"destinations", "set", "Firm", "--set", "url="},
        {"destinations", "set", "Nobody", "--set", "upload_limit=1M"}};
    for (const auto &arguments : refused) {
        const Finished finished = run(arguments);
        QVERIFY2(finished.exitCode == 2, finished.output.constData());
        QCOMPARE(finished.eventsOf(u"error"_qs).size(), 1);
        QVERIFY(!finished.output.contains("hunter2"));
    }
    QCOMPARE(options(u"Firm"_qs), before);
    QCOMPARE(run({"destinations", "remove", "Firm"}).exitCode, 0);
}

QTEST_GUILESS_MAIN(tst_cli_limits)
#include "tst_cli_limits.moc"
