// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// TaskScope: the nursery that owns the coroutines of one owner. Nothing runs outside of a scope
// but what is awaited. The owner calls cancel() and awaits join() before it dies.

#include "core/base/activity_hook.h"

#include <QCoroTask>

#include <functional>
#include <stop_token>
#include <vector>

namespace sendoff {

// Lives on one thread; spawn, cancel and join are called there.
class TaskScope {
public:
    TaskScope() = default;
    ~TaskScope(); // aborts the program where tasks still run: their frames would dangle
    TaskScope(const TaskScope &) = delete;
    TaskScope &operator=(const TaskScope &) = delete;

    // Starts `start(token())` at once, as a turn of `activity`, and keeps it until it ends.
    // `start` itself must not be a coroutine: it calls a named one (STYLE 2.5).
    void spawn(std::function<QCoro::Task<void>(std::stop_token)> start, ActivityId activity = 0);
    // The same with a stop token of the caller's own.
    void spawn(std::function<QCoro::Task<void>(std::stop_token)> start, std::stop_token stop,
               ActivityId activity);

    std::stop_token token() const { return m_stop.get_token(); }
    void cancel() { m_stop.request_stop(); }
    int liveTasks() const { return m_live; }
    // Resolves when no task runs.
    QCoro::Task<void> join();

private:
    QCoro::Task<void> run(std::function<QCoro::Task<void>(std::stop_token)> start,
                          std::stop_token stop);

    std::stop_source m_stop;
    int m_live = 0;
    std::vector<std::shared_ptr<class Resumption>> m_waiters;
};

} // namespace sendoff
