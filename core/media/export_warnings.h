// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a finished export has to say about its source: damage, content that was announced and not
// there, changes on the way. Private to core/media.

#include "core/media/export.h"
#include "core/media/stream_path.h"
#include "core/media/timeline.h"

#include <algorithm>
#include <optional>

namespace sendoff::media {

class WarningList {
public:
    WarningList(const Input &input, const Timeline &timeline);

    void add(const QString &kind, const QString &text) { m_warnings.append({kind, text}); }
    // A track of the plan that brought nothing.
    void addMissing(const StreamPlan &plan);
    // All about one finished path.
    void addReport(const StreamPath &path);
    // How far the tracks reach that are not exported, microseconds.
    void noteOther(qint64 endUs) { m_reachedUs = std::max(m_reachedUs, endUs); }
    // What concerns the file as a whole; last.
    QList<ExportWarning> take();

private:
    std::optional<qint64> announcedEndUs(const AVStream *stream) const;
    std::optional<qint64> onTimeline(qint64 endUs) const;
    void addShortfall(qint64 announcedUs, qint64 reachedUs, const QString &what);
    void addEnds();

    const Input &m_input;
    const Timeline &m_timeline;
    QList<ExportWarning> m_warnings;
    qint64 m_damaged = 0;
    qint64 m_reachedUs = 0; // by any track
    bool m_isLengthOfTracksKnown = false; // by the source's own word
    std::optional<qint64> m_pictureEndUs;
    std::optional<qint64> m_soundEndUs;
};

} // namespace sendoff::media
