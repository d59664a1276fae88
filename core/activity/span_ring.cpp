// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/span_ring.h"

#include <algorithm>
#include <new>
#include <utility>

namespace sendoff::activity {

namespace {

quint64 packedTail(const Span &span)
{
    return quint64(span.activity) | quint64(span.kind) << 32 | quint64(span.reason) << 40
        | quint64(span.part) << 48;
}

Span unpacked(quint64 begin, quint64 end, quint64 tail, quint16 thread)
{
    Span span;
    span.beginNs = qint64(begin);
    span.endNs = qint64(end);
    span.activity = ActivityId(tail & 0xffffffff);
    span.thread = thread;
    span.kind = SpanKind((tail >> 32) & 0xff);
    span.reason = WaitReason((tail >> 40) & 0xff);
    span.part = quint16(tail >> 48);
    return span;
}

void put(quint64 &word, quint64 value) noexcept
{
    std::atomic_ref<quint64>(word).store(value, std::memory_order_release);
}

quint64 taken(quint64 &word) noexcept
{
    return std::atomic_ref<quint64>(word).load(std::memory_order_acquire);
}

} // namespace

SpanRing::SpanRing(std::size_t capacity)
    : m_capacity(std::max<std::size_t>(capacity, 1))
    , m_words(static_cast<quint64 *>(std::calloc(m_capacity * wordsPerSpan, sizeof(quint64))))
{
    if (!m_words)
        throw std::bad_alloc();
}

void SpanRing::push(const Span &span) noexcept
{
    const quint64 number = m_written.load(std::memory_order_relaxed);
    // Before the slot is touched: whoever reads one of the new words (acquire) also sees this, and
    // so knows that the span which stood here before is gone. On x86-64 and ARM64 these are plain
    // or store-release moves; no fence is needed, which ThreadSanitizer could not follow.
    m_begun.store(number + 1, std::memory_order_relaxed);
    quint64 *const words = slot(number);
    put(words[0], quint64(span.beginNs));
    put(words[1], quint64(span.endNs));
    put(words[2], packedTail(span));
    m_written.store(number + 1, std::memory_order_release);
}

void SpanRing::copyTo(std::vector<Span> &spans, quint16 thread) const
{
    quint64 next = 0;
    copySince(next, spans, thread);
}

quint64 SpanRing::copySince(quint64 &next, std::vector<Span> &spans, quint16 thread) const
{
    const quint64 end = m_written.load(std::memory_order_acquire);
    const quint64 wanted = std::exchange(next, end);
    const quint64 begin = std::max(wanted, end > m_capacity ? end - m_capacity : 0);
    const std::size_t first = spans.size();
    spans.reserve(first + std::size_t(end - begin)); // a slow copy loses more to the writer
    for (quint64 number = begin; number < end; ++number) {
        quint64 *const words = slot(number);
        spans.push_back(unpacked(taken(words[0]), taken(words[1]), taken(words[2]), thread));
    }
    // What was overwritten while it was copied may be torn: those are the oldest.
    const quint64 begun = m_begun.load(std::memory_order_relaxed);
    const quint64 oldestWhole = begun > m_capacity ? begun - m_capacity : 0;
    if (oldestWhole <= begin)
        return begin - wanted;
    const quint64 torn = std::min(oldestWhole, end) - begin;
    const auto from = spans.begin() + std::ptrdiff_t(first);
    spans.erase(from, from + std::ptrdiff_t(torn));
    return begin - wanted + torn;
}

quint64 SpanRing::overwritten() const noexcept
{
    const quint64 written = m_written.load(std::memory_order_acquire);
    return written > m_capacity ? written - m_capacity : 0;
}

} // namespace sendoff::activity
