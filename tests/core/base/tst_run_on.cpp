// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/run_on.h"
#include "core/base/sleep.h"

#include <QElapsedTimer>
#include <QSemaphore>
#include <QTest>
#include <QThread>

#include <QCoroTask>

#include <thread>

using namespace sendoff;
using namespace std::chrono_literals;

namespace {

struct Crossing {
    Crossing() = default;
    Qt::HANDLE worked = nullptr; // thread on which the work ran
    Qt::HANDLE resumed = nullptr; // thread on which the awaiting coroutine went on
    int value = 0;
};

Result<int> answer(Qt::HANDLE *thread)
{
    *thread = QThread::currentThreadId();
    return 42;
}

QCoro::Task<Crossing> crossToPool(WorkerPool *pool)
{
    Crossing crossing;
    auto call = runOn(*pool, [thread = &crossing.worked] { return answer(thread); }, {});
    const Result<int> result = co_await std::move(call);
    crossing.value = result.value_or(-1);
    crossing.resumed = QThread::currentThreadId();
    co_return crossing;
}

QCoro::Task<Crossing> crossToObject(QObject *context)
{
    Crossing crossing;
    auto call = runOn(context, [thread = &crossing.worked] { return answer(thread); });
    const Result<int> result = co_await std::move(call);
    crossing.value = result.value_or(-1);
    crossing.resumed = QThread::currentThreadId();
    co_return crossing;
}

// Suspends on the other thread's loop, twice.
QCoro::Task<Result<int>> slowAnswer(Qt::HANDLE *thread)
{
    co_await sleepFor(2ms, {});
    co_await sleepFor(2ms, {});
    *thread = QThread::currentThreadId();
    co_return Result<int>(43);
}

QCoro::Task<Crossing> crossToCoroutine(QObject *context)
{
    Crossing crossing;
    auto call = runOn(context, [thread = &crossing.worked] { return slowAnswer(thread); });
    const Result<int> result = co_await std::move(call);
    crossing.value = result.value_or(-1);
    crossing.resumed = QThread::currentThreadId();
    co_return crossing;
}

QCoro::Task<qint64> sumOverPool(WorkerPool *pool, int first, int calls)
{
    qint64 sum = 0;
    for (int number = first; number < first + calls; ++number) {
        auto call = runOn(*pool, [number]() -> Result<int> { return number; }, {});
        const Result<int> result = co_await std::move(call);
        sum += result.value_or(0);
    }
    co_return sum;
}

QCoro::Task<qint64> sumOverObject(QObject *context, int first, int calls)
{
    qint64 sum = 0;
    for (int number = first; number < first + calls; ++number) {
        auto call = runOn(context, [number]() -> Result<int> { return number; });
        const Result<int> result = co_await std::move(call);
        sum += result.value_or(0);
    }
    co_return sum;
}

// A thread with an event loop and an object on it.
class LoopThread {
public:
    LoopThread()
    {
        context->moveToThread(&thread);
        QObject::connect(&thread, &QThread::finished, context, &QObject::deleteLater);
        thread.start();
    }
    ~LoopThread()
    {
        thread.quit();
        thread.wait();
    }

    QThread thread;
    QObject *context = new QObject;
};

WorkerPool plainPool(int threads)
{
    return WorkerPool(QStringLiteral("test"), threads, 0);
}

} // namespace

class RunOnTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void poolWorkRunsThereAndResumesHere();
    void objectWorkRunsThereAndResumesHere();
    void coroutineWorkRunsThereAndResumesHere();
    void stopBeforeAThreadIsFreeIsCancelledAtOnce();
    void stopBeforeTheCallNeverRuns();
    void stopWhileItRunsIsTheWorksOwnMatter();
    void capturesMayBeMoveOnlyAndDieBeforeTheResultArrives();
    void thousandsOfCallsEachResolveOnce();
    void racingStopsResolveEachCallOnce();
    void neverResumesInsideTheAwait();
    void callAndWaitSeesWhatTheCallWrote();
};

void RunOnTest::poolWorkRunsThereAndResumesHere()
{
    WorkerPool pool = plainPool(2);
    const Crossing crossing = QCoro::waitFor(crossToPool(&pool));
    QCOMPARE(crossing.value, 42);
    QVERIFY(crossing.worked != QThread::currentThreadId());
    QCOMPARE(crossing.resumed, QThread::currentThreadId());
}

void RunOnTest::objectWorkRunsThereAndResumesHere()
{
    LoopThread other;
    const Crossing crossing = QCoro::waitFor(crossToObject(other.context));
    QCOMPARE(crossing.value, 42);
    QVERIFY(crossing.worked != QThread::currentThreadId());
    QCOMPARE(crossing.resumed, QThread::currentThreadId());
}

void RunOnTest::coroutineWorkRunsThereAndResumesHere()
{
    LoopThread other;
    const Crossing crossing = QCoro::waitFor(crossToCoroutine(other.context));
    QCOMPARE(crossing.value, 43);
    QVERIFY(crossing.worked != QThread::currentThreadId());
    QCOMPARE(crossing.resumed, QThread::currentThreadId());
}

void RunOnTest::stopBeforeAThreadIsFreeIsCancelledAtOnce()
{
    QSemaphore gate;
    std::atomic<bool> hasRun{false};
    {
        WorkerPool pool = plainPool(1);
        pool.start([&gate] { gate.acquire(); });
        std::stop_source source;
        auto call = runOn(
            pool,
            [&hasRun]() -> Result<int> {
                hasRun = true;
                return 1;
            },
            source.get_token());
        QElapsedTimer timer;
        timer.start();
        source.request_stop();
        const Result<int> result = QCoro::waitFor(std::move(call));
        const qint64 elapsed = timer.elapsed();
        gate.release();
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        QVERIFY2(elapsed < 20'000, qPrintable(QString::number(elapsed)));
    } // the pool comes to the cancelled work here
    QVERIFY(!hasRun);
}

void RunOnTest::stopBeforeTheCallNeverRuns()
{
    std::atomic<bool> hasRun{false};
    std::stop_source source;
    source.request_stop();
    {
        WorkerPool pool = plainPool(1);
        auto call = runOn(
            pool,
            [&hasRun]() -> Result<int> {
                hasRun = true;
                return 1;
            },
            source.get_token());
        const Result<int> result = QCoro::waitFor(std::move(call));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    }
    QVERIFY(!hasRun);
}

void RunOnTest::stopWhileItRunsIsTheWorksOwnMatter()
{
    WorkerPool pool = plainPool(1);
    QSemaphore begun;
    std::stop_source source;
    const std::stop_token stop = source.get_token();
    auto call = runOn(
        pool,
        [&begun, stop]() -> Result<int> {
            begun.release();
            while (!stop.stop_requested())
                std::this_thread::yield();
            return 7;
        },
        stop);
    begun.acquire();
    source.request_stop();
    QCOMPARE(QCoro::waitFor(std::move(call)).value_or(-1), 7);
}

void RunOnTest::capturesMayBeMoveOnlyAndDieBeforeTheResultArrives()
{
    WorkerPool pool = plainPool(1);
    for (int round = 0; round < 200; ++round) {
        auto captured = std::make_shared<int>(round);
        const std::weak_ptr<int> watched = captured;
        auto owner = std::make_unique<std::shared_ptr<int>>(std::move(captured));
        auto call =
            runOn(pool, [owner = std::move(owner)]() -> Result<int> { return **owner; }, {});
        QCOMPARE(QCoro::waitFor(std::move(call)).value_or(-1), round);
        QVERIFY(watched.expired());
    }
}

void RunOnTest::thousandsOfCallsEachResolveOnce()
{
    constexpr int chains = 50;
    constexpr int callsPerChain = 100;
    WorkerPool pool = plainPool(4);
    LoopThread other;
    std::vector<QCoro::Task<qint64>> tasks;
    for (int chain = 0; chain < chains; ++chain) {
        tasks.push_back(sumOverPool(&pool, chain * callsPerChain, callsPerChain));
        tasks.push_back(sumOverObject(other.context, chain * callsPerChain, callsPerChain));
    }
    qint64 sum = 0;
    for (auto &task : tasks)
        sum += QCoro::waitFor(std::move(task));
    constexpr qint64 last = chains * callsPerChain - 1;
    QCOMPARE(sum, 2 * (last * (last + 1) / 2));
}

void RunOnTest::racingStopsResolveEachCallOnce()
{
    constexpr int calls = 2'000;
    std::atomic<int> ran{0};
    WorkerPool pool = plainPool(2);
    std::vector<std::stop_source> sources(calls);
    std::vector<QCoro::Task<Result<int>>> tasks;
    for (int call = 0; call < calls; ++call) {
        tasks.push_back(runOn(
            pool,
            [&ran]() -> Result<int> {
                ++ran;
                return 1;
            },
            sources[std::size_t(call)].get_token()));
    }
    // From the end, against the pool, which begins at the front.
    std::jthread stopper([&sources] {
        for (auto source = sources.rbegin(); source != sources.rend(); ++source)
            source->request_stop();
    });
    int values = 0;
    int cancelled = 0;
    for (auto &task : tasks) {
        const Result<int> result = QCoro::waitFor(std::move(task));
        if (result)
            ++values;
        else if (result.error().kind == ErrorKind::Cancelled)
            ++cancelled;
    }
    QCOMPARE(values + cancelled, calls);
    QCOMPARE(ran.load(), values);
}

void RunOnTest::neverResumesInsideTheAwait()
{
    WorkerPool pool = plainPool(1);
    std::stop_source source;
    QSemaphore gate;
    pool.start([&gate] { gate.acquire(); });
    bool isDone = false;
    auto call = runOn(
        pool, []() -> Result<int> { return 1; }, source.get_token());
    auto task = std::move(call).then([&isDone](const Result<int> &) { isDone = true; });
    source.request_stop();
    QVERIFY(!isDone); // request_stop() must not run the coroutine: its caller is not prepared
    QCoro::waitFor(std::move(task));
    QVERIFY(isDone);
    gate.release();
}

void RunOnTest::callAndWaitSeesWhatTheCallWrote()
{
    const LoopThread other;
    QList<int> written;
    Qt::HANDLE ranOn = nullptr;
    for (int number = 0; number < 1'000; ++number) {
        callAndWait(other.context->thread(), [&] {
            ranOn = QThread::currentThreadId();
            written.append(number);
        });
        QCOMPARE(written.size(), number + 1);
        QCOMPARE(written.last(), number);
    }
    QVERIFY(ranOn != QThread::currentThreadId());
}

QTEST_GUILESS_MAIN(RunOnTest)
#include "tst_run_on.moc"
