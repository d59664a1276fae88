// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// LoopEvent: one event that a thread's loop delivers, for as long as that takes. Made in the
// notify() of the program's application object, which sees the events of every thread.

#include "core/activity/thread_record.h"

class QEvent;
class QObject;

namespace sendoff::activity {

class LoopEvent {
public:
    LoopEvent(const QObject *receiver, const QEvent *event) noexcept;
    ~LoopEvent();
    LoopEvent(const LoopEvent &) = delete;
    LoopEvent &operator=(const LoopEvent &) = delete;

private:
    LoopTask m_task;
};

// An application object whose loops record what they run.
template <typename Base>
class ObservedApplication : public Base {
public:
    using Base::Base;
    bool notify(QObject *receiver, QEvent *event) override
    {
        const LoopEvent observed(receiver, event);
        return Base::notify(receiver, event);
    }
};

} // namespace sendoff::activity
