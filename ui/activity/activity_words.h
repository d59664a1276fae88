// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// ActivityWords: what the Activity view says, as pure functions of what was recorded.

#include "core/activity/bottleneck.h"
#include "core/activity/timeline.h"

#include <QString>

namespace sendoff::ui {

// Why an upload waits, as it stands in its lane: "waiting for the network".
QString waitWords(WaitReason reason);
// Of waits that say more than "the network is slow": those are written into the lanes.
bool isTelling(WaitReason reason);

QString laneTitle(const activity::Timeline &timeline, const activity::Lane &lane, int number);
QString percentOf(double share); // "0.7 %", "97 %", "99.9 %", "< 0.1 %"

// Behind the headings; over the last ten seconds before `nowNs`.
struct GroupFacts {
    int cores = 1;
    double coresUsed = -1; // by exports; negative = not measured yet
    int codecThreads = 0; // of each running export, the fewest; 0 = unknown
    int mostCodecThreads = 0; // the most, where they differ
    double networkLagMs = -1;
    double windowLagMs = -1;
    // What held the loop up for 100 ms or more a moment ago (heldUpWords()); empty = nothing.
    QString networkHeldUp;
    QString windowHeldUp;

    bool operator==(const GroupFacts &) const = default;
};
QString exportsSubtitle(const activity::Timeline &timeline, const GroupFacts &facts);
QString uploadsSubtitle(const activity::Timeline &timeline, const GroupFacts &facts);
QString windowSubtitle(const activity::Timeline &timeline, const GroupFacts &facts);

// "busy for 180 ms at 12:01:07.352 (drawing, QListView)"
QString heldUpWords(const activity::LongEvent &event);
// "12:01:07.352 — The window was busy for 180 ms (drawing, QListView)."
QString heldUpSentence(activity::ThreadRole loop, const activity::LongEvent &event);
// What limits one video, or all of them where `name` is empty; empty where nothing runs.
QString bottleneckSentence(activity::Bottleneck bottleneck, const QString &name);
// The same in a word or two, for a table.
QString bottleneckWord(activity::Bottleneck bottleneck);
// Of one job over the last ten seconds; of all of them where `job` is empty.
activity::Bottleneck bottleneckNow(const activity::Timeline &timeline, const QString &job,
                                   double exportCpuShare);
// One line for each video that runs now.
QString bottlenecksByVideo(const activity::Timeline &timeline, double exportCpuShare);

// "12:01:07.352 — 2 exports run together; School 2 has its turn, Grandma is ready, 1 waits."
QString momentSentence(const activity::Timeline &timeline, qint64 timeNs);
// What one lane does at that time, for a tool tip.
QString laneTip(const activity::Timeline &timeline, const activity::Lane &lane, int number,
                qint64 timeNs);
// The clock's time of a monotonic one.
QString clockTime(qint64 timeNs);

// The whole picture in a few sentences, for a screen reader.
QString pictureDescription(const activity::Timeline &timeline, const GroupFacts &facts);

} // namespace sendoff::ui
