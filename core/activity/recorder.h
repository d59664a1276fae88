// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Recorder: collects the spans of all threads in per-thread rings without a lock on the hot path.

#include "core/activity/activity_table.h"
#include "core/activity/span.h"
#include "core/activity/thread_record.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace sendoff::activity {

// Made before and destroyed after every thread that records into it.
class Recorder {
public:
    explicit Recorder(std::size_t spansPerThread = 1 << 16); // the oldest are overwritten
    ~Recorder();

    // On the thread itself: from now on its turns and work spans are recorded under `name`.
    void attachThisThread(const QString &name, ThreadRole role = ThreadRole::Other);
    // On the thread itself, before it ends. Its spans stay.
    void detachThisThread();
    // On any thread: its loop reached at `nowNs` what was due at `dueNs`. Nothing happens where the
    // thread is not attached to a recorder.
    static void recordLateLoop(qint64 dueNs, qint64 nowNs) noexcept;

    // On any thread, around an event that its loop delivers (loop_event.h). `receiver` is a class
    // name in static storage. Nothing happens where the thread is not attached.
    static void eventBegan(LoopTask task, const char *receiver) noexcept;
    static void eventEnded(LoopTask task) noexcept;
    // Within such an event: it only measured the loop, so that it does not count as the loop's work
    // unless it took long.
    static void eventWasProbe() noexcept;

    // Any thread: a new id for one leg, shown as `title`.
    ActivityId registerActivity(const QString &title, ActivityRole role = ActivityRole::Other,
                                const QString &job = {});
    // Any thread: with how many threads an export's codecs work.
    void setCodecThreads(ActivityId id, int threads) noexcept;
    int codecThreads(ActivityId id) const noexcept;
    qint64 sentBytes(ActivityId id) const noexcept; // acknowledged by the network

    struct Thread {
        QString name;
        quint64 overwritten = 0; // spans lost to the ring's size
        ThreadRole role = ThreadRole::Other;
    };
    // Any thread, while others record. Spans that are still open are not included, nor the marks of
    // segments; totals are.
    struct Snapshot {
        std::vector<Thread> threads; // index = Span::thread
        std::vector<QString> activities; // index = ActivityId; [0] is empty
        std::vector<Span> spans; // sorted by beginNs
    };
    Snapshot snapshot() const;

    // Where one reader stands. A new one begins with the oldest spans that are kept.
    struct Cursor {
        struct Place {
            quint64 span = 0;
            quint64 loopSpan = 0;
        };
        std::vector<Place> next; // by thread
    };
    // What is new since the cursor; the same object is handed in each time, so that its memory and
    // the lists that only grow are kept.
    struct Update {
        std::vector<Span> spans; // of each thread in the order in which they ended
        std::vector<Span> open; // has begun and not ended: work, turns, waits, up to nowNs
        std::vector<Thread> threads; // all, index = Span::thread
        std::vector<ActivityFacts> activities; // all, index = ActivityId; [0] is empty
        quint64 lost = 0; // spans that were overwritten since the last reading
        qint64 nowNs = 0;
    };
    // Any thread, one per cursor, while others record. Copies only what is new.
    void readSince(Cursor &cursor, Update &update) const;
    // The newest event of ThreadRecord::longEventNs or more that ended after `sinceNs`.
    std::optional<LongEvent> longEventSince(quint16 thread, qint64 sinceNs) const;

    // Exact whatever the ring holds: Σ turns on a thread in nanoseconds, for the 80 % rule. A turn
    // that is still open counts up to now. 0 for an unknown thread.
    qint64 turnTotalNs(quint16 thread) const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace sendoff::activity
