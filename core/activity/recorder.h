// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Recorder: collects the spans of all threads in per-thread rings without a lock on the hot path.

#include "core/activity/span.h"

#include <QString>

#include <memory>
#include <vector>

namespace sendoff::activity {

// Made before and destroyed after every thread that records into it.
class Recorder {
public:
    explicit Recorder(std::size_t spansPerThread = 1 << 16); // the oldest are overwritten
    ~Recorder();

    // On the thread itself: from now on its turns and work spans are recorded under `name`.
    void attachThisThread(const QString &name);
    // On the thread itself, before it ends. Its spans stay.
    void detachThisThread();
    // On any thread: its loop reached at `nowNs` what was due at `dueNs`. Nothing happens where the
    // thread is not attached to a recorder.
    static void recordLateLoop(qint64 dueNs, qint64 nowNs) noexcept;

    // Any thread: a new id for one leg, shown as `title`.
    ActivityId registerActivity(const QString &title);

    struct Thread {
        QString name;
        quint64 overwritten = 0; // spans lost to the ring's size
    };
    // Any thread, while others record. Spans that are still open are not included; totals are.
    struct Snapshot {
        std::vector<Thread> threads; // index = Span::thread
        std::vector<QString> activities; // index = ActivityId; [0] is empty
        std::vector<Span> spans; // sorted by beginNs
    };
    Snapshot snapshot() const;

    // Exact whatever the ring holds: Σ turns on a thread in nanoseconds, for the 80 % rule. A turn
    // that is still open counts up to now. 0 for an unknown thread.
    qint64 turnTotalNs(quint16 thread) const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace sendoff::activity
