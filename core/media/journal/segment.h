// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Segment: a finished stretch of an encoded video track, and its form as bytes that reads back
// exactly or not at all. Private to core/media.

#include "core/media/av.h"
#include "core/media/journal/frame_mark.h"
#include "core/media/path_report.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace sendoff::media {

struct Segment {
    int index = 0;
    QByteArray encoderHeader; // the encoder's global header: it must be the same in all segments
    int reorderDelay = 0; // by how many pictures dts runs behind pts; the same in all segments
    qint64 firstPts = 0; // of the export's first picture: boundaries count from it
    std::optional<FrameMark> next; // first picture of the next segment; nothing after the last one
    std::vector<FrameMark> tail; // the last pictures before it
    std::vector<qint64> lastPts; // the last `reorderDelay` pts in showing order, for the next dts
    PathReport report; // of the track from its beginning to this segment's end
    std::vector<PacketPtr> packets; // as they go to the muxer
};

// Layout: magic, version, QDataStream of the members, XXH3-64 of all that.
QByteArray toBytes(const Segment &segment);
// Nothing where a single bit is not as it was written.
std::optional<Segment> segmentFromBytes(const QByteArray &bytes);

} // namespace sendoff::media
