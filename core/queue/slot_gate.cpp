// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/slot_gate.h"

#include <algorithm>

namespace sendoff::queue {

struct SlotGate::Turn {
    Rank rank;
    qint64 wanted = 1;
    qint64 weight = 1; // that it got
    AsyncEvent event;

    qint64 standsAt() const { return rank ? rank() : 0; }
};

QCoro::Task<std::optional<SlotGate::Slot>> SlotGate::acquire(std::stop_token stop, Rank rank,
                                                             qint64 weight)
{
    const auto turn = std::make_shared<Turn>();
    turn->rank = std::move(rank);
    turn->wanted = weight;
    m_waiting.push_back(turn);
    admit();
    const bool admitted = co_await turn->event.wait(stop);
    if (!admitted) {
        std::erase(m_waiting, turn);
        admit(); // it may have been the heavy one that the others waited behind
        co_return std::nullopt;
    }
    co_return std::optional<Slot>(Slot(this, turn->weight));
}

void SlotGate::setSlots(qint64 slots)
{
    m_slots = slots;
    admit();
}

void SlotGate::release(qint64 weight)
{
    m_taken -= weight;
    admit();
}

void SlotGate::admit()
{
    while (m_taken < m_slots && !m_waiting.empty()) {
        const auto first =
            std::min_element(m_waiting.begin(), m_waiting.end(), [](const auto &a, const auto &b) {
                return a->standsAt() < b->standsAt();
            });
        const std::shared_ptr<Turn> turn = *first;
        turn->weight = std::min(turn->wanted, m_slots);
        if (m_taken + turn->weight > m_slots)
            return;
        m_taken += turn->weight;
        m_waiting.erase(first);
        turn->event.set();
    }
}

} // namespace sendoff::queue
