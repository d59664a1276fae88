// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/exported_tracks.h"

#include <algorithm>

namespace sendoff::media {

namespace {

// What is both shorter than this and a smaller part than this of what the source announces is
// refused.
constexpr qint64 momentUs = 1'000'000;
constexpr double momentPart = 0.01;

} // namespace

Error nothingLeft(const ExportRequest &request)
{
    return Error(ErrorKind::SourceDamaged)
        .with(argument::file, displayName(request.source->path()))
        .with(argument::reason, QStringLiteral("no picture or sound in it could be decoded"));
}

qint64 ExportedTracks::packetsOf(const StreamPath &path) const
{
    const int track = m_merge.muxedIndex(path.track());
    return track < 0 ? 0 : m_mux.packetsWritten(track);
}

Result<void> ExportedTracks::checkContent(WarningList &warnings) const
{
    bool hasContent = false;
    for (const auto &path : m_paths) {
        const bool isThere = packetsOf(*path) > 0;
        hasContent = hasContent || (isThere && path->plan().kind != StreamKind::Subtitle);
        // A part of a video may be without any subtitle.
        const bool mayBeEmpty =
            path->plan().kind == StreamKind::Subtitle && path->report().damaged == 0;
        if (!isThere && !mayBeEmpty)
            warnings.addMissing(path->plan());
    }
    if (!hasContent)
        return failure(nothingLeft(m_request));
    return {};
}

Result<void> ExportedTracks::checkWorth() const
{
    qint64 endUs = 0;
    for (const auto &path : m_paths)
        endUs = std::max(endUs, packetsOf(*path) > 0 ? path->report().sourceEndUs : 0);
    const qint64 announcedUs = m_request.plan.durationUs.value_or(0);
    const bool isMoment = endUs < momentUs && double(endUs) < double(announcedUs) * momentPart;
    if (!isMoment)
        return {};
    return failure(Error(ErrorKind::SourceDamaged)
                       .with(argument::file, displayName(m_request.source->path()))
                       .with(argument::reason, QStringLiteral("only %1 s of %2 s can be read")
                                                   .arg(double(endUs) / 1e6, 0, 'f', 1)
                                                   .arg(double(announcedUs) / 1e6, 0, 'f', 1)));
}

void ExportedTracks::addTo(ExportResult &result, WarningList &warnings) const
{
    for (const auto &path : m_paths) {
        const PathReport report = path->report();
        result.encodedFrames += report.framesEncoded;
        result.copiedPackets += report.packetsCopied;
        if (packetsOf(*path) > 0)
            warnings.addReport(*path);
    }
}

} // namespace sendoff::media
