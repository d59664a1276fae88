// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QueueChild: a process of its own that runs a stored queue to its end, so that a test can kill it
// at any moment or let it die at a crash point. The test's program starts itself again.

#include "tests/core/queue/queue_lab.h"

#include <QProcess>

#include <csignal>
#include <cstdio>

namespace sendoff::queue::test {

namespace child {

inline constexpr const char *runArgument = "run-the-queue";
inline constexpr const char *cancelArgument = "cancel-in-the-queue";

inline void say(const QByteArray &line)
{
    std::fwrite(line.constData(), 1, std::size_t(line.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

inline bool hasNothingToRemove(const JobQueue &queue)
{
    return queue.leftovers().isEmpty()
        && std::none_of(queue.order().begin(), queue.order().end(),
                        [&](const QString &id) { return queue.find(id)->cancelledMs > 0; });
}

// Arguments: what to do, the lab's folder, bytes per second of all uploads (0: no limit).
// 0: nothing goes on by itself any more and nothing is left to be removed.
inline int main(const QStringList &arguments)
{
    RunnerOptions options;
    options.exportsAtOnce = 2;
    options.uploadsAtOnce = 2;
    QueueLab lab(arguments[2].toStdString(), options, QueueLab::Clock::Hurried);
    lab.network().setUploadLimit(arguments.value(3).toLongLong());
    QObject::connect(&lab.queue(), &JobQueue::legChanged, [&](const QString &id, int leg) {
        say("state " + id.toLatin1() + ' ' + QByteArray::number(leg) + ' '
            + stateName(lab.stateOf(id, leg)).toLatin1());
    });
    lab.start();
    if (arguments[1] == QLatin1String(cancelArgument)) {
        const QString id = lab.queue().order().first();
        if (!QTest::qWaitFor([&] { return !lab.queue().find(id)->legs[1].resume.isEmpty(); }, 60'000))
            return 2;
        lab.commands().cancel({id});
    }
    QCoro::waitFor(lab.scheduler().settled(lab.queue().order(), {}));
    if (!QTest::qWaitFor([&] { return hasNothingToRemove(lab.queue()); }, 60'000))
        return 3;
    say("settled");
    return 0;
}

} // namespace child

class QueueChild {
public:
    explicit QueueChild(const FilePath &folder, const char *what = child::runArgument,
                        const QString &crashAt = {}, qint64 bytesPerSecond = 0)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        if (!crashAt.isEmpty())
            environment.insert(QStringLiteral("SENDOFF_CRASH_AT"), crashAt);
        // OpenSSL's memory of a pool thread is released a moment after the pool has ended.
        environment.insert(QStringLiteral("ASAN_OPTIONS"),
                           environment.value(QStringLiteral("ASAN_OPTIONS"))
                               + QStringLiteral(":detect_leaks=0"));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(),
                        {QString::fromLatin1(what), QString::fromStdString(folder.string()),
                         QString::number(bytesPerSecond)});
    }
    ~QueueChild()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    QueueChild(const QueueChild &) = delete;
    QueueChild &operator=(const QueueChild &) = delete;

    bool hasEnded(int limitMs)
    {
        return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(limitMs);
    }
    bool wasKilled() const
    {
        return m_process.exitStatus() == QProcess::CrashExit && m_process.exitCode() == SIGKILL;
    }
    int exitCode() const { return m_process.exitCode(); }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    bool saysSomethingRuns(int limitMs)
    {
        while (!runningLegs()) {
            if (!m_process.waitForReadyRead(limitMs))
                return false;
        }
        return true;
    }
    // By what it has said so far.
    int runningLegs()
    {
        m_output += m_process.readAllStandardOutput();
        QMap<QByteArray, QByteArray> states;
        const QByteArrayList lines = m_output.left(m_output.lastIndexOf('\n') + 1).split('\n');
        for (const QByteArray &line : lines) {
            const QByteArrayList words = line.split(' ');
            if (words.size() == 4)
                states[words[1] + words[2]] = words[3];
        }
        return int(std::count_if(states.begin(), states.end(), [](const QByteArray &state) {
            return state == "running" || state == "verifying" || state == "retrying";
        }));
    }

private:
    QProcess m_process;
    QByteArray m_output;
};

} // namespace sendoff::queue::test
