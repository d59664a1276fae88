// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/posted_call.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <memory>
#include <mutex>
#include <semaphore>
#include <utility>

namespace sendoff {

namespace {

// Lives on the thread that it calls on, for one call.
class CallReceiver final : public QObject {
public:
    void put(std::function<void()> call)
    {
        const std::lock_guard lock(m_mutex);
        m_call = std::move(call);
    }

    bool event(QEvent *event) override
    {
        std::function<void()> call;
        {
            const std::lock_guard lock(m_mutex);
            if (event->type() != QEvent::User)
                return QObject::event(event); // the change of thread
            call = std::exchange(m_call, nullptr);
        }
        call();
        call = nullptr;
        delete this; // nothing else is ever posted to it
        return true;
    }

private:
    std::mutex m_mutex; // not for exclusion: it is what hands the call over
    std::function<void()> m_call;
};

} // namespace

void postCall(QThread *thread, std::function<void()> call)
{
    auto *event = new QEvent(QEvent::User);
    auto *receiver = new CallReceiver;
    receiver->put(std::move(call));
    receiver->moveToThread(thread);
    QCoreApplication::postEvent(receiver, event);
}

void callAndWait(QThread *thread, const std::function<void()> &call)
{
    const auto hasRun = std::make_shared<std::binary_semaphore>(0); // outlives the release()
    postCall(thread, [&call, hasRun] {
        call();
        hasRun->release();
    });
    hasRun->acquire();
}

} // namespace sendoff
