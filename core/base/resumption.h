// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Resumption: how every awaiter of this program wakes its coroutine. Exactly once, always posted
// to the event loop of the thread that awaited, never from inside the call that causes it.

#include "core/base/activity_hook.h"

#include <atomic>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff {

// Made in await_suspend on the awaiting thread, kept by the awaiter and by whoever may wake it.
class Resumption {
public:
    ~Resumption();
    // Ends the current turn's claim with `reason` (activity_hook.h).
    static std::shared_ptr<Resumption> create(std::coroutine_handle<> coroutine, WaitReason reason);

    // Any thread, any number of times; the first call counts.
    void post();
    // Also posts when `stop` is requested. Awaiting thread, before the first post() may happen or
    // after: both are safe.
    void postOnStop(const std::stop_token &stop);

private:
    class Waker;
    explicit Resumption(std::coroutine_handle<> coroutine);
    void resume();

    std::coroutine_handle<> m_coroutine;
    ActivityId m_activity;
    std::atomic<bool> m_posted{false};
    qint64 m_readySinceNs = 0; // written before it is posted
    std::unique_ptr<Waker> m_waker; // lives on the awaiting thread, touched only there
    Waker *const m_target; // the same, for whoever posts
    std::weak_ptr<Resumption> m_self;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
};

} // namespace sendoff
