// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// WorkerPool: threads for blocking or computing work. The export pool and the I/O pool are two of
// them. Work gets there through runOn (run_on.h).

#include <QString>
#include <QThreadPool>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>

namespace sendoff {

class WorkerPool {
public:
    // `niceness` (0…19) is set on each thread before it runs anything, so that threads made by
    // codecs inherit it; it cannot be taken back, hence pools of our own. `threadStarted` runs
    // first on each new thread (to install its activity observer).
    WorkerPool(QString name, int threads, int niceness,
               std::function<void(const QString &threadName)> threadStarted = {});
    ~WorkerPool(); // waits for running work; queued work is still run
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    // Any thread. Threads that are busy beyond a lowered limit finish their work first.
    void setThreadCount(int threads);
    int threadCount() const;
    void start(std::function<void()> work);

private:
    void runNext();
    void prepareThread();

    QString m_name;
    int m_niceness;
    std::function<void(const QString &)> m_threadStarted;
    std::atomic<int> m_started{0};
    // Our own queue beside the pool's: its lock is one that ThreadSanitizer sees.
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_queue;
    QThreadPool m_pool; // the first to be destroyed: it still runs what is queued
};

} // namespace sendoff
