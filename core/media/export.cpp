// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/export.h"

#include "core/media/export_job.h"

#include <algorithm>

namespace sendoff::media {

double ExportProgress::fraction() const
{
    if (hasEnded.load(std::memory_order_acquire))
        return 1;
    const qint64 total = totalUs.load(std::memory_order_relaxed);
    if (total <= 0)
        return -1;
    const double done = double(doneUs.load(std::memory_order_relaxed)) / double(total);
    return std::clamp(done, 0.0, 0.999);
}

Result<ExportResult> exportMedia(ExportRequest request, std::stop_token stop)
{
    Q_ASSERT(request.source && request.progress);
    request.codecThreads = std::max(1, request.codecThreads);
    Result<ExportResult> result = request.plan.copyBytes
        ? exportBytes(request, stop)
        : exportStreams(request, stop);
    // Whatever broke after a stop was asked for, broke because of it.
    if (!result && stop.stop_requested())
        result = failure(Error::cancelled());
    if (result) {
        request.progress->bytes = result->bytes;
        request.progress->hasEnded = true;
    } else if (request.feed) {
        request.feed->fail(result.error());
    }
    request.progress->isVerifying = false;
    return result;
}

} // namespace sendoff::media
