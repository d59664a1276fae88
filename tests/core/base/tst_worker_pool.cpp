// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_pool.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

#include <cerrno>
#include <mutex>
#include <set>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace sendoff;

namespace {

int nicenessOfThisThread()
{
    errno = 0;
    return ::getpriority(PRIO_PROCESS, id_t(::gettid()));
}

} // namespace

class WorkerPoolTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void threadsAreNiceBeforeTheyRunAnythingAndInheritIt();
    void anOrdinaryPoolIsNotNice();
    void tellsEachNewThreadOnce();
    void runsNoMoreThanItsThreadsAtOnce();
    void destructionRunsWhatIsQueued();
};

void WorkerPoolTest::threadsAreNiceBeforeTheyRunAnythingAndInheritIt()
{
    const int own = nicenessOfThisThread();
    std::atomic<int> atStart{-100};
    std::atomic<int> atWork{-100};
    std::atomic<int> ofChild{-100};
    {
        WorkerPool pool(QStringLiteral("export"), 1, 10,
                        [&](const QString &) { atStart = nicenessOfThisThread(); });
        pool.start([&] {
            atWork = nicenessOfThisThread();
            std::jthread([&] { ofChild = nicenessOfThisThread(); });
        });
    }
    QCOMPARE(atStart.load(), 10);
    QCOMPARE(atWork.load(), 10);
    QCOMPARE(ofChild.load(), 10); // as a codec's threads
    QCOMPARE(nicenessOfThisThread(), own);
}

void WorkerPoolTest::anOrdinaryPoolIsNotNice()
{
    std::atomic<int> atWork{-100};
    {
        WorkerPool pool(QStringLiteral("io"), 1, 0);
        pool.start([&] { atWork = nicenessOfThisThread(); });
    }
    QCOMPARE(atWork.load(), nicenessOfThisThread());
}

void WorkerPoolTest::tellsEachNewThreadOnce()
{
    std::mutex mutex;
    QStringList names;
    std::set<Qt::HANDLE> threads;
    {
        WorkerPool pool(QStringLiteral("io"), 3, 0, [&](const QString &name) {
            const std::lock_guard lock(mutex);
            names.append(name);
        });
        for (int work = 0; work < 300; ++work) {
            pool.start([&] {
                const std::lock_guard lock(mutex);
                threads.insert(QThread::currentThreadId());
            });
        }
    }
    QCOMPARE(std::size_t(names.size()), threads.size());
    QVERIFY(names.size() <= 3);
    QVERIFY(names.contains(u"io 1"));
    QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
}

void WorkerPoolTest::runsNoMoreThanItsThreadsAtOnce()
{
    QSemaphore begun;
    QSemaphore gate;
    std::atomic<int> running{0};
    std::atomic<int> most{0};
    WorkerPool pool(QStringLiteral("export"), 2, 0);
    QCOMPARE(pool.threadCount(), 2);
    for (int work = 0; work < 6; ++work) {
        pool.start([&] {
            const int now = ++running;
            int seen = most;
            while (now > seen && !most.compare_exchange_weak(seen, now)) {}
            begun.release();
            gate.acquire();
            --running;
        });
    }
    begun.acquire(2);
    QVERIFY(!begun.tryAcquire(1, 50)); // the third waits
    pool.setThreadCount(3);
    QVERIFY(begun.tryAcquire(1, 60'000)); // and starts when there is room
    gate.release(6);
    begun.acquire(3);
    QCOMPARE(most.load(), 3);
}

void WorkerPoolTest::destructionRunsWhatIsQueued()
{
    std::atomic<int> runs{0};
    {
        WorkerPool pool(QStringLiteral("io"), 1, 0);
        for (int work = 0; work < 100; ++work)
            pool.start([&] { ++runs; });
    }
    QCOMPARE(runs.load(), 100);
}

QTEST_GUILESS_MAIN(WorkerPoolTest)
#include "tst_worker_pool.moc"
