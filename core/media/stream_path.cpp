// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/stream_path.h"

#include "core/base/file_path.h"

#include <array>

namespace sendoff::media {

StreamPath::StreamPath(const StreamPlan &plan, const PathSurroundings &surroundings,
                       PacketMerge::Kind kind)
    : m_plan(plan), m_surroundings(surroundings), m_track(surroundings.merge.addTrack(kind))
{
}

const AVStream *StreamPath::stream() const
{
    return m_surroundings.input.context()->streams[m_plan.sourceIndex];
}

QString StreamPath::sourceName() const
{
    return displayName(m_surroundings.input.source().path());
}

Dictionary StreamPath::trackMetadata() const
{
    // Not "rotate" (baked in), "timecode" (would become a track), encoder names and statistics.
    constexpr std::array kept{"language", "title", "creation_time"};
    Dictionary metadata;
    for (const char *key : kept) {
        if (const AVDictionaryEntry *entry = av_dict_get(stream()->metadata, key, nullptr, 0))
            metadata.set(key, entry->value);
    }
    return metadata;
}

int StreamPath::trackDisposition() const
{
    constexpr int kept = AV_DISPOSITION_DEFAULT | AV_DISPOSITION_FORCED
        | AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_COMMENT
        | AV_DISPOSITION_DUB | AV_DISPOSITION_ORIGINAL;
    return stream()->disposition & kept;
}

Result<void> StreamPath::checkStop() const
{
    if (m_surroundings.stop.stop_requested())
        return failure(Error::cancelled());
    return {};
}

} // namespace sendoff::media
