// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/upload_ledger.h"

#include <algorithm>

namespace sendoff::transfer {

namespace {

bool ledgerHolds(ByteRanges inner, const ByteRanges &outer)
{
    inner.subtract(outer);
    return inner.isEmpty();
}

} // namespace

void UploadLedger::begin(SessionOrigin origin)
{
    m_origin = origin;
    m_handedOver = {};
    m_handedOverBytes = 0;
    m_confirmed = {};
    m_confirmedAtStart.reset();
    m_mostConfirmed = 0;
}

void UploadLedger::reopen()
{
    if (m_origin == SessionOrigin::New && !m_confirmedAtStart)
        m_confirmedAtStart = 0;
    m_origin = SessionOrigin::Restored;
    m_confirmed = {};
}

void UploadLedger::handOver(ByteRange range)
{
    m_handedOver.add(range);
    m_handedOverBytes += range.size();
}

UploadLedger::Verdict UploadLedger::judge(const ByteRanges &claimed,
                                          std::optional<qint64> total) const
{
    if (total && !claimed.isEmpty() && claimed.ranges().back().end > *total)
        return Verdict::Impossible;
    // The last bytes of an earlier run's connection may still arrive at the server, so a restored
    // session can be told only by its size.
    if (m_origin == SessionOrigin::New && !ledgerHolds(claimed, m_handedOver))
        return Verdict::Impossible;
    return ledgerHolds(m_confirmed, claimed) ? Verdict::Plausible : Verdict::Less;
}

bool UploadLedger::accept(const ByteRanges &claimed)
{
    const bool isMore = claimed.totalBytes() > m_mostConfirmed;
    m_mostConfirmed = std::max(m_mostConfirmed, claimed.totalBytes());
    m_confirmed = claimed;
    if (!m_confirmedAtStart)
        m_confirmedAtStart = m_origin == SessionOrigin::Restored ? claimed.totalBytes() : 0;
    return isMore;
}

void UploadLedger::forfeit()
{
    m_forfeitedBytes += m_handedOverBytes + m_confirmedAtStart.value_or(0);
    begin(SessionOrigin::New);
}

qint64 UploadLedger::resentBytes() const
{
    const qint64 gained = m_confirmed.totalBytes() - m_confirmedAtStart.value_or(0);
    return m_forfeitedBytes + std::max<qint64>(0, m_handedOverBytes - gained);
}

} // namespace sendoff::transfer
