// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/async_event.h"

#include "core/base/resumption.h"

#include <utility>

namespace sendoff {

namespace {

class EventAwaiter {
public:
    EventAwaiter(const bool &isSet, std::vector<std::shared_ptr<Resumption>> &waiters,
                 std::stop_token stop)
        : m_isSet(&isSet), m_waiters(&waiters), m_stop(std::move(stop))
    {
    }
    bool await_ready() const { return *m_isSet || m_stop.stop_requested(); }
    void await_suspend(std::coroutine_handle<> coroutine)
    {
        const auto resumption = Resumption::create(coroutine, WaitReason::Other);
        m_waiters->push_back(resumption);
        resumption->postOnStop(m_stop);
    }
    void await_resume() const {}

private:
    const bool *m_isSet;
    std::vector<std::shared_ptr<Resumption>> *m_waiters;
    std::stop_token m_stop;
};

} // namespace

void AsyncEvent::set()
{
    m_isSet = true;
    for (const auto &waiter : std::exchange(m_waiters, {}))
        waiter->post();
}

QCoro::Task<bool> AsyncEvent::wait(std::stop_token stop)
{
    EventAwaiter awaiter(m_isSet, m_waiters, stop);
    co_await std::move(awaiter);
    co_return m_isSet;
}

} // namespace sendoff
