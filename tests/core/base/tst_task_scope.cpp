// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sleep.h"
#include "core/base/task_scope.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>
#include <QTimer>

#include <csignal>

using namespace sendoff;
using namespace std::chrono_literals;

namespace {

constexpr const char *childArgument = "die-with-live-tasks";

struct Counts {
    int started = 0;
    int slept = 0;
    int stopped = 0;
    std::vector<int> resumptions;
};

QCoro::Task<void> sleepAndCount(Counts *counts, int number, std::chrono::milliseconds duration,
                                std::stop_token stop)
{
    ++counts->started;
    const bool isOver = co_await sleepFor(duration, stop);
    ++counts->resumptions[std::size_t(number)];
    ++(isOver ? counts->slept : counts->stopped);
}

QCoro::Task<void> returnAtOnce(int *runs)
{
    ++*runs;
    co_return;
}

QCoro::Task<void> spawnMore(TaskScope *scope, int *runs, int depth, std::stop_token stop)
{
    ++*runs;
    co_await sleepFor(1ms, stop);
    if (depth > 0) {
        scope->spawn(
            [=](std::stop_token token) { return spawnMore(scope, runs, depth - 1, token); });
        scope->spawn(
            [=](std::stop_token token) { return spawnMore(scope, runs, depth - 1, token); });
    }
}

QCoro::Task<void> joinAndSay(TaskScope *scope, bool *isJoined)
{
    co_await scope->join();
    *isJoined = true;
}

} // namespace

class TaskScopeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void runsTasksToTheirEnd();
    void cancelsAThousandAndResumesEachOnce();
    void joinsAtOnceWhenNothingRuns();
    void joinWaitsForTasksThatSpawnTasks();
    void severalMayJoin();
    void ownStopTokenStopsOnlyItsTask();
    void diesRatherThanDangle();
};

void TaskScopeTest::runsTasksToTheirEnd()
{
    TaskScope scope;
    int runs = 0;
    scope.spawn([&runs](std::stop_token) { return returnAtOnce(&runs); });
    QCOMPARE(runs, 1); // eagerly
    QCOMPARE(scope.liveTasks(), 0);
}

void TaskScopeTest::cancelsAThousandAndResumesEachOnce()
{
    constexpr int tasks = 1'000;
    Counts counts;
    counts.resumptions.resize(tasks);
    TaskScope scope;
    int ticks = 0;
    QTimer ticker;
    QObject::connect(&ticker, &QTimer::timeout, [&ticks] { ++ticks; });
    ticker.start(5ms);
    for (int number = 0; number < tasks; ++number) {
        // Every tenth ends by itself, around the time of the cancel.
        const auto duration = number % 10 == 0 ? std::chrono::milliseconds(40 + number / 50) : 1h;
        scope.spawn([&counts, number, duration](std::stop_token stop) {
            return sleepAndCount(&counts, number, duration, std::move(stop));
        });
    }
    QCOMPARE(counts.started, tasks);
    QTest::qWait(50);
    QTRY_VERIFY_WITH_TIMEOUT(ticks >= 4, 30'000); // the loop is alive meanwhile
    QElapsedTimer timer;
    timer.start();
    scope.cancel();
    QCoro::waitFor(scope.join());
    QCOMPARE(scope.liveTasks(), 0);
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(counts.slept + counts.stopped, tasks);
    QVERIFY(counts.stopped >= tasks * 9 / 10);
    QTest::qWait(20); // nothing comes later
    QVERIFY(std::all_of(counts.resumptions.begin(), counts.resumptions.end(),
                        [](int resumptions) { return resumptions == 1; }));
}

void TaskScopeTest::joinsAtOnceWhenNothingRuns()
{
    TaskScope scope;
    bool isJoined = false;
    auto joining = joinAndSay(&scope, &isJoined);
    QVERIFY(isJoined);
}

void TaskScopeTest::joinWaitsForTasksThatSpawnTasks()
{
    TaskScope scope;
    int runs = 0;
    scope.spawn([&](std::stop_token stop) { return spawnMore(&scope, &runs, 5, std::move(stop)); });
    QCoro::waitFor(scope.join());
    QCOMPARE(runs, 63);
    QCOMPARE(scope.liveTasks(), 0);
}

void TaskScopeTest::severalMayJoin()
{
    TaskScope scope;
    Counts counts;
    counts.resumptions.resize(1);
    scope.spawn(
        [&](std::stop_token stop) { return sleepAndCount(&counts, 0, 10ms, std::move(stop)); });
    bool first = false;
    bool second = false;
    auto one = joinAndSay(&scope, &first);
    auto other = joinAndSay(&scope, &second);
    QVERIFY(!first && !second);
    QCoro::waitFor(std::move(one));
    QCoro::waitFor(std::move(other));
    QVERIFY(first && second);
}

void TaskScopeTest::ownStopTokenStopsOnlyItsTask()
{
    TaskScope scope;
    Counts counts;
    counts.resumptions.resize(2);
    std::stop_source own;
    scope.spawn(
        [&](std::stop_token stop) { return sleepAndCount(&counts, 0, 1h, std::move(stop)); },
        own.get_token(), 0);
    scope.spawn(
        [&](std::stop_token stop) { return sleepAndCount(&counts, 1, 1h, std::move(stop)); });
    own.request_stop();
    QTRY_COMPARE(scope.liveTasks(), 1);
    QCOMPARE(counts.resumptions[0], 1);
    QCOMPARE(counts.resumptions[1], 0);
    scope.cancel();
    QCoro::waitFor(scope.join());
    QCOMPARE(counts.stopped, 2);
}

void TaskScopeTest::diesRatherThanDangle()
{
    QProcess child;
    child.setProcessChannelMode(QProcess::MergedChannels);
    child.start(QCoreApplication::applicationFilePath(), {QString::fromLatin1(childArgument)});
    QVERIFY(child.waitForFinished());
    const QByteArray said = child.readAll();
    QVERIFY2(said.contains("TaskScope destroyed with 1 live tasks"), said.constData());
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    QCOMPARE(child.exitCode(), SIGABRT);
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    if (argc > 1 && qstrcmp(argv[1], childArgument) == 0) {
        Counts counts;
        counts.resumptions.resize(1);
        TaskScope scope;
        scope.spawn(
            [&](std::stop_token stop) { return sleepAndCount(&counts, 0, 1h, std::move(stop)); });
        return 0;
    }
    TaskScopeTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_task_scope.moc"
