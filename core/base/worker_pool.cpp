// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_pool.h"

#include <QThread>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace sendoff {

namespace {

// Which pool has prepared the calling thread.
thread_local const WorkerPool *preparedBy = nullptr;

void lowerPriority(int niceness)
{
#ifdef Q_OS_LINUX
    // On Linux niceness is per thread and inherited by the threads it makes; QThread's priorities
    // do nothing there.
    if (niceness > 0)
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
#else
    if (niceness > 0)
        QThread::currentThread()->setPriority(QThread::LowPriority);
#endif
}

} // namespace

WorkerPool::WorkerPool(QString name, int threads, int niceness,
                       std::function<void(const QString &)> threadStarted)
    : m_name(std::move(name))
    , m_niceness(niceness)
    , m_threadStarted(std::move(threadStarted))
{
    m_pool.setMaxThreadCount(threads);
    m_pool.setExpiryTimeout(-1);
    m_pool.setObjectName(m_name);
}

WorkerPool::~WorkerPool()
{
    m_pool.waitForDone();
}

void WorkerPool::setThreadCount(int threads)
{
    m_pool.setMaxThreadCount(threads);
}

int WorkerPool::threadCount() const
{
    return m_pool.maxThreadCount();
}

void WorkerPool::start(std::function<void()> work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(work));
    }
    m_pool.start([this] { runNext(); });
}

void WorkerPool::runNext()
{
    prepareThread();
    std::function<void()> work;
    {
        const std::lock_guard lock(m_mutex);
        work = std::move(m_queue.front());
        m_queue.pop_front();
    }
    work();
}

void WorkerPool::prepareThread()
{
    if (preparedBy == this)
        return;
    preparedBy = this;
    lowerPriority(m_niceness);
    if (m_threadStarted)
        m_threadStarted(QStringLiteral("%1 %2").arg(m_name).arg(++m_started));
}

} // namespace sendoff
