// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The hook through which awaiters, Net and pool runners tell whose work a thread does and since
// when. core/activity installs an observer per thread; without one every call is a few
// nanoseconds. Not for: recording (core/activity/recorder.h).

#include <QtGlobal>

namespace sendoff {

// One leg of a job for the length of a program run; 0 = nobody's.
using ActivityId = quint32;

// Why an activity does not run at present.
enum class WaitReason : quint8 {
    None, // finished
    Network, // bytes are on their way
    Reply, // all bytes of a request are there: the server has not answered yet
    SpeedLimit,
    Backoff,
    Export, // the export has not sealed enough bytes yet
    Disk,
    Other,
};

// CLOCK_MONOTONIC in nanoseconds.
qint64 monotonicNs() noexcept;

// Called on the thread it was installed for. Implementations neither block nor allocate.
class ActivityObserver {
public:
    virtual ~ActivityObserver() = default;
    // A stretch in which this thread works for `id`. `readySinceNs` is when it was posted, or
    // `nowNs` where it did not wait for the thread.
    virtual void turnBegan(ActivityId id, qint64 readySinceNs, qint64 nowNs) noexcept = 0;
    virtual void turnEnded(ActivityId id, qint64 nowNs, WaitReason next) noexcept = 0;
    // A worker span: a pool thread runs a whole export (or another long computation).
    virtual void workBegan(ActivityId id, qint64 nowNs) noexcept = 0;
    virtual void workEnded(ActivityId id, qint64 nowNs) noexcept = 0;
    // So many more bytes of `id` have left this computer and were acknowledged.
    virtual void sent(ActivityId id, qint64 bytes) noexcept = 0;
};

// For the calling thread; null removes it. The caller keeps the observer alive.
void setThreadObserver(ActivityObserver *observer) noexcept;

// Whose turn it is on this thread.
ActivityId currentActivity() noexcept;

// Said by an awaiter just before it suspends; the end of the turn reports it.
void noteWait(WaitReason reason) noexcept;

// Said by Net where it looks at the network's acknowledgements.
void noteSent(ActivityId id, qint64 bytes) noexcept;

// For its lifetime the calling thread works for `id`. Turns nest: an inner turn of another id
// interrupts the outer one, an inner turn of the same id is part of it.
class Turn {
public:
    explicit Turn(ActivityId id, qint64 readySinceNs = 0) noexcept;
    ~Turn();
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;

private:
    ActivityId m_outer;
    ActivityId m_id;
};

// For its lifetime the calling pool thread computes for `id`.
class WorkSpan {
public:
    explicit WorkSpan(ActivityId id) noexcept;
    ~WorkSpan();
    WorkSpan(const WorkSpan &) = delete;
    WorkSpan &operator=(const WorkSpan &) = delete;

private:
    ActivityId m_id;
};

} // namespace sendoff
