// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_rows.h"
#include "core/queue/job_store.h"
#include "core/queue/store_schema.h"
#include "tests/core/queue/job_samples.h"
#include "tests/core/queue/store_fixture.h"

#include <QProcess>
#include <QTemporaryDir>

#include <csignal>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

constexpr const char *childArgument = "open-and-end";
constexpr int jobsBefore = 3;

// A database as version 1 of the schema made it, by the statements of that time.
void makeVersion1(const FilePath &file)
{
    const Sql sql(file);
    for (const char *statement :
         {"PRAGMA journal_mode=WAL",
          "CREATE TABLE jobs(id TEXT PRIMARY KEY, position INTEGER NOT NULL, created_us INTEGER "
          "NOT NULL, source TEXT NOT NULL, identity TEXT NOT NULL, recipe TEXT NOT NULL, plan TEXT "
          "NOT NULL, sameness BLOB NOT NULL) STRICT, WITHOUT ROWID",
          "CREATE INDEX jobs_by_sameness ON jobs(sameness, created_us)",
          "CREATE TABLE legs(job TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE, kind TEXT NOT "
          "NULL, ordinal INTEGER NOT NULL, state TEXT NOT NULL, wait_for TEXT NOT NULL, error TEXT, "
          "done_bytes INTEGER NOT NULL, total_bytes INTEGER NOT NULL, generation INTEGER NOT NULL, "
          "resume TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY(job, kind, ordinal)) STRICT, "
          "WITHOUT ROWID",
          "PRAGMA application_id=1399156324", "PRAGMA user_version=1"})
        QVERIFY2(sql.run(QString::fromLatin1(statement)), statement);
    for (int position = 0; position < jobsBefore; ++position) {
        const QString id = QStringLiteral("aaaabbbb222%1").arg(position + 2);
        QVERIFY(sql.run(
            QStringLiteral(
                "INSERT INTO jobs VALUES('%1',%2,%3,'/videos/a.mp4',"
                "'{\"device\":\"1\",\"inode\":\"2\",\"size\":3,\"modified_ns\":\"4\",\"edge_hash\":\"\"}',"
                "'{\"version\":1,\"preset\":\"\",\"preset_digest\":\"\",\"encode_always\":false,"
                "\"layout\":\"auto\",\"output_folder\":\"\",\"overwrite\":false,"
                "\"destinations\":[\"shelf:\"]}','{}',x'0a0b')")
                .arg(id)
                .arg(position)
                .arg(1000 + position)));
        QVERIFY(sql.run(QStringLiteral("INSERT INTO legs VALUES('%1','export',0,'not-needed',"
                                       "'nothing',NULL,0,-1,0,'{}','{}')")
                            .arg(id)));
        QVERIFY(sql.run(QStringLiteral("INSERT INTO legs VALUES('%1','upload',0,'running',"
                                       "'nothing',NULL,77,99,1,'{\"url\":\"https://h/x\"}','{}')")
                            .arg(id)));
    }
}

} // namespace

// Version 1 of the database becomes version 2 with nothing lost, whatever happens on the way.
class StoreMigrationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void everythingIsThereAfterwards();
    void aCopyOfWhatWasIsKept();
    void nothingIsLostWhenKilledOnTheWay_data();
    void nothingIsLostWhenKilledOnTheWay();

private:
    FilePath folder() const { return m_folder->path().toStdString(); }
    FilePath database() const { return folder() / "sendoff.db"; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void StoreMigrationTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    makeVersion1(database());
}

void StoreMigrationTest::everythingIsThereAfterwards()
{
    const auto store = openStore(database());
    QVERIFY2(store.has_value(), store ? "" : qPrintable(store.error().detail));
    const JobStore::Loaded back = loaded(**store);
    QCOMPARE(back.problems, QStringList());
    QCOMPARE(back.jobs.size(), jobsBefore);
    QCOMPARE(back.ran.size(), jobsBefore);
    QCOMPARE(back.ranUploads, jobsBefore);
    const Job &job = back.jobs[1];
    QCOMPARE(job.id, QStringLiteral("aaaabbbb2223"));
    QVERIFY(job.isChecked);
    QCOMPARE(job.cancelledMs, 0);
    QVERIFY(!job.legs[1].before);
    QCOMPARE(job.legs[1].state, LegState::Waiting);
    QCOMPARE(job.legs[1].doneBytes, 77);
    QCOMPARE(job.legs[1].resume[u"url"].toString(), QStringLiteral("https://h/x"));
    QVERIFY(save(**store, {sampleJob(9)})); // what only version 2 can hold
    QCOMPARE(Sql(database()).value(QStringLiteral("PRAGMA user_version")).toInt(), 2);
}

void StoreMigrationTest::aCopyOfWhatWasIsKept()
{
    QVERIFY(openStore(database()).has_value());
    const FilePath backup = backupOf(database(), 1);
    QVERIFY(std::filesystem::exists(backup));
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    QVERIFY((std::filesystem::status(backup).permissions() & others)
            == std::filesystem::perms::none);
    const Sql sql(backup);
    QCOMPARE(sql.value(QStringLiteral("PRAGMA user_version")).toInt(), 1);
    QCOMPARE(sql.value(QStringLiteral("SELECT count(*) FROM jobs")).toInt(), jobsBefore);
    QCOMPARE(sql.value(QStringLiteral("PRAGMA integrity_check")).toString(), QStringLiteral("ok"));
}

void StoreMigrationTest::nothingIsLostWhenKilledOnTheWay_data()
{
    QTest::addColumn<QString>("point");
    for (const char *point :
         {"store.backup-written", "store.backup-made", "store.schema:1", "store.schema:3",
          "store.schema:6", "store.before-commit", "store.after-commit"})
        QTest::newRow(point) << QString::fromLatin1(point);
}

void StoreMigrationTest::nothingIsLostWhenKilledOnTheWay()
{
    QFETCH(QString, point);
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("SENDOFF_CRASH_AT"), point);
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(),
                {QString::fromLatin1(childArgument), QString::fromStdString(database().string())});
    QVERIFY(child.waitForFinished(120'000));
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    QCOMPARE(child.exitCode(), SIGKILL);
    everythingIsThereAfterwards();
    if (!QTest::currentTestFailed())
        aCopyOfWhatWasIsKept();
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    if (argc > 2 && qstrcmp(argv[1], childArgument) == 0)
        return openStore(argv[2]).has_value() ? 0 : 1;
    StoreMigrationTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_store_migration.moc"
