// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Timeline: the lanes of the last minute, fed by what a Recorder's cursor reads. Pure; a copy of it
// is a frozen picture. Not for: drawing (ui/activity).

#include "core/activity/lane.h"
#include "core/activity/recorder.h"

#include <QStringList>

#include <vector>

namespace sendoff::activity {

class Timeline {
public:
    static constexpr qint64 keptNs = 60'000'000'000;

    explicit Timeline(std::size_t spansPerLane = 1 << 14);

    void take(const Recorder::Update &update);

    // Workers by their thread, the network loop, uploads by their beginning, the window's loop. An
    // upload that has ended stays for keptNs.
    const std::vector<Lane> &lanes() const { return m_lanes; }
    qint64 nowNs() const { return m_nowNs; } // of the last update
    qint64 beginNs() const { return m_beginNs; } // of the first
    const ActivityFacts &facts(ActivityId id) const; // of an id that no update named: empty ones

    // What goes on at one instant.
    struct Moment {
        QStringList exporting; // titles
        QString turn; // of the upload whose turn it is; empty = nobody's
        QStringList ready;
        int waiting = 0; // uploads
        bool isNetworkLoopBusy = false; // with something that is no upload's turn
        bool isPainting = false;
    };
    Moment at(qint64 timeNs) const;

private:
    Lane *laneFor(const Span &span);
    Lane &lane(LaneKind kind, quint16 thread, ActivityId activity);
    void takeOpen(const Recorder::Update &update);
    bool isUpload(ActivityId id) const;
    bool isGone(const Lane &lane) const;

    std::size_t m_spansPerLane;
    std::vector<Lane> m_lanes;
    std::vector<ThreadRole> m_roles; // by thread
    std::vector<ActivityFacts> m_facts{ActivityFacts()}; // by id
    qint64 m_nowNs = 0;
    qint64 m_beginNs = 0;
};

} // namespace sendoff::activity
