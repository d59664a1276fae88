// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/media_info.h"

#include <tuple>

namespace sendoff::media {

namespace {

// What makes one stream of a kind better than another; larger is better.
auto usefulness(const StreamInfo &stream)
{
    const qint64 extent = stream.kind == StreamKind::Audio ? qint64(stream.channels)
                                                           : qint64(stream.width) * stream.height;
    return std::tuple(stream.canDecode, stream.isDefault, extent);
}

const StreamInfo *bestOf(const QList<StreamInfo> &streams, StreamKind kind)
{
    const StreamInfo *best = nullptr;
    for (const StreamInfo &stream : streams) {
        if (stream.kind != kind || stream.isEncrypted || stream.codec == u"none")
            continue;
        // The first of equals, as players choose.
        if (!best || usefulness(stream) > usefulness(*best))
            best = &stream;
    }
    return best;
}

} // namespace

const StreamInfo *MediaInfo::bestVideo() const
{
    return bestOf(streams, StreamKind::Video);
}

const StreamInfo *MediaInfo::bestAudio() const
{
    return bestOf(streams, StreamKind::Audio);
}

} // namespace sendoff::media
