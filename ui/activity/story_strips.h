// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// StoryStrips: the long pane's lanes as rows of pixels. A pixel's column stands for a fixed stretch
// of time, so that it never changes once that is over: a new frame computes only what is new, and
// nothing shimmers while the picture moves.

#include "core/activity/lane.h"
#include "ui/activity/activity_colors.h"

#include <QImage>

#include <map>
#include <tuple>
#include <vector>

namespace sendoff::ui {

class StoryStrips {
public:
    struct Pane {
        qint64 firstColumn = 0; // its number: column n covers [n, n + 1) · columnNs
        qint64 columnNs = 1;
        int columns = 0;
        qint64 settledNs = 0; // what ended before this is known for good
    };
    struct Strip {
        QImage shade; // one row
        std::vector<WaitReason> held; // by column: what keeps it from going on; None = the network
    };
    // Another size, scale or color begins anew.
    void begin(const Pane &pane, const ActivityColors &colors);
    const Strip &stripOf(const activity::Lane &lane);

private:
    using Key = std::tuple<activity::LaneKind, quint16, ActivityId>;
    struct Entry {
        Strip strip;
        qint64 firstColumn = 0;
        qint64 knownUntil = 0; // number of the first column that may still change
    };
    void shift(Entry &entry) const;
    QRgb shadeFor(const activity::Lane &lane, const activity::Duty &duty) const;

    Pane m_pane;
    ActivityColors m_colors;
    std::map<Key, Entry> m_entries;
};

} // namespace sendoff::ui
