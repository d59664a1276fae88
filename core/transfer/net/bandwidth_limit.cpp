// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/bandwidth_limit.h"

#include <algorithm>

namespace sendoff::net {

namespace {

// What is handed out at least: small enough to be fair within a second, and large enough that a
// fast limit does not cost a system call per packet.
constexpr qint64 smallestShare = 16 << 10;
constexpr qint64 sharesPerSecond = 200;
// A slow limit is handed out in twentieths of a second, so that the bucket holds several shares
// and a late tick loses none.
constexpr qint64 slowSharesPerSecond = 20;
constexpr double bucketSeconds = 0.2;
constexpr double claimSeconds = 1; // of the whole rate

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
        reserve(client, -granted); // the rest stays its own: small buffers get as much
        return granted;
    }
    const bool isAlone = m_line.empty() && m_reserving == 0;
    if (isAlone && m_tokens >= double(std::min(share(), wanted))) {
        const qint64 granted = std::min(wanted, qint64(m_tokens));
        m_tokens -= double(granted);
        client.m_served = std::max(client.m_served, m_servedLast) + granted;
        return granted;
    }
    if (!client.m_isWaiting) {
        client.m_isWaiting = true;
        // Who was held up for a moment catches up; a newcomer, or one that is slow by itself, has
        // no claim on what it did not ask for.
        const qint64 claim = client.m_isKnown ? qint64(double(m_rate) * claimSeconds) : 0;
        client.m_served = std::max(client.m_served, m_servedLast - claim);
        client.m_isKnown = true;
        m_line.push_back(&client);
    }
    return 0;
}

BandwidthLimit::Client *BandwidthLimit::admitNext()
{
    if (m_line.empty())
        return nullptr;
    refill();
    const qint64 fair = qint64(m_tokens) / qint64(m_line.size());
    const qint64 portion = m_rate == 0 ? 0 : std::max(share(), fair);
    if (m_tokens < double(portion))
        return nullptr;
    // Who has had the least; of several the one that has waited longest.
    const auto next =
        std::min_element(m_line.begin(), m_line.end(), [](const Client *a, const Client *b) {
            return a->m_served < b->m_served;
        });
    Client *client = *next;
    m_line.erase(next);
    client->m_isWaiting = false;
    m_tokens -= double(portion);
    m_servedLast = std::max(m_servedLast, client->m_served);
    client->m_served += portion;
    reserve(*client, portion);
    return client;
}

void BandwidthLimit::reserve(Client &client, qint64 bytes)
{
    m_reserving -= client.m_reserved > 0 ? 1 : 0;
    client.m_reserved += bytes;
    m_reserving += client.m_reserved > 0 ? 1 : 0;
}

void BandwidthLimit::giveBack(Client &client, qint64 bytes)
{
    if (m_rate > 0)
        reserve(client, bytes);
}

void BandwidthLimit::forget(Client &client)
{
    m_tokens += double(client.m_reserved);
    reserve(client, -client.m_reserved);
    if (client.m_isWaiting)
        std::erase(m_line, &client);
    client.m_isWaiting = false;
}

} // namespace sendoff::net
