// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_store.h"
#include "tests/core/queue/job_samples.h"
#include "tests/core/queue/store_fixture.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

#include <ctime>
#include <sys/stat.h>

using namespace sendoff;
using namespace sendoff::queue;
using namespace sendoff::queue::test;

namespace {

mode_t modeOf(const FilePath &path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

QStringList idsOf(const QList<Job> &jobs)
{
    QStringList ids;
    for (const Job &job : jobs)
        ids.append(job.id);
    return ids;
}

} // namespace

class JobStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aNewStoreIsEmptyAndPrivate();
    void theDatabaseKeepsWhatItPromises();
    void everyFieldReadsBack();
    void savingAgainReplaces();
    void jobsComeInQueueOrder();
    void whatRanWaitsAgain();
    void oneLegIsSavedByItself();
    void aLegOfARemovedJobIsRefused();
    void removingTakesTheLegsAlong();
    void findsTheYoungestOfTheSame();
    void aFailingTransactionLeavesNothing();
    void callsInFlightAreCarriedOutBeforeItDies();
    void aFolderThatIsNotUtf8IsFine();
    void tenThousandJobsLoadWhileTheLoopRuns();

private:
    FilePath database() const
    {
        return FilePath(m_folder->path().toStdString()) / "p" / "sendoff.db";
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void JobStoreTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void JobStoreTest::aNewStoreIsEmptyAndPrivate()
{
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    QVERIFY(save(**store, {sampleJob()}));
    QCOMPARE(modeOf(database().parent_path()), mode_t(0700));
    for (const char *suffix : {"", "-wal", "-shm"})
        QCOMPARE(modeOf(FilePath(database()) += suffix), mode_t(0600));
    std::filesystem::remove_all(database().parent_path());
    const auto other = openStore(database());
    QVERIFY(other.has_value());
    QVERIFY(loaded(**other).jobs.isEmpty());
    QVERIFY(loaded(**other).problems.isEmpty());
}

void JobStoreTest::theDatabaseKeepsWhatItPromises()
{
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    QVERIFY(save(**store, {sampleJob()}));
    const Sql sql(database());
    QCOMPARE(sql.value(QStringLiteral("PRAGMA user_version")).toInt(), 2);
    QCOMPARE(sql.value(QStringLiteral("PRAGMA application_id")).toUInt(), 0x53656e64U);
    QCOMPARE(sql.value(QStringLiteral("PRAGMA journal_mode")).toString(), QStringLiteral("wal"));
    QVERIFY(!sql.run(QStringLiteral("UPDATE jobs SET position='first'"))); // STRICT
    QVERIFY(!sql.run(QStringLiteral("UPDATE legs SET done_bytes=NULL")));
    QVERIFY(sql.run(QStringLiteral("PRAGMA foreign_keys=ON")));
    QVERIFY(!sql.run(QStringLiteral("UPDATE legs SET job='nobody'")));
}

void JobStoreTest::everyFieldReadsBack()
{
    Job bare; // as little as can be
    bare.id = newJobId();
    bare.legs = {Leg()};
    const Job full = sampleJob(1);
    {
        const auto store = openStore(database());
        QVERIFY(store.has_value());
        QVERIFY(save(**store, {bare, full}));
    }
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    const JobStore::Loaded back = loaded(**store);
    QCOMPARE(back.problems, QStringList());
    QCOMPARE(idsOf(back.jobs), idsOf({bare, full}));
    QVERIFY(isEqual(back.jobs[0], bare));
    QVERIFY(isEqual(back.jobs[1], full));
}

void JobStoreTest::savingAgainReplaces()
{
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    Job job = sampleJob();
    const Job other = sampleJob(1);
    QVERIFY(save(**store, {job, other}));
    job.recipe.destinations.removeLast();
    job.legs.removeLast();
    job.plan = {};
    QVERIFY(save(**store, {job}));
    const QList<Job> back = loaded(**store).jobs;
    QCOMPARE(back.size(), 2);
    QVERIFY(isEqual(back[0], job));
    QVERIFY(isEqual(back[1], other));
}

void JobStoreTest::jobsComeInQueueOrder()
{
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    const Job first = sampleJob(-5);
    const Job second = sampleJob(7);
    const Job third = sampleJob(3'000'000'000);
    QVERIFY(save(**store, {third, first, second}));
    QCOMPARE(idsOf(loaded(**store).jobs), idsOf({first, second, third}));
}

void JobStoreTest::whatRanWaitsAgain()
{
    Job job = sampleJob();
    job.legs[0].state = LegState::Running;
    job.legs[1].state = LegState::Retrying;
    job.legs[2].state = LegState::Paused;
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    QVERIFY(save(**store, {job}));
    const Job back = loaded(**store).jobs.value(0);
    QCOMPARE(back.legs[0].state, LegState::Waiting);
    QCOMPARE(back.legs[0].waitFor, WaitFor::Slot);
    QCOMPARE(back.legs[1].state, LegState::Waiting);
    QCOMPARE(back.legs[1].waitFor, WaitFor::Export);
    QCOMPARE(back.legs[1].resume, job.legs[1].resume);
    QVERIFY(back.legs[2] == job.legs[2]);
}

void JobStoreTest::oneLegIsSavedByItself()
{
    Job job = sampleJob();
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    QVERIFY(save(**store, {job}));
    job.legs[2].doneBytes = 999;
    job.legs[2].error.reset();
    job.legs[2].generation = 4;
    QVERIFY(QCoro::waitFor((*store)->saveLeg(job.id, job.legs[2])).has_value());
    QVERIFY(isEqual(loaded(**store).jobs.value(0), job));
}

void JobStoreTest::aLegOfARemovedJobIsRefused()
{
    const Job job = sampleJob();
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    const auto saved = QCoro::waitFor((*store)->saveLeg(job.id, job.legs[0]));
    QVERIFY(!saved);
    QCOMPARE(saved.error().kind, ErrorKind::Internal);
    QCOMPARE(Sql(database()).value(QStringLiteral("SELECT count(*) FROM legs")).toInt(), 0);
}

void JobStoreTest::removingTakesTheLegsAlong()
{
    const Job job = sampleJob();
    const Job other = sampleJob(1);
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    QVERIFY(save(**store, {job, other}));
    const QStringList gone{job.id, QStringLiteral("never-there")};
    QVERIFY(QCoro::waitFor((*store)->remove(gone)).has_value());
    QCOMPARE(idsOf(loaded(**store).jobs), idsOf({other}));
    QCOMPARE(Sql(database()).value(QStringLiteral("SELECT count(*) FROM legs")).toInt(), 3);
}

void JobStoreTest::findsTheYoungestOfTheSame()
{
    const Job older = sampleJob(2);
    Job younger = sampleJob(1);
    younger.createdUs = older.createdUs + 1;
    Job other = sampleJob(3);
    other.sameness = QByteArray(32, 'x');
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    QVERIFY(save(**store, {older, younger, other}));
    const auto same = QCoro::waitFor((*store)->findSame(older.sameness));
    QVERIFY(same && same->has_value());
    QVERIFY(isEqual(**same, younger));
    const auto none = QCoro::waitFor((*store)->findSame(QByteArray(32, 'y')));
    QVERIFY(none && !none->has_value());
}

void JobStoreTest::aFailingTransactionLeavesNothing()
{
    const Job job = sampleJob();
    Job broken = sampleJob(1);
    broken.legs.append(broken.legs.last()); // the same key twice
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    const auto saved = QCoro::waitFor((*store)->save({job, broken}));
    QVERIFY(!saved);
    QCOMPARE(saved.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(loaded(**store).jobs.isEmpty());
    QVERIFY(save(**store, {job})); // and the next one is not inside of the failed one
    QCOMPARE(loaded(**store).jobs.size(), 1);
}

void JobStoreTest::callsInFlightAreCarriedOutBeforeItDies()
{
    QList<Job> jobs;
    std::vector<QCoro::Task<Result<void>>> saves;
    auto store = openStore(database());
    QVERIFY(store.has_value());
    for (int position = 0; position < 50; ++position) {
        jobs.append(sampleJob(position));
        saves.push_back((*store)->save({jobs.last()}));
    }
    store->reset();
    for (auto &saved : saves)
        QVERIFY(QCoro::waitFor(std::move(saved)).has_value());
    store = openStore(database());
    QVERIFY(store.has_value());
    QCOMPARE(idsOf(loaded(**store).jobs), idsOf(jobs));
}

void JobStoreTest::aFolderThatIsNotUtf8IsFine()
{
    const FilePath file = FilePath(m_folder->path().toStdString()) / "a\xff %41?#" / "sendoff.db";
    const Job job = sampleJob();
    {
        const auto store = openStore(file);
        QVERIFY(store.has_value());
        QVERIFY(save(**store, {job}));
        QVERIFY(std::filesystem::file_size(FilePath(file) += "-wal") > 0);
    }
    QVERIFY(std::filesystem::file_size(file) > 0);
    const auto store = openStore(file);
    QVERIFY(store.has_value());
    QCOMPARE(idsOf(loaded(**store).jobs), idsOf({job}));
    std::filesystem::remove_all(file.parent_path()); // QTemporaryDir cannot
}

void JobStoreTest::tenThousandJobsLoadWhileTheLoopRuns()
{
    constexpr int count = 10'000;
    QList<Job> jobs;
    for (int position = 0; position < count; ++position)
        jobs.append(sampleJob(position));
    {
        const auto store = openStore(database());
        QVERIFY(store.has_value());
        QElapsedTimer saving;
        saving.start();
        QVERIFY(save(**store, jobs));
        qInfo("saved %d jobs in %lld ms", count, saving.elapsed());
    }
    int ticks = 0;
    qint64 longestGap = 0;
    QElapsedTimer sinceTick;
    QTimer ticker;
    QObject::connect(&ticker, &QTimer::timeout, [&] {
        ++ticks;
        longestGap = std::max(longestGap, sinceTick.restart());
    });
    const std::clock_t processorBefore = std::clock();
    QElapsedTimer loading;
    loading.start();
    ticker.start(5);
    sinceTick.start();
    const auto store = openStore(database());
    QVERIFY(store.has_value());
    const JobStore::Loaded back = loaded(**store);
    qInfo("opened and loaded %d jobs in %lld ms (processor: %ld ms); the main loop ticked %d "
          "times, its longest gap was %lld ms",
          count, loading.elapsed(), (std::clock() - processorBefore) * 1000 / CLOCKS_PER_SEC, ticks,
          longestGap);
    QCOMPARE(idsOf(back.jobs), idsOf(jobs));
    QVERIFY(ticks > 2);
}

QTEST_GUILESS_MAIN(JobStoreTest)
#include "tst_job_store.moc"
