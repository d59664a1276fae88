// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/task_scope.h"

#include "core/base/resumption.h"

#include <QtGlobal>

#include <exception>
#include <utility>

namespace sendoff {

namespace {

class JoinAwaiter {
public:
    JoinAwaiter(const int &live, std::vector<std::shared_ptr<Resumption>> &waiters)
        : m_live(&live)
        , m_waiters(&waiters)
    {
    }
    bool await_ready() const { return *m_live == 0; }
    void await_suspend(std::coroutine_handle<> coroutine)
    {
        m_waiters->push_back(Resumption::create(coroutine, WaitReason::Other));
    }
    void await_resume() const {}

private:
    const int *m_live;
    std::vector<std::shared_ptr<Resumption>> *m_waiters;
};

} // namespace

TaskScope::~TaskScope()
{
    if (m_live > 0)
        qFatal("TaskScope destroyed with %d live tasks", m_live);
}

void TaskScope::spawn(std::function<QCoro::Task<void>(std::stop_token)> start, ActivityId activity)
{
    spawn(std::move(start), token(), activity);
}

void TaskScope::spawn(std::function<QCoro::Task<void>(std::stop_token)> start, std::stop_token stop,
                      ActivityId activity)
{
    ++m_live;
    const Turn turn(activity);
    // Detached and counted: run() itself holds the frame.
    run(std::move(start), std::move(stop));
}

QCoro::Task<void> TaskScope::run(std::function<QCoro::Task<void>(std::stop_token)> start,
                                 std::stop_token stop)
{
    try {
        auto task = start(std::move(stop));
        co_await std::move(task);
    } catch (const std::exception &exception) {
        // Nothing of ours throws; a library did. Losing it silently would lose a job.
        qFatal("exception left a coroutine: %s", exception.what());
    } catch (...) {
        qFatal("something that is not an exception left a coroutine");
    }
    if (--m_live == 0) {
        for (const auto &waiter : std::exchange(m_waiters, {}))
            waiter->post();
    }
}

QCoro::Task<void> TaskScope::join()
{
    // A loop: something may have been spawned between the last end and this thread's next turn.
    while (m_live > 0) {
        JoinAwaiter awaiter(m_live, m_waiters);
        co_await std::move(awaiter);
    }
}

} // namespace sendoff
