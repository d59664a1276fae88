// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/slot_gate.h"

#include <algorithm>

namespace sendoff::queue {

QCoro::Task<std::optional<SlotGate::Slot>> SlotGate::acquire(std::stop_token stop)
{
    const auto turn = std::make_shared<AsyncEvent>();
    m_waiting.push_back(turn);
    admit();
    const bool admitted = co_await turn->wait(stop);
    if (!admitted) {
        m_waiting.erase(std::find(m_waiting.begin(), m_waiting.end(), turn));
        co_return std::nullopt;
    }
    co_return std::optional<Slot>(Slot(this));
}

void SlotGate::setSlots(int slots)
{
    m_slots = slots;
    admit();
}

void SlotGate::release()
{
    --m_taken;
    admit();
}

void SlotGate::admit()
{
    while (m_taken < m_slots && !m_waiting.empty()) {
        ++m_taken;
        const auto turn = m_waiting.front();
        m_waiting.pop_front();
        turn->set();
    }
}

} // namespace sendoff::queue
