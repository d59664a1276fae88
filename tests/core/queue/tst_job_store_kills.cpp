// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_store.h"
#include "tests/core/queue/job_samples.h"
#include "tests/core/queue/store_fixture.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <csignal>
#include <cstdio>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

constexpr const char *childArgument = "save-until-killed";

// The child: says "saved <id> <bytes>" once each save is durable.
int saveUntilKilled(const char *file)
{
    const auto store = openStore(file);
    if (!store)
        return 1;
    for (qint64 position = 0;; ++position) {
        Job job = sampleJob(position);
        if (!save(**store, {job}))
            return 2;
        std::printf("saved %s 1234\n", qPrintable(job.id));
        std::fflush(stdout);
        job.legs[1].doneBytes = 5'000 + position;
        if (!QCoro::waitFor((*store)->saveLeg(job.id, job.legs[1])))
            return 3;
        std::printf("saved %s %lld\n", qPrintable(job.id), qlonglong(job.legs[1].doneBytes));
        std::fflush(stdout);
    }
}

// The last bytes that the child said to be durable, by job. A line without its end does not count.
QMap<QString, qint64> acknowledged(const QByteArray &output)
{
    QMap<QString, qint64> jobs;
    const QByteArrayList lines = output.left(output.lastIndexOf('\n') + 1).split('\n');
    for (const QByteArray &line : lines) {
        const QByteArrayList words = line.split(' ');
        if (words.size() == 3)
            jobs.insert(QString::fromLatin1(words[1]), words[2].toLongLong());
    }
    return jobs;
}

} // namespace

// Nothing that was said to be durable is lost, whatever kills the program.
class JobStoreKillsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void nothingVanishesWhenKilledAtAnyMoment();
    void nothingVanishesWhenKilledAtACrashPoint_data();
    void nothingVanishesWhenKilledAtACrashPoint();

private:
    FilePath folder() const { return m_folder->path().toStdString(); }
    FilePath database() const { return folder() / "sendoff.db"; }
    void checkAfterKill(const QByteArray &output, bool mayBeMissing) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

// Everything that was said to be durable is there, whole; at most one job more, which was saved but
// not said.
void JobStoreKillsTest::checkAfterKill(const QByteArray &output, bool mayBeMissing) const
{
    const QMap<QString, qint64> expected = acknowledged(output);
    if (!std::filesystem::exists(database())) {
        QVERIFY(mayBeMissing && expected.isEmpty());
        return;
    }
    const auto store = openStore(database());
    QVERIFY2(store.has_value(), store ? "" : qPrintable(store.error().detail));
    const JobStore::Loaded back = loaded(**store);
    QCOMPARE(back.problems, QStringList());
    QVERIFY(back.jobs.size() - expected.size() <= 1);
    QMap<QString, qint64> found;
    for (const Job &job : back.jobs) {
        QVERIFY(!found.contains(job.id));
        found.insert(job.id, job.legs[1].doneBytes);
    }
    for (auto it = expected.begin(); it != expected.end(); ++it)
        QVERIFY2(found.value(it.key(), -1) >= it.value(), qPrintable(it.key()));
    QCOMPARE(Sql(database()).value(QStringLiteral("PRAGMA integrity_check")).toString(),
             QStringLiteral("ok"));
    QVERIFY(setAsideIn(folder()).isEmpty());
}

void JobStoreKillsTest::nothingVanishesWhenKilledAtAnyMoment()
{
    QByteArray output;
    // Always the same database. On a slow machine few jobs are saved between two kills: more
    // rounds.
    const auto isEnough = [&output] { return acknowledged(output).size() > 10; };
    for (int round = 0; round < 40 || (!isEnough() && round < 400); ++round) {
        QProcess child;
        child.start(
            QCoreApplication::applicationFilePath(),
            {QString::fromLatin1(childArgument), QString::fromStdString(database().string())});
        QVERIFY(child.waitForStarted());
        if (round % 2 == 1) // else it may die while it opens the database
            QVERIFY(child.waitForReadyRead());
        QTest::qSleep(QRandomGenerator::global()->bounded(5, 120));
        ::kill(pid_t(child.processId()), SIGKILL);
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        const QByteArray said = child.readAllStandardOutput();
        output += said.left(said.lastIndexOf('\n') + 1);
        // Jobs that were saved but not said add up over the rounds: take them into account.
        checkAfterKill(output, round == 0 || output.isEmpty());
        if (QTest::currentTestFailed())
            return;
        if (!std::filesystem::exists(database()))
            continue;
        const auto store = openStore(database());
        const QList<Job> known = loaded(**store).jobs;
        for (const Job &job : known) {
            if (!acknowledged(output).contains(job.id))
                output += "saved " + job.id.toLatin1() + " 0\n";
        }
    }
    qInfo("%lld jobs were durable after all kills", qlonglong(acknowledged(output).size()));
    QVERIFY(isEnough());
}

void JobStoreKillsTest::nothingVanishesWhenKilledAtACrashPoint_data()
{
    QTest::addColumn<QString>("point");
    for (const char *point :
         {"store.schema:1", "store.schema:3", "store.schema:5", "store.schema:10", "store.before-commit:1",
          "store.after-commit:1", "store.before-commit:2", "store.after-commit:2",
          "store.before-commit:7", "store.after-commit:7"})
        QTest::newRow(point) << QString::fromLatin1(point);
}

void JobStoreKillsTest::nothingVanishesWhenKilledAtACrashPoint()
{
    QFETCH(QString, point);
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("SENDOFF_CRASH_AT"), point);
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(),
                {QString::fromLatin1(childArgument), QString::fromStdString(database().string())});
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    QCOMPARE(child.exitCode(), SIGKILL);
    checkAfterKill(child.readAllStandardOutput(), true);
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    if (argc > 2 && qstrcmp(argv[1], childArgument) == 0)
        return saveUntilKilled(argv[2]);
    JobStoreKillsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_job_store_kills.moc"
