// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// PictureSource: the pass over a source that brings the pictures of one encoded track, from the
// beginning or, where the journal holds the first segments, from where those end. Private to
// core/media.

#include "core/media/source_reader.h"
#include "core/media/video_path.h"

#include <memory>

namespace sendoff::media {

class PictureSource {
public:
    // NoDecoder, NoEncoder, SourceProtected, … `request` and the plan outlive it.
    static Result<std::unique_ptr<PictureSource>> create(const ExportRequest &request,
                                                         const StreamPlan &plan,
                                                         PathSurroundings surroundings,
                                                         std::unique_ptr<SourceReader> reader);

    // The path belongs to the list of all paths, which outlives this.
    std::unique_ptr<StreamPath> takePath() { return std::move(m_owned); }
    const VideoPath &path() const { return *m_path; }

    // Hands over what the journal holds, then finds the place where it ends: by a seek 2 s before
    // it, then 10 s, and at last from the beginning; each is believed only if the pictures before
    // that place are those that the journal saw. SourceChanged with path().isRefused() where none
    // is.
    Result<void> begin();
    Result<void> advance(); // the next packet
    bool isDone() const { return m_isDone; }
    qint64 resumedFromUs() const { return m_path->resumeUs().value_or(0); }

private:
    PictureSource(const ExportRequest &request, PathSurroundings surroundings,
                  std::unique_ptr<SourceReader> reader);
    Result<void> resume();
    Result<bool> resumeFrom(qint64 preRollUs);

    const ExportRequest &m_request;
    PathSurroundings m_surroundings;
    std::unique_ptr<SourceReader> m_first; // what the path was made for; outlives the others
    std::unique_ptr<SourceReader> m_reader; // null while it is m_first
    std::unique_ptr<StreamPath> m_owned;
    VideoPath *m_path = nullptr;
    bool m_isDone = false;
};

} // namespace sendoff::media
