// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sleep.h"

#include "core/base/resumption.h"

#include <QTimer>

#include <algorithm>

namespace sendoff {

namespace {

class SleepAwaiter {
public:
    SleepAwaiter(std::chrono::milliseconds duration, std::stop_token stop, WaitReason reason)
        : m_duration(duration)
        , m_stop(std::move(stop))
        , m_reason(reason)
    {
    }
    bool await_ready() const { return m_stop.stop_requested(); }
    void await_suspend(std::coroutine_handle<> coroutine)
    {
        const auto resumption = Resumption::create(coroutine, m_reason);
        m_timer = std::make_unique<QTimer>();
        m_timer->setSingleShot(true);
        m_timer->setTimerType(Qt::PreciseTimer);
        QObject::connect(m_timer.get(), &QTimer::timeout, [resumption] { resumption->post(); });
        m_timer->start(m_duration);
        resumption->postOnStop(m_stop);
    }
    bool await_resume() const { return !m_stop.stop_requested(); }

private:
    std::chrono::milliseconds m_duration;
    std::stop_token m_stop;
    WaitReason m_reason;
    std::unique_ptr<QTimer> m_timer;
};

} // namespace

QCoro::Task<bool> sleepFor(std::chrono::milliseconds duration, std::stop_token stop,
                           WaitReason reason)
{
    // A server's "retry at" may lie in the past.
    SleepAwaiter awaiter(std::max(duration, std::chrono::milliseconds(0)), std::move(stop), reason);
    co_return co_await std::move(awaiter);
}

} // namespace sendoff
