// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Journal: the finished segments of one export in a folder of its own, so that an export that was
// stopped goes on. A segment's file is its checkpoint: it is there whole, or not at all. Private to
// core/media; the way in is export.h. One thread at a time; blocking.

#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/media/export.h"
#include "core/media/journal/segment.h"

#include <memory>
#include <optional>

namespace sendoff::media {

class Journal {
public:
    // `folder` was prepared by prepareJournal().
    static Result<std::unique_ptr<Journal>> open(const FilePath &folder);

    int codecThreads() const { return m_codecThreads; } // of its first start
    qint64 segmentUs() const { return m_segmentUs; }

    // A segment of the video track that comes from the source's stream `track`. Nothing where it is
    // not there or damaged: there the journal ends.
    std::optional<Segment> read(int track, int index) const;
    // Durable when it returns. Replaces what stood there. DiskFull, OutputNotWritable.
    Result<void> write(int track, const Segment &segment) const;
    // Forgets all segments of the track: the source or the encoder is not what it was.
    void discard(int track) const;

private:
    Journal(FilePath folder, int codecThreads, qint64 segmentUs);
    FilePath segmentPath(int track, int index) const;

    FilePath m_folder;
    int m_codecThreads;
    qint64 m_segmentUs;
};

// DESIGN, The journal: T = clamp(duration / 40, 2 s, 10 s), in microseconds; where key frames come
// more often, a multiple of their distance, so that a segment begins where one is due anyway.
qint64 segmentLength(const ExportPlan &plan);

} // namespace sendoff::media
