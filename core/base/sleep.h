// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Awaitable time: sleepFor() and the injectable Delay, so that retries can be tested in
// microseconds.

#include <QCoroTask>

#include <chrono>
#include <functional>
#include <stop_token>

#include "core/base/activity_hook.h"

namespace sendoff {

// Sleeps on the calling thread's event loop. True when the time passed, false when stopped.
QCoro::Task<bool> sleepFor(std::chrono::milliseconds duration, std::stop_token stop,
                           WaitReason reason = WaitReason::Backoff);

// What production code takes instead of calling sleepFor directly.
using Delay = std::function<QCoro::Task<bool>(std::chrono::milliseconds, std::stop_token)>;

} // namespace sendoff
