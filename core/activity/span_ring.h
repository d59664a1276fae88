// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SpanRing: the newest spans of one thread. One thread writes, any thread copies meanwhile; neither
// locks, waits or allocates.

#include "core/activity/span.h"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <vector>

namespace sendoff::activity {

class SpanRing {
public:
    explicit SpanRing(std::size_t capacity);

    // Writing thread.
    void push(const Span &span) noexcept;

    // Any thread. Appends what the ring holds, the oldest first; `thread` is written into each.
    void copyTo(std::vector<Span> &spans, quint16 thread) const;
    // Any thread. Appends what is newer than span number `next` (0 = the oldest there is) and moves
    // `next` behind it. Returns how many were overwritten before they could be read.
    quint64 copySince(quint64 &next, std::vector<Span> &spans, quint16 thread) const;
    quint64 overwritten() const noexcept;

private:
    static constexpr std::size_t wordsPerSpan = 3;
    struct Free {
        void operator()(quint64 *words) const { std::free(words); }
    };

    quint64 *slot(quint64 number) const noexcept
    {
        return m_words.get() + (number % m_capacity) * wordsPerSpan;
    }

    std::size_t m_capacity;
    // Used through std::atomic_ref. From calloc, so that pages cost memory only once written.
    std::unique_ptr<quint64[], Free> m_words;
    std::atomic<quint64> m_begun{0}; // spans whose writing has begun
    std::atomic<quint64> m_written{0}; // spans that are whole
};

} // namespace sendoff::activity
