// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/bandwidth_limit.h"

#include <algorithm>

namespace sendoff::net {

namespace {

// A share is small enough that one transfer cannot take a whole tick, and large enough that a
// fast limit does not cost a system call per packet.
constexpr qint64 smallestShare = 16 << 10;
constexpr qint64 sharesPerSecond = 50;
// A slow limit is handed out in twentieths of a second, so that the bucket holds several shares
// and a late tick loses none.
constexpr qint64 slowSharesPerSecond = 20;
constexpr double bucketSeconds = 0.2;

} // namespace

BandwidthLimit::BandwidthLimit(Clock clock)
    : m_clock(std::move(clock))
    , m_filledAt(m_clock())
{
}

void BandwidthLimit::setRate(qint64 bytesPerSecond)
{
    refill();
    m_rate = std::max<qint64>(bytesPerSecond, 0);
    m_tokens = std::min(m_tokens, double(m_rate) * bucketSeconds);
}

void BandwidthLimit::refill()
{
    const std::chrono::nanoseconds now = m_clock();
    const double seconds = std::chrono::duration<double>(now - m_filledAt).count();
    m_filledAt = now;
    m_tokens = std::min(m_tokens + seconds * double(m_rate), double(m_rate) * bucketSeconds);
}

qint64 BandwidthLimit::share() const
{
    return std::min(std::max(smallestShare, m_rate / sharesPerSecond),
                    std::max<qint64>(1, m_rate / slowSharesPerSecond));
}

qint64 BandwidthLimit::take(Client &client, qint64 wanted)
{
    Q_ASSERT(wanted > 0);
    if (m_rate == 0) {
        forget(client);
        return wanted;
    }
    refill();
    if (client.m_reserved > 0) {
        const qint64 granted = std::min(client.m_reserved, wanted);
        client.m_reserved -= granted; // the rest stays its own: small buffers get as much
        return granted;
    }
    const qint64 portion = std::min(share(), wanted);
    if (m_line.empty() && m_tokens >= double(portion)) {
        m_tokens -= double(portion);
        return portion;
    }
    if (!client.m_isWaiting) {
        client.m_isWaiting = true;
        m_line.push_back(&client);
    }
    return 0;
}

BandwidthLimit::Client *BandwidthLimit::admitNext()
{
    if (m_line.empty())
        return nullptr;
    refill();
    const qint64 portion = m_rate == 0 ? 0 : share();
    if (m_tokens < double(portion))
        return nullptr;
    Client *client = m_line.front();
    m_line.pop_front();
    client->m_isWaiting = false;
    client->m_reserved = portion;
    m_tokens -= double(portion);
    return client;
}

void BandwidthLimit::forget(Client &client)
{
    m_tokens += double(client.m_reserved);
    client.m_reserved = 0;
    if (client.m_isWaiting)
        std::erase(m_line, &client);
    client.m_isWaiting = false;
}

} // namespace sendoff::net
