// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Timeline: moves the timestamps of all of a source's packets so that the export begins at 0, by
// the same amount for every stream, and closes the jumps that containers without one clock may have
// (TS, PS, Ogg), and pauses of many hours in others. Private to core/media.

#include "core/media/av.h"
#include "core/media/plan.h"

#include <optional>
#include <vector>

namespace sendoff::media {

class Timeline {
public:
    Timeline(const AVFormatContext *source, const ExportPlan &plan);

    // Moves pts and dts; the packet keeps its stream's time base.
    void place(AVPacket *packet);
    // Where the packet ends on the export's timeline, microseconds; nothing for one without time.
    std::optional<qint64> endOf(const AVPacket &packet) const;
    // Source time that stands at 0, microseconds; nothing until it is known.
    std::optional<qint64> startUs() const { return m_startUs; }
    // Where the export ends, microseconds from its start; nothing = with the source.
    std::optional<qint64> endUs() const { return m_endUs; }
    bool isTrimmed() const { return m_isTrimmed; }
    int jumpsClosed() const { return m_jumpsClosed; }

private:
    void closeJump(const AVPacket &packet, AVRational timeBase);

    const AVFormatContext *m_source;
    bool m_mayJump;
    bool m_isTrimmed;
    qint64 m_trimStartUs = 0;
    std::optional<qint64> m_startUs;
    std::optional<qint64> m_endUs;
    qint64 m_jumpUs = 0; // added to close jumps
    int m_jumpsClosed = 0;
    std::vector<std::optional<qint64>> m_expectedUs; // next dts per stream, jumps closed
};

} // namespace sendoff::media
