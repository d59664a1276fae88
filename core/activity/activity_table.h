// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityTable: since when, and for what, each activity waits. Grows only when an activity is
// registered, never while turns are recorded.

#include "core/base/activity_hook.h"

#include <QString>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace sendoff::activity {

class ActivityTable {
public:
    // Shared by all threads that have turns of the activity.
    struct State {
        std::atomic<int> turns{0}; // that are open on any thread
        std::atomic<qint64> idleSinceNs{0}; // end of the latest turn; 0 before the first
        std::atomic<WaitReason> reason{WaitReason::None};
    };

    ActivityTable() = default;
    ~ActivityTable();
    ActivityTable(const ActivityTable &) = delete;
    ActivityTable &operator=(const ActivityTable &) = delete;

    // Any thread. 0, nobody's, once more than a quarter of a million were registered.
    ActivityId add(const QString &title);
    // Any thread; null for an id that was never given out.
    State *find(ActivityId id) const noexcept;
    std::vector<QString> titles() const; // [0] is empty

private:
    static constexpr std::size_t blockSize = 256;
    using Block = std::array<State, blockSize>;

    mutable std::mutex m_mutex; // of m_titles and of adding
    std::vector<QString> m_titles{QString()};
    std::array<std::atomic<Block *>, 1024> m_blocks{};
};

} // namespace sendoff::activity
