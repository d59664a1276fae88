// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ExportedTracks: what came of an export's tracks, and whether that is worth to be a result.
// Private to core/media.

#include "core/media/export.h"
#include "core/media/export_warnings.h"
#include "core/media/mux_output.h"
#include "core/media/stream_path.h"

#include <memory>
#include <vector>

namespace sendoff::media {

class ExportedTracks {
public:
    // All outlive it.
    ExportedTracks(const std::vector<std::unique_ptr<StreamPath>> &paths, const PacketMerge &merge,
                   const MuxOutput &mux, const ExportRequest &request)
        : m_paths(paths), m_merge(merge), m_mux(mux), m_request(request)
    {
    }

    // Warns of each track without any content; SourceDamaged where none has any.
    Result<void> checkContent(WarningList &warnings) const;
    // SourceDamaged for a moment out of a long recording: its index was there, its content was not.
    Result<void> checkWorth() const;
    // Frames, packets and warnings.
    void addTo(ExportResult &result, WarningList &warnings) const;

private:
    qint64 packetsOf(const StreamPath &path) const;

    const std::vector<std::unique_ptr<StreamPath>> &m_paths;
    const PacketMerge &m_merge;
    const MuxOutput &m_mux;
    const ExportRequest &m_request;
};

// SourceDamaged: nothing in the request's source could be decoded.
Error nothingLeft(const ExportRequest &request);

} // namespace sendoff::media
