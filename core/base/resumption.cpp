// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/resumption.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <mutex>
#include <utility>

namespace sendoff {

// Receives the one event that resumes the coroutine. Its mutex hands the Resumption over in a way
// that ThreadSanitizer sees, which the locks inside of Qt are not.
class Resumption::Waker final : public QObject {
public:
    void keep(std::shared_ptr<Resumption> resumption)
    {
        const std::lock_guard lock(m_mutex);
        m_resumption = std::move(resumption);
    }

    bool event(QEvent *event) override
    {
        std::shared_ptr<Resumption> resumption;
        {
            const std::lock_guard lock(m_mutex);
            resumption = std::exchange(m_resumption, nullptr);
        }
        if (!resumption)
            return QObject::event(event);
        resumption->resume(); // *this dies in there
        return true;
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<Resumption> m_resumption; // from post() until the event arrives
};

Resumption::Resumption(std::coroutine_handle<> coroutine)
    : m_coroutine(coroutine)
    , m_activity(currentActivity())
    , m_waker(std::make_unique<Waker>())
    , m_target(m_waker.get())
{
}

Resumption::~Resumption() = default;

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
    m_readySinceNs = monotonicNs();
    // The event keeps the Resumption: whoever called post() may be gone when it arrives.
    m_target->keep(m_self.lock());
    QCoreApplication::postEvent(m_target, new QEvent(QEvent::User));
}

void Resumption::resume()
{
    const std::unique_ptr<Waker> waker = std::move(m_waker);
    // Waits for a stop callback that is running on another thread.
    m_onStop.reset();
    const Turn turn(m_activity, m_readySinceNs);
    m_coroutine.resume();
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
