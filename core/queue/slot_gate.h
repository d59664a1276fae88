// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// SlotGate: how many of a kind run at once. First come, first served; the number can be changed
// while work runs.

#include "core/base/async_event.h"

#include <QCoroTask>

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>

namespace sendoff::queue {

// Used on one thread only; outlives its slots.
class SlotGate {
public:
    explicit SlotGate(int slots) : m_slots(slots) {}

    // One place, given back when it dies.
    class Slot {
    public:
        Slot(Slot &&other) noexcept : m_gate(std::exchange(other.m_gate, nullptr)) {}
        Slot &operator=(Slot &&other) noexcept
        {
            std::swap(m_gate, other.m_gate);
            return *this;
        }
        ~Slot()
        {
            if (m_gate)
                m_gate->release();
        }

    private:
        friend class SlotGate;
        explicit Slot(SlotGate *gate) : m_gate(gate) {}
        SlotGate *m_gate;
    };

    // Waits for a place; nothing when stopped before there is one.
    QCoro::Task<std::optional<Slot>> acquire(std::stop_token stop);
    // More than before: waiters start at once. Fewer: what runs goes on.
    void setSlots(int slots);
    int slotCount() const { return m_slots; }
    int taken() const { return m_taken; }
    int waiting() const { return int(m_waiting.size()); }

private:
    void release();
    void admit();

    int m_slots;
    int m_taken = 0;
    std::deque<std::shared_ptr<AsyncEvent>> m_waiting;
};

} // namespace sendoff::queue
