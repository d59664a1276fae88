// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/activity_hook.h"

#include <chrono>
#include <utility>

namespace sendoff {

namespace {

struct ThreadActivity {
    ActivityObserver *observer = nullptr;
    ActivityId current = 0;
    WaitReason nextWait = WaitReason::None;
};

thread_local ThreadActivity threadActivity;

} // namespace

qint64 monotonicNs() noexcept
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void setThreadObserver(ActivityObserver *observer) noexcept
{
    threadActivity.observer = observer;
}

ActivityId currentActivity() noexcept
{
    return threadActivity.current;
}

void noteWait(WaitReason reason) noexcept
{
    threadActivity.nextWait = reason;
}

void noteSent(ActivityId id, qint64 bytes) noexcept
{
    if (threadActivity.observer && id != 0 && bytes > 0)
        threadActivity.observer->sent(id, bytes);
}

Turn::Turn(ActivityId id, qint64 readySinceNs) noexcept
    : m_outer(std::exchange(threadActivity.current, id))
    , m_id(id)
{
    if (!threadActivity.observer || m_outer == m_id)
        return;
    const qint64 now = monotonicNs();
    // What somebody else said before his turn ended is not this one's reason.
    threadActivity.nextWait = WaitReason::None;
    if (m_outer != 0)
        threadActivity.observer->turnEnded(m_outer, now, WaitReason::Other);
    if (m_id != 0)
        threadActivity.observer->turnBegan(m_id, readySinceNs != 0 ? readySinceNs : now, now);
}

Turn::~Turn()
{
    threadActivity.current = m_outer;
    if (!threadActivity.observer || m_outer == m_id)
        return;
    const qint64 now = monotonicNs();
    if (m_id != 0) {
        threadActivity.observer->turnEnded(
            m_id, now, std::exchange(threadActivity.nextWait, WaitReason::None));
    }
    if (m_outer != 0)
        threadActivity.observer->turnBegan(m_outer, now, now);
}

WorkSpan::WorkSpan(ActivityId id) noexcept
    : m_id(id)
{
    if (threadActivity.observer)
        threadActivity.observer->workBegan(m_id, monotonicNs());
}

WorkSpan::~WorkSpan()
{
    if (threadActivity.observer)
        threadActivity.observer->workEnded(m_id, monotonicNs());
}

} // namespace sendoff
