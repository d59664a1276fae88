// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ThreadRecord: what one thread records. Its methods run on that thread, but for what is said to
// run on any; nothing locks, waits or allocates, except where an event took very long.

#include "core/activity/activity_table.h"
#include "core/activity/span_ring.h"
#include "core/base/segment_hook.h"

#include <QString>

#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

namespace sendoff::activity {

// What a thread is there for; tells a view which lane it gets.
enum class ThreadRole : quint8 {
    Other,
    Window, // the main thread
    Network, // the one loop of all uploads
    Worker, // of the export pool
};

enum class LoopTask : quint8 { Other, Paint, Input, Timer, Socket, Call };

// One event that kept a loop for long.
struct LongEvent {
    qint64 beginNs = 0;
    qint64 endNs = 0;
    LoopTask task = LoopTask::Other;
    const char *receiver = ""; // the class that got it; static storage
};

class ThreadRecord final : public ActivityObserver, public SegmentObserver {
public:
    ThreadRecord(QString name, ThreadRole role, std::size_t capacity, ActivityTable &activities);

    void turnBegan(ActivityId id, qint64 readySinceNs, qint64 nowNs) noexcept override;
    void turnEnded(ActivityId id, qint64 nowNs, WaitReason next) noexcept override;
    void workBegan(ActivityId id, qint64 nowNs) noexcept override;
    void workEnded(ActivityId id, qint64 nowNs) noexcept override;
    void sent(ActivityId id, qint64 bytes) noexcept override;
    void segmentBegan(int number, qint64 nowNs) noexcept override;
    void loopWasLate(qint64 dueNs, qint64 nowNs) noexcept;
    // Whether the moment matters when an event of this task begins or ends now: of one inside of
    // another only the outermost painting is recorded. A reading of the clock costs more than the rest.
    bool beginsSpan(LoopTask task) const noexcept
    {
        return m_eventDepth == 0 || (task == LoopTask::Paint && m_paintDepth == 0);
    }
    bool endsSpan(LoopTask task) const noexcept
    {
        return m_eventDepth == 1 || (task == LoopTask::Paint && m_paintDepth == 1);
    }
    // Events may nest. Outermost ones that follow each other closely become one Busy span. nowNs may
    // be 0 where it does not matter.
    void eventBegan(LoopTask task, const char *receiver, qint64 nowNs) noexcept;
    void eventEnded(LoopTask task, qint64 nowNs) noexcept;
    // The event that is open only measures: it leaves no Busy span unless it takes long.
    void eventWasProbe() noexcept { m_isProbe = m_eventDepth == 1; }

    // Any thread.
    const QString &name() const { return m_name; }
    ThreadRole role() const { return m_role; }
    const SpanRing &ring() const { return m_ring; }
    const SpanRing &loopRing() const { return m_loopRing; } // Busy and Paint
    qint64 turnTotalNs() const noexcept;
    // What has begun and not ended: at most one Work and one Turn span, up to `nowNs`.
    void appendOpen(std::vector<Span> &spans, quint16 thread, qint64 nowNs) const;
    // The newest long event that ended after `sinceNs`.
    std::optional<LongEvent> longEventSince(qint64 sinceNs) const;

    static constexpr qint64 longEventNs = 16'000'000;

private:
    // A number of two words that another thread may read while it is written.
    struct Open {
        std::atomic<ActivityId> activity{0};
        std::atomic<qint64> beginNs{0}; // 0 = nothing is open

        void begin(ActivityId id, qint64 nowNs) noexcept;
        void end() noexcept { beginNs.store(0, std::memory_order_release); }
    };
    void push(SpanKind kind, ActivityId id, qint64 beginNs, qint64 endNs,
              WaitReason reason = WaitReason::None) noexcept;
    void pushLoop(SpanKind kind, qint64 beginNs, qint64 endNs) noexcept;
    static void append(const Open &open, SpanKind kind, std::vector<Span> &spans, quint16 thread,
                       qint64 nowNs);
    qint64 readySince(qint64 toldNs, qint64 idleSinceNs, qint64 nowNs) const noexcept;

    const QString m_name;
    const ThreadRole m_role;
    SpanRing m_ring;
    SpanRing m_loopRing;
    ActivityTable &m_activities;
    qint64 m_turnBeganNs = 0;
    qint64 m_workBeganNs = 0;
    int m_workDepth = 0;
    Open m_openTurn;
    Open m_openWork;
    // Σ closed turns; minus the beginning of the turn that is open. That is negative exactly while
    // one is open, because turns are disjoint: one number that readers always see whole.
    std::atomic<qint64> m_turnBalanceNs{0};

    int m_eventDepth = 0;
    int m_paintDepth = 0;
    bool m_isProbe = false; // the outermost event now
    qint64 m_paintBeganNs = 0;
    LongEvent m_event; // the outermost one now
    qint64 m_busyBeginNs = 0; // not yet pushed: more may follow closely
    qint64 m_busyEndNs = 0;
    // Of m_long; taken after a long event, and by readers. This thread alone writes it, and reads it
    // without.
    mutable std::mutex m_longMutex;
    LongEvent m_long;
};

} // namespace sendoff::activity
