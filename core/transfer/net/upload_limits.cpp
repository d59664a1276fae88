// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/net/upload_limits.h"

#include <algorithm>
#include <utility>

namespace sendoff::net {

UploadLimits::UploadLimits(BandwidthLimit::Clock clock)
    : m_clock(std::move(clock))
    , m_total(m_clock)
{
}

BandwidthLimit &UploadLimits::groupLimit(const QByteArray &group)
{
    return m_groups.try_emplace(group, m_clock).first->second;
}

void UploadLimits::setRate(const QByteArray &group, qint64 bytesPerSecond)
{
    (group.isEmpty() ? m_total : groupLimit(group)).setRate(bytesPerSecond);
}

bool UploadLimits::isLimited() const
{
    return m_total.rate() > 0
        || std::any_of(m_groups.cbegin(), m_groups.cend(),
                       [](const auto &entry) { return entry.second.rate() > 0; });
}

BandwidthLimit::Client *UploadLimits::admitNext()
{
    if (BandwidthLimit::Client *client = m_total.admitNext())
        return client;
    for (auto &[group, limit] : m_groups) {
        if (BandwidthLimit::Client *client = limit.admitNext())
            return client;
    }
    return nullptr;
}

void UploadLimits::Draw::open(UploadLimits &limits, const QByteArray &group)
{
    m_limit = &limits.m_total;
    m_groupLimit = group.isEmpty() ? nullptr : &limits.groupLimit(group);
}

void UploadLimits::Draw::close()
{
    if (m_limit)
        m_limit->forget(*m_total);
    if (m_groupLimit)
        m_groupLimit->forget(*m_ofGroup);
}

qint64 UploadLimits::Draw::take(qint64 wanted)
{
    if (!m_groupLimit)
        return m_limit->take(*m_total, wanted);
    const qint64 ofGroup = m_groupLimit->take(*m_ofGroup, wanted);
    if (ofGroup == 0)
        return 0;
    const qint64 granted = m_limit->take(*m_total, ofGroup);
    m_groupLimit->giveBack(*m_ofGroup, ofGroup - granted);
    return granted;
}

void UploadLimits::Draw::giveBack(qint64 bytes)
{
    m_limit->giveBack(*m_total, bytes);
    if (m_groupLimit)
        m_groupLimit->giveBack(*m_ofGroup, bytes);
}

} // namespace sendoff::net
