// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/queue_estimate.h"

#include "core/queue/quantity_text.h"

#include <algorithm>

namespace sendoff::queue {

namespace {

constexpr double uncertainty = 1.2; // of what was measured over a few seconds
constexpr double longestSaid = 99 * 3600.0; // seconds; beyond, it is no help

} // namespace

void QueueEstimate::add(const JobWork &job)
{
    m_exportLeft += double(job.sourceBytes) * job.exportLeft;
    m_exportSpeed += double(job.sourceBytes) * job.exportRate;
    m_uploadSpeed += job.uploadRate;
    if (!job.uploads)
        return;
    if (job.uploadLeft < 0) {
        m_uploadUnknown += double(job.sourceBytes);
        return;
    }
    m_uploadLeft += double(job.uploadLeft);
    m_knownSources += double(job.sourceBytes);
    m_knownResults += double(std::max<qint64>(job.uploadTotal, 0));
}

std::optional<TimeRange> QueueEstimate::left() const
{
    double uploadBytes = m_uploadLeft;
    if (m_uploadUnknown > 0)
        uploadBytes += m_uploadUnknown
            * (m_knownSources > 0 ? m_knownResults / m_knownSources : 1.0);
    const bool isUnknown = (m_exportLeft > 0 && m_exportSpeed <= 0)
        || (uploadBytes > 0 && m_uploadSpeed <= 0) || (m_exportLeft <= 0 && uploadBytes <= 0);
    if (isUnknown)
        return {};
    const double exports = m_exportLeft > 0 ? m_exportLeft / m_exportSpeed : 0;
    const double uploads = uploadBytes > 0 ? uploadBytes / m_uploadSpeed : 0;
    const double shortest = std::max(exports, uploads);
    const double longest = std::max(exports + uploads, shortest * uncertainty);
    if (longest > longestSaid)
        return {};
    return TimeRange{roundedLeft(shortest), roundedLeft(longest)};
}

} // namespace sendoff::queue
