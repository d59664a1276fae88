// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// runOn: the only way work crosses threads. The awaiting coroutine resumes on the thread it
// awaited on.

#include "core/base/posted_call.h"
#include "core/base/result.h"
#include "core/base/resumption.h"
#include "core/base/worker_pool.h"

#include <QCoroTask>
#include <QObject>

#include <concepts>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <type_traits>

namespace sendoff {

namespace detail {

template <typename T> struct TaskValue {
    using type = T;
    static constexpr bool isTask = false;
};
template <typename T> struct TaskValue<QCoro::Task<T>> {
    using type = T;
    static constexpr bool isTask = true;
};

// Where the result of the other thread waits for the awaiting one.
template <typename T> class HandOver {
public:
    // Other thread.
    void deliver(T value)
    {
        std::shared_ptr<Resumption> wake;
        {
            const std::lock_guard lock(m_mutex);
            m_value.emplace(std::move(value));
            wake = m_wake;
        }
        if (wake)
            wake->post();
    }
    // Awaiting thread.
    bool isReady()
    {
        const std::lock_guard lock(m_mutex);
        return m_value.has_value();
    }
    void await(std::shared_ptr<Resumption> wake)
    {
        bool ready = false;
        {
            const std::lock_guard lock(m_mutex);
            m_wake = wake;
            ready = m_value.has_value();
        }
        if (ready)
            wake->post();
    }
    T take()
    {
        const std::lock_guard lock(m_mutex);
        return std::move(*m_value);
    }

private:
    std::mutex m_mutex;
    std::optional<T> m_value;
    std::shared_ptr<Resumption> m_wake;
};

template <typename T> class HandOverAwaiter {
public:
    HandOverAwaiter(std::shared_ptr<HandOver<T>> handOver, WaitReason reason)
        : m_handOver(std::move(handOver))
        , m_reason(reason)
    {
    }
    bool await_ready() const { return m_handOver->isReady(); }
    void await_suspend(std::coroutine_handle<> coroutine)
    {
        m_handOver->await(Resumption::create(coroutine, m_reason));
    }
    T await_resume() { return m_handOver->take(); }

private:
    std::shared_ptr<HandOver<T>> m_handOver;
    WaitReason m_reason;
};

template <typename T>
QCoro::Task<T> awaitHandOver(std::shared_ptr<HandOver<T>> handOver, WaitReason reason)
{
    HandOverAwaiter<T> awaiter(std::move(handOver), reason);
    co_return co_await awaiter;
}

template <typename T>
QCoro::Task<void> deliverTask(QCoro::Task<T> task, std::shared_ptr<HandOver<T>> handOver)
{
    T value = co_await std::move(task);
    handOver->deliver(std::move(value));
}

} // namespace detail

// Runs `work`, a function returning Result<T>, on a thread of `pool`. Where `stop` is requested
// before a thread is free, `work` never runs and the result is Cancelled, at once. While it runs,
// `work` itself watches the token that it captured. Work that has run is destroyed, with all that
// it captured, on the thread that ran it and before the awaiting coroutine goes on.
template <typename Work>
auto runOn(WorkerPool &pool, Work work, std::stop_token stop, WaitReason reason = WaitReason::Disk)
    -> QCoro::Task<std::invoke_result_t<Work>>
{
    using Value = std::invoke_result_t<Work>;
    auto handOver = std::make_shared<detail::HandOver<Value>>();
    auto claimed = std::make_shared<std::atomic<bool>>(false); // by the worker or by the stop
    auto onStop = std::make_shared<std::stop_callback<std::function<void()>>>(
        stop, std::function<void()>([handOver, claimed] {
            if (!claimed->exchange(true))
                handOver->deliver(tl::unexpected(Error::cancelled()));
        }));
    // Shared, because the pool's functions are copyable and `work` need not be.
    auto held = std::make_shared<std::optional<Work>>(std::move(work));
    pool.start([handOver, claimed, onStop, held] {
        if (claimed->exchange(true))
            return;
        Value value = (**held)();
        held->reset();
        handOver->deliver(std::move(value));
    });
    return detail::awaitHandOver<Value>(std::move(handOver), reason);
}

// Runs `work` on the thread of `context`: a plain function, or one that returns a QCoro::Task (by
// calling a named coroutine), whose end is then awaited. `context` and its thread's event loop must
// outlive the await.
template <typename Work>
auto runOn(QObject *context, Work work, WaitReason reason = WaitReason::Other)
    -> QCoro::Task<typename detail::TaskValue<std::invoke_result_t<Work>>::type>
{
    using Trait = detail::TaskValue<std::invoke_result_t<Work>>;
    using Value = typename Trait::type;
    auto handOver = std::make_shared<detail::HandOver<Value>>();
    const ActivityId activity = currentActivity();
    const qint64 readySince = monotonicNs();
    auto held = std::make_shared<std::optional<Work>>(std::move(work));
    postCall(context->thread(), [handOver, activity, readySince, held] {
        const Turn turn(activity, readySince);
        if constexpr (Trait::isTask) {
            detail::deliverTask<Value>((**held)(), handOver);
        } else {
            Value value = (**held)();
            held->reset();
            handOver->deliver(std::move(value));
        }
    });
    return detail::awaitHandOver<Value>(std::move(handOver), reason);
}

} // namespace sendoff
