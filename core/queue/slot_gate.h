// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SlotGate: how much of a kind runs at once: places, or a sum of weights such as memory. The one
// that stands first in the queue goes first; the limit can be changed while work runs.

#include "core/base/async_event.h"

#include <QCoroTask>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace sendoff::queue {

// Used on one thread only; outlives its slots.
class SlotGate {
public:
    explicit SlotGate(qint64 slots) : m_slots(slots) {}
    SlotGate(const SlotGate &) = delete;
    SlotGate &operator=(const SlotGate &) = delete;

    // A share of the gate, given back when it dies.
    class Slot {
    public:
        Slot(Slot &&other) noexcept
            : m_gate(std::exchange(other.m_gate, nullptr)), m_weight(other.m_weight)
        {
        }
        Slot &operator=(Slot &&other) noexcept
        {
            std::swap(m_gate, other.m_gate);
            std::swap(m_weight, other.m_weight);
            return *this;
        }
        ~Slot()
        {
            if (m_gate)
                m_gate->release(m_weight);
        }

    private:
        friend class SlotGate;
        Slot(SlotGate *gate, qint64 weight) : m_gate(gate), m_weight(weight) {}
        SlotGate *m_gate;
        qint64 m_weight;
    };

    // Where a waiter stands, asked at each admission: the lowest goes first, equals in order of
    // their coming.
    using Rank = std::function<qint64()>;

    // Waits for a place; nothing when stopped before there is one. What is heavier than the whole
    // gate goes alone. Nobody overtakes a heavy one that is first.
    QCoro::Task<std::optional<Slot>> acquire(std::stop_token stop, Rank rank = {},
                                             qint64 weight = 1);
    // More than before: waiters start at once. Fewer: what runs goes on.
    void setSlots(qint64 slots);
    int slotCount() const { return int(m_slots); }
    int taken() const { return int(m_taken); }
    int waiting() const { return int(m_waiting.size()); }

private:
    struct Turn;
    void release(qint64 weight);
    void admit();

    qint64 m_slots;
    qint64 m_taken = 0;
    std::vector<std::shared_ptr<Turn>> m_waiting; // in order of their coming
};

} // namespace sendoff::queue
