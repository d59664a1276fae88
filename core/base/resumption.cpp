// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/resumption.h"

#include <QMetaObject>

namespace sendoff {

Resumption::Resumption(std::coroutine_handle<> coroutine)
    : m_coroutine(coroutine)
    , m_activity(currentActivity())
    , m_context(std::make_unique<QObject>())
    , m_target(m_context.get())
{
}

std::shared_ptr<Resumption> Resumption::create(std::coroutine_handle<> coroutine, WaitReason reason)
{
    noteWait(reason);
    std::shared_ptr<Resumption> resumption(new Resumption(coroutine));
    resumption->m_self = resumption;
    return resumption;
}

void Resumption::post()
{
    if (m_posted.exchange(true, std::memory_order_acq_rel))
        return;
    // The posted call owns the Resumption: whoever called post() may be gone when it runs. The
    // context dies with the call, on the awaiting thread.
    QMetaObject::invokeMethod(
        m_target,
        [self = m_self.lock(), readySince = monotonicNs()] {
            const std::unique_ptr<QObject> context = std::move(self->m_context);
            // Waits for a stop callback that is running on another thread.
            self->m_onStop.reset();
            const Turn turn(self->m_activity, readySince);
            self->m_coroutine.resume();
            context->disconnect(); // keeps `context` alive until here
        },
        Qt::QueuedConnection);
}

void Resumption::postOnStop(const std::stop_token &stop)
{
    if (stop.stop_possible())
        m_onStop.emplace(stop, [weak = m_self] {
            if (const auto self = weak.lock())
                self->post();
        });
}

} // namespace sendoff
