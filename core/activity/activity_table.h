// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityTable: since when, and for what, each activity waits. Grows only when an activity is
// registered, never while turns are recorded.

#include "core/activity/span.h"

#include <QString>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace sendoff::activity {

enum class ActivityRole : quint8 { Other, Export, Upload };

// What an activity is, for display.
struct ActivityFacts {
    QString title;
    ActivityRole role = ActivityRole::Other;
    QString job; // the export and the uploads of one video share it
};

class ActivityTable {
public:
    // Shared by all threads that have turns of the activity.
    struct State {
        std::atomic<int> turns{0}; // that are open on any thread
        std::atomic<qint64> idleSinceNs{0}; // end of the latest turn; 0 before the first
        std::atomic<WaitReason> reason{WaitReason::None};
        std::atomic<qint64> sentBytes{0};
        std::atomic<int> codecThreads{0}; // of an export that runs or ran; 0 = none told
    };

    ActivityTable() = default;
    ~ActivityTable();
    ActivityTable(const ActivityTable &) = delete;
    ActivityTable &operator=(const ActivityTable &) = delete;

    // Any thread. 0, nobody's, once more than a quarter of a million were registered.
    ActivityId add(ActivityFacts facts);
    // Any thread; null for an id that was never given out.
    State *find(ActivityId id) const noexcept;
    std::vector<ActivityFacts> facts(std::size_t from = 0) const; // [0] is empty
    std::size_t count() const;
    // Any thread: what waits now, with its reason, from when it began to `nowNs`.
    void appendWaiting(std::vector<Span> &spans, qint64 nowNs) const;

private:
    static constexpr std::size_t blockSize = 256;
    using Block = std::array<State, blockSize>;

    mutable std::mutex m_mutex; // of m_facts and of adding
    std::vector<ActivityFacts> m_facts{ActivityFacts()};
    std::array<std::atomic<Block *>, 1024> m_blocks{};
};

} // namespace sendoff::activity
