// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/loop_event.h"

#include "core/activity/recorder.h"

#include <QEvent>
#include <QObject>

namespace sendoff::activity {

namespace {

LoopTask taskOf(QEvent::Type type)
{
    switch (type) {
    case QEvent::Paint:
    case QEvent::UpdateRequest:
    case QEvent::Expose:
    case QEvent::LayoutRequest:
        return LoopTask::Paint;
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseMove:
    case QEvent::KeyPress:
    case QEvent::KeyRelease:
    case QEvent::Wheel:
    case QEvent::Drop:
        return LoopTask::Input;
    case QEvent::Timer:
        return LoopTask::Timer;
    case QEvent::SockAct:
        return LoopTask::Socket;
    case QEvent::MetaCall:
    case QEvent::User:
        return LoopTask::Call;
    default:
        return LoopTask::Other;
    }
}

} // namespace

LoopEvent::LoopEvent(const QObject *receiver, const QEvent *event) noexcept
    : m_task(taskOf(event->type()))
{
    Recorder::eventBegan(m_task, receiver->metaObject()->className());
}

LoopEvent::~LoopEvent()
{
    Recorder::eventEnded(m_task);
}

} // namespace sendoff::activity
