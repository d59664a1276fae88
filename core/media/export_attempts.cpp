// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// When an export by streams has to be made anew, as a new generation of its bytes.
#include "core/media/export_job.h"
#include "core/media/journal/journal.h"

namespace sendoff::media {

namespace {

void sayWhatIsKept(Error &error, const ExportRequest &request)
{
    const qint64 safeUs = request.progress->safeUs;
    if (error.kind != ErrorKind::DiskFull || request.journal.empty() || safeUs <= 0)
        return;
    error.with(argument::kept,
               QStringLiteral("What is finished, %1 s, is kept.").arg(double(safeUs) / 1e6, 0, 'f', 0));
}

} // namespace

Result<ExportResult> exportStreams(const ExportRequest &request, std::stop_token stop)
{
    StreamAttempt attempt = attemptStreams(request, stop);
    if (attempt.isHeadTooSmall) {
        // More pictures than the source's rate and length say. All of them are in the journal: once
        // more without a head kept free.
        ExportRequest anew = request;
        anew.plan.headLast = false;
        return exportStreams(anew, std::move(stop));
    }
    if (!attempt.result)
        sayWhatIsKept(attempt.result.error(), request);
    if (attempt.result || request.journal.empty() || !attempt.refusedTrack)
        return std::move(attempt.result);
    // What the journal was made of is not what the source holds: once more from the beginning.
    {
        SO_TRY(const auto journal, Journal::open(request.journal));
        journal->discard(*attempt.refusedTrack);
    }
    SO_TRY(ExportResult result, attemptStreams(request, std::move(stop)).result);
    result.warnings.prepend({QStringLiteral("starts-over"),
                             QStringLiteral("The pictures of the source are not those that the "
                                            "export began with; it was made from the beginning.")});
    return result;
}

} // namespace sendoff::media
