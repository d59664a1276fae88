// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/journal/decode_order.h"

#include <algorithm>

namespace sendoff::media {

DecodeOrder::DecodeOrder(const Segment &last)
    : m_hasBegun(true)
    , m_delay(last.reorderDelay)
    , m_lastPts(last.lastPts)
{
}

// As the encoder says, but never too small for what it did.
void DecodeOrder::begin(const std::vector<qint64> &shown, const Segment &segment, int encoderDelay)
{
    m_hasBegun = true;
    m_delay = std::max(0, encoderDelay);
    for (std::size_t k = 0; k < shown.size(); ++k) {
        const auto place = std::lower_bound(shown.begin(), shown.end(), segment.packets[k]->pts);
        m_delay = std::max(m_delay, int(k) - int(place - shown.begin()));
    }
    const qint64 step = shown.size() > 1 ? shown[1] - shown[0] : 1;
    for (int before = m_delay; before > 0; --before)
        m_lastPts.push_back(shown.front() - before * step);
}

void DecodeOrder::complete(Segment &segment, std::optional<qint64> nextPts, qint64 lastDuration,
                           int encoderDelay)
{
    std::vector<qint64> shown;
    for (const PacketPtr &packet : segment.packets)
        shown.push_back(packet->pts);
    std::sort(shown.begin(), shown.end());
    if (shown.empty())
        return;
    if (!m_hasBegun)
        begin(shown, segment, encoderDelay);

    std::vector<qint64> times = m_lastPts;
    times.insert(times.end(), shown.begin(), shown.end());
    times.push_back(nextPts.value_or(shown.back() + lastDuration));
    for (std::size_t k = 0; k < segment.packets.size(); ++k) {
        AVPacket &packet = *segment.packets[k];
        packet.dts = std::min<qint64>(times[k], packet.pts);
        packet.duration = times[k + 1] - times[k];
    }
    if (!nextPts)
        segment.packets.back()->duration = lastDuration;
    m_lastPts.assign(times.end() - 1 - m_delay, times.end() - 1);
    segment.reorderDelay = m_delay;
    segment.lastPts = m_lastPts;
}

std::optional<qint64> DecodeOrder::dtsBehind(const Segment &segment)
{
    if (!segment.next)
        return std::nullopt;
    return segment.lastPts.empty() ? segment.next->pts : segment.lastPts.front();
}

} // namespace sendoff::media
