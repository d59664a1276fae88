// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/sent_rates.h"

#include <utility>

namespace sendoff::activity {

namespace {

constexpr double slotSeconds = double(SentRates::slotNs) / 1e9;
constexpr int meanSlots = 6;

} // namespace

void SentRates::take(ActivityId id, qint64 sentBytes, qint64 nowNs)
{
    Series &series = m_uploads[id];
    const qint64 before = std::exchange(series.lastBytes, sentBytes);
    if (before >= 0 && sentBytes > before)
        series.bytes[nowNs / slotNs] += sentBytes - before;
    if (sentBytes != before)
        series.changedNs = nowNs;
    const auto kept = series.bytes.lower_bound(nowNs / slotNs - slotCount);
    series.bytes.erase(series.bytes.begin(), kept);
}

void SentRates::forgetIdle(qint64 nowNs)
{
    std::erase_if(m_uploads, [nowNs](const auto &upload) {
        return upload.second.changedNs < nowNs - slotCount * slotNs;
    });
}

std::map<ActivityId, double> SentRates::slot(int ago, qint64 nowNs) const
{
    std::map<ActivityId, double> rates;
    const qint64 number = nowNs / slotNs - 1 - ago;
    for (const auto &[id, series] : m_uploads) {
        if (const auto found = series.bytes.find(number); found != series.bytes.end())
            rates[id] = double(found->second) / slotSeconds;
    }
    return rates;
}

double SentRates::total(qint64 nowNs) const
{
    double sum = 0;
    for (int ago = 0; ago < meanSlots; ++ago) {
        for (const auto &[id, rate] : slot(ago, nowNs))
            sum += rate;
    }
    return sum / meanSlots;
}

} // namespace sendoff::activity
