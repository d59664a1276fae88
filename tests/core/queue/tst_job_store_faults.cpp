// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_store.h"
#include "tests/core/queue/job_samples.h"
#include "tests/core/queue/store_fixture.h"
#include "tests/support/small_disk.h"

#include <QRandomGenerator>
#include <QTemporaryDir>

#include <algorithm>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;
using sendoff::test::SmallDisk;

class JobStoreFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aNewerDatabaseStaysUntouched();
    void aNewerDatabaseInTheLogStaysUntouched();
    void damageIsSetAsideAndWhatCanBeReadIsTakenOver_data();
    void damageIsSetAsideAndWhatCanBeReadIsTakenOver();
    void theLogOfADamagedDatabaseGoesWithIt();
    void randomDamageNeverCrashesOrHangs();
    void oneUnreadableRecordIsLeftOut_data();
    void oneUnreadableRecordIsLeftOut();
    void aFullDiskIsSaidAndTheSaveCanBeRepeated();
    void aFullDiskAtTheFirstStartIsSaid();
    void aPlaceThatCannotBeWrittenIsSaid_data();
    void aPlaceThatCannotBeWrittenIsSaid();

private:
    FilePath folder() const { return m_folder->path().toStdString(); }
    FilePath database() const { return folder() / "sendoff.db"; }
    void fillDatabase(int jobs) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void JobStoreFaultsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void JobStoreFaultsTest::fillDatabase(int jobs) const
{
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    QList<Job> samples;
    for (int position = 0; position < jobs; ++position)
        samples.append(sampleJob(position));
    QVERIFY(save(**store, samples));
}

void JobStoreFaultsTest::aNewerDatabaseStaysUntouched()
{
    fillDatabase(3);
    QVERIFY(Sql(database()).run(QStringLiteral("PRAGMA user_version=3")));
    QVERIFY(!std::filesystem::exists(FilePath(database()) += "-wal"));
    const QByteArray before = bytesOf(database());
    const auto store = openStore(database());
    QVERIFY(!store);
    QCOMPARE(store.error().kind, ErrorKind::StoreTooNew);
    QVERIFY(bytesOf(database()) == before);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder()), {}),
             1); // nothing beside it
}

void JobStoreFaultsTest::aNewerDatabaseInTheLogStaysUntouched()
{
    fillDatabase(3);
    const FilePath copy = folder() / "copy" / "sendoff.db";
    std::filesystem::create_directory(copy.parent_path());
    {
        const Sql newer(database());
        QVERIFY(newer.run(QStringLiteral("PRAGMA wal_autocheckpoint=0")));
        QVERIFY(newer.run(QStringLiteral("PRAGMA user_version=3")));
        // As a crash of the newer version leaves it: the file itself still says 2.
        std::filesystem::copy(database(), copy);
        std::filesystem::copy(FilePath(database()) += "-wal", FilePath(copy) += "-wal");
    }
    const QByteArray before = bytesOf(copy);
    const QByteArray logBefore = bytesOf(FilePath(copy) += "-wal");
    QCOMPARE(before[63], '\2');
    QVERIFY(!logBefore.isEmpty());
    const auto store = openStore(copy);
    QVERIFY(!store);
    QCOMPARE(store.error().kind, ErrorKind::StoreTooNew);
    QVERIFY(bytesOf(copy) == before);
    QVERIFY(bytesOf(FilePath(copy) += "-wal") == logBefore);
}

void JobStoreFaultsTest::damageIsSetAsideAndWhatCanBeReadIsTakenOver_data()
{
    QTest::addColumn<QString>("damage");
    QTest::addColumn<int>("atLeast"); // of 200 jobs
    QTest::newRow("random bytes") << QStringLiteral("random bytes") << 0;
    QTest::newRow("text") << QStringLiteral("text") << 0;
    QTest::newRow("zeros") << QStringLiteral("zeros") << 0;
    QTest::newRow("shorter than a header") << QStringLiteral("shorter than a header") << 0;
    QTest::newRow("cut in the middle") << QStringLiteral("cut in the middle") << 0;
    QTest::newRow("a page overwritten") << QStringLiteral("a page overwritten") << 150;
    QTest::newRow("the schema overwritten") << QStringLiteral("the schema overwritten") << 0;
    QTest::newRow("another program's database")
        << QStringLiteral("another program's database") << 200; // whose tables are ours
}

void JobStoreFaultsTest::damageIsSetAsideAndWhatCanBeReadIsTakenOver()
{
    QFETCH(QString, damage);
    QFETCH(int, atLeast);
    fillDatabase(200);
    QByteArray bytes = bytesOf(database());
    if (damage == u"random bytes")
        std::generate(bytes.begin(), bytes.end(),
                      [] { return char(QRandomGenerator::global()->generate()); });
    else if (damage == u"text")
        bytes = "dear diary";
    else if (damage == u"zeros")
        bytes.fill('\0');
    else if (damage == u"shorter than a header")
        bytes.truncate(50);
    else if (damage == u"cut in the middle")
        bytes.truncate(bytes.size() / 2);
    else if (damage == u"a page overwritten")
        bytes.replace(bytes.size() / 2 / 4'096 * 4'096, 4'096, QByteArray(4'096, '\xee'));
    else if (damage == u"the schema overwritten")
        bytes.replace(100, 3'000, QByteArray(3'000, '\xee'));
    writeBytes(database(), bytes);
    if (damage == u"another program's database") {
        QVERIFY(Sql(database()).run(QStringLiteral("PRAGMA application_id=7")));
        bytes = bytesOf(database());
    }

    const auto store = openStore(database());
    QVERIFY2(store.has_value(), store ? "" : qPrintable(store.error().detail));
    const JobStore::Loaded back = loaded(**store);
    QVERIFY2(back.jobs.size() >= atLeast, qPrintable(QString::number(back.jobs.size())));
    QVERIFY(back.jobs.size() <= (atLeast == 0 ? 0 : 200));
    const qsizetype salvaged = back.jobs.size();
    for (qsizetype index = 0; index < salvaged; ++index) // each whole, each once, in queue order
        QVERIFY(index == 0 || back.jobs[index - 1].position < back.jobs[index].position);
    const QList<FilePath> kept = setAsideIn(folder());
    QCOMPARE(kept.size(), 1);
    QVERIFY(bytesOf(kept[0]) == bytes);
    QCOMPARE(back.problems.size(), 1);
    QVERIFY(back.problems[0].contains(displayName(kept[0])));
    QVERIFY(save(**store, {sampleJob()}));
    const JobStore::Loaded again = loaded(**store);
    QCOMPARE(again.jobs.size(), salvaged + 1);
    QVERIFY(again.problems.isEmpty()); // said once
}

void JobStoreFaultsTest::theLogOfADamagedDatabaseGoesWithIt()
{
    writeBytes(database(), "not a database");
    writeBytes(FilePath(database()) += "-wal", "its log");
    for (int round = 1; round <= 2; ++round) { // twice within a second: another name
        const auto store = openStore(database());
        QVERIFY(store.has_value());
        QCOMPARE(setAsideIn(folder()).size(), round);
        if (round == 1)
            QCOMPARE(bytesOf(FilePath(setAsideIn(folder())[0]) += "-wal"), QByteArray("its log"));
        writeBytes(FilePath(database()) += "-wal", {});
        writeBytes(database(), "again not a database");
    }
}

void JobStoreFaultsTest::randomDamageNeverCrashesOrHangs()
{
    fillDatabase(100);
    const QByteArray sound = bytesOf(database());
    QRandomGenerator random(20261123);
    int opened = 0;
    for (int round = 0; round < 100; ++round) {
        QByteArray bytes = sound;
        const int places = random.bounded(1, 4);
        for (int place = 0; place < places; ++place) {
            const qsizetype begin = random.bounded(int(bytes.size()) - 64);
            for (qsizetype offset = begin; offset < begin + random.bounded(1, 64); ++offset)
                bytes[offset] = char(random.bounded(256));
        }
        for (const auto &entry : std::filesystem::directory_iterator(folder()))
            std::filesystem::remove(entry.path());
        writeBytes(database(), bytes);
        const auto store = openStore(database());
        if (!store) {
            QCOMPARE(store.error().kind, ErrorKind::StoreTooNew); // the version's four bytes
            continue;
        }
        const auto back = QCoro::waitFor((*store)->load());
        if (!back) {
            QCOMPARE(back.error().kind, ErrorKind::StoreCorrupt);
            continue;
        }
        ++opened;
        // What is not there any more was said.
        QVERIFY(back->jobs.size() == 100 || !back->problems.isEmpty());
    }
    QVERIFY(opened > 50);
}

void JobStoreFaultsTest::oneUnreadableRecordIsLeftOut_data()
{
    QTest::addColumn<QString>("statement");
    const auto row = [](const char *name, const char *statement) {
        QTest::newRow(name) << QString::fromLatin1(statement);
    };
    row("recipe of a newer version",
        "UPDATE jobs SET recipe=json_set(recipe,'$.version',2) WHERE position=1");
    row("recipe is no JSON", "UPDATE jobs SET recipe='{' WHERE position=1");
    row("no identity", "UPDATE jobs SET identity='{}' WHERE position=1");
    row("an id that is none", "UPDATE jobs SET id='../../etc' WHERE position=1");
    row("a state of the future",
        "UPDATE legs SET state='dreaming' WHERE kind='export' AND "
        "job=(SELECT id FROM jobs WHERE position=1)");
    row("an error of the future",
        "UPDATE legs SET error='{\"kind\":\"x\"}' WHERE ordinal=1 AND "
        "job=(SELECT id FROM jobs WHERE position=1)");
    row("a leg is missing",
        "DELETE FROM legs WHERE ordinal=1 AND "
        "job=(SELECT id FROM jobs WHERE position=1)");
    row("no legs", "DELETE FROM legs WHERE job=(SELECT id FROM jobs WHERE position=1)");
}

void JobStoreFaultsTest::oneUnreadableRecordIsLeftOut()
{
    QFETCH(QString, statement);
    fillDatabase(3);
    QVERIFY(Sql(database()).run(statement));
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    const JobStore::Loaded back = loaded(**store);
    QCOMPARE(back.jobs.size(), 2);
    QCOMPARE(back.jobs[0].position, 0);
    QCOMPARE(back.jobs[1].position, 2);
    QCOMPARE(back.problems.size(), 1);
    QVERIFY2(back.problems[0].contains(QStringLiteral("“a\\nb\\xff\\xfe.mp4”")),
             qPrintable(back.problems[0]));
    QVERIFY(save(**store, back.jobs));
    QCOMPARE(Sql(database()).value(QStringLiteral("SELECT count(*) FROM jobs")).toInt(), 3);
}

void JobStoreFaultsTest::aFullDiskIsSaidAndTheSaveCanBeRepeated()
{
    const SmallDisk disk(folder() / "disk");
    if (!disk.isMounted())
        QSKIP("needs the right to mount a small disk");
    const FilePath file = folder() / "disk" / "sendoff.db";
    const auto store = openStore(file);
    QVERIFY(store.has_value());
    const Job first = sampleJob();
    QVERIFY(save(**store, {first}));
    disk.fill();
    QList<Job> many;
    for (int position = 1; position <= 500; ++position)
        many.append(sampleJob(position));
    const auto refused = QCoro::waitFor((*store)->save(many));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::DiskFull);
    QCOMPARE(refused.error().retry.when, RetryAdvice::When::WhenSpace);
    QCOMPARE(refused.error()[argument::folder], displayPath(file.parent_path()));
    QCOMPARE(loaded(**store).jobs.size(), 1); // reading still works, and nothing is half there
    disk.empty();
    QVERIFY(save(**store, many));
    QCOMPARE(loaded(**store).jobs.size(), 501);
}

void JobStoreFaultsTest::aFullDiskAtTheFirstStartIsSaid()
{
    const SmallDisk disk(folder() / "disk");
    if (!disk.isMounted())
        QSKIP("needs the right to mount a small disk");
    disk.fill();
    const FilePath file = folder() / "disk" / "sendoff.db";
    const auto refused = openStore(file);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::DiskFull);
    disk.empty();
    const auto store = openStore(file);
    QVERIFY(store.has_value());
    QVERIFY(save(**store, {sampleJob()}));
    QVERIFY(loaded(**store).problems.isEmpty());
}

void JobStoreFaultsTest::aPlaceThatCannotBeWrittenIsSaid_data()
{
    QTest::addColumn<QString>("place");
    QTest::newRow("the database is a folder") << QStringLiteral("folder");
    QTest::newRow("its folder is a file") << QStringLiteral("file/sendoff.db");
    QTest::newRow("no such device") << QStringLiteral("/proc/nothing/sendoff.db");
}

void JobStoreFaultsTest::aPlaceThatCannotBeWrittenIsSaid()
{
    QFETCH(QString, place);
    std::filesystem::create_directory(folder() / "folder");
    writeBytes(folder() / "file", "content");
    const auto store = openStore(folder() / place.toStdString());
    QVERIFY(!store);
    QCOMPARE(store.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(!store.error()[argument::reason].isEmpty());
    QVERIFY(std::filesystem::is_directory(folder() / "folder"));
    QCOMPARE(bytesOf(folder() / "file"), QByteArray("content"));
}

QTEST_GUILESS_MAIN(JobStoreFaultsTest)
#include "tst_job_store_faults.moc"
