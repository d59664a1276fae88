// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace sendoff::ui {

namespace {

using activity::Duty;
using activity::Lane;
using activity::LaneKind;
using activity::LaneSpan;
using activity::SpanKind;
using activity::Timeline;

constexpr qint64 recentNs = 10'000'000'000;

QString tr(const char *text)
{
    return QCoreApplication::translate("sendoff::ui::ActivityWords", text);
}

QString counted(const char *one, const char *many, int number)
{
    return tr(number == 1 ? one : many).arg(number);
}

// U+2068 … U+2069: a file's name keeps its own direction.
QString isolated(const QString &name)
{
    return QChar(0x2068) + name + QChar(0x2069);
}

bool isRunning(const Lane &lane)
{
    return lane.kind() == LaneKind::Worker && lane.open() && lane.open()->kind == SpanKind::Work;
}

bool isOpenUpload(const Lane &lane)
{
    return lane.kind() == LaneKind::Upload && lane.open();
}

double share(qint64 part, qint64 whole)
{
    return whole > 0 ? double(part) / double(whole) : 0;
}

// The stretch that counts as recent: not from before anything was recorded.
qint64 recentBegin(const Timeline &timeline)
{
    return std::max(timeline.nowNs() - recentNs, timeline.beginNs());
}

double busyShare(const Timeline &timeline, LaneKind kind)
{
    const qint64 begin = recentBegin(timeline);
    for (const Lane &lane : timeline.lanes()) {
        if (lane.kind() != kind)
            continue;
        const Duty duty = lane.duty(begin, timeline.nowNs());
        return share(std::max(duty.busyNs, duty.turnNs), timeline.nowNs() - begin);
    }
    return 0;
}

QString milliseconds(double value)
{
    return QLocale().toString(value, 'f', value < 9.95 ? 1 : 0);
}

QString uploadWords(const Timeline::Moment &moment)
{
    QStringList parts;
    if (!moment.turn.isEmpty())
        parts.append(tr("%1 has its turn").arg(isolated(moment.turn)));
    for (const QString &ready : moment.ready)
        parts.append(tr("%1 is ready, but the thread is busy").arg(isolated(ready)));
    if (moment.waiting > 0)
        parts.append(counted("%1 upload waits", "%1 uploads wait", moment.waiting));
    return parts.join(tr(", "));
}

} // namespace

QString waitWords(WaitReason reason)
{
    switch (reason) {
    case WaitReason::Network:
        return tr("waiting for the network");
    case WaitReason::Reply:
        return tr("waiting for the server’s answer");
    case WaitReason::SpeedLimit:
        return tr("held by your speed limit");
    case WaitReason::Backoff:
        return tr("no connection, trying again soon");
    case WaitReason::Export:
        return tr("waiting for the export");
    case WaitReason::Disk:
        return tr("waiting for the disk");
    case WaitReason::Other:
        return tr("waiting for the window’s thread");
    case WaitReason::None:
        break;
    }
    return {};
}

bool isTelling(WaitReason reason)
{
    return reason != WaitReason::None && reason != WaitReason::Network
        && reason != WaitReason::Other;
}

QString laneTitle(const Timeline &timeline, const Lane &lane, int number)
{
    switch (lane.kind()) {
    case LaneKind::Worker:
        return tr("Worker %1").arg(number);
    case LaneKind::NetworkLoop:
        return tr("Network loop");
    case LaneKind::WindowLoop:
        return tr("Window’s loop");
    case LaneKind::Upload:
        return timeline.facts(lane.activity()).title;
    }
    return {};
}

QString percentOf(double value)
{
    const double percent = value * 100;
    if (percent > 0 && percent < 0.1)
        return tr("< %1 %").arg(QLocale().toString(0.1, 'f', 1));
    // What is not all of it does not become so by rounding.
    if (percent >= 99 && percent < 99.999)
        return tr("%1 %").arg(QLocale().toString(std::floor(percent * 10) / 10, 'f', 1));
    const bool isSmall = percent < 9.95 && percent > 0;
    return tr("%1 %").arg(QLocale().toString(percent, 'f', isSmall ? 1 : 0));
}

QString exportsSubtitle(const Timeline &timeline, const GroupFacts &facts)
{
    const auto running =
        int(std::count_if(timeline.lanes().begin(), timeline.lanes().end(), isRunning));
    if (running == 0)
        return tr("no export runs now");
    QStringList parts;
    if (running > facts.cores) {
        parts.append(tr("%1 exports share %2: more at once, not faster")
                         .arg(running)
                         .arg(counted("%1 core", "%1 cores", facts.cores)));
    } else if (running == 1) {
        parts.append(tr("1 thread runs 1 export"));
    } else {
        parts.append(tr("%1 threads run %1 exports at the same instant").arg(running));
    }
    if (facts.codecThreads > 0 && facts.mostCodecThreads > facts.codecThreads)
        parts.append(tr("each uses %1 to %2 codec threads")
                         .arg(facts.codecThreads)
                         .arg(facts.mostCodecThreads));
    else if (facts.codecThreads > 0)
        parts.append(counted("each uses %1 codec thread", "each uses %1 codec threads",
                             facts.codecThreads));
    if (facts.coresUsed >= 0) {
        parts.append(tr("%1 of %2 used")
                         .arg(QLocale().toString(facts.coresUsed, 'f', 1))
                         .arg(counted("%1 core", "%1 cores", facts.cores)));
    }
    return parts.join(tr(" · "));
}

QString uploadsSubtitle(const Timeline &timeline, const GroupFacts &facts)
{
    const qint64 begin = recentBegin(timeline);
    int uploads = 0;
    double waiting = 0;
    for (const Lane &lane : timeline.lanes()) {
        if (!isOpenUpload(lane))
            continue;
        ++uploads;
        const Duty duty = lane.duty(begin, timeline.nowNs());
        const qint64 all = duty.waitTotalNs() + duty.turnNs + duty.readyNs;
        waiting += share(duty.waitTotalNs(), all);
    }
    if (uploads == 0)
        return tr("no upload runs now");
    QStringList parts;
    const QString waits = percentOf(waiting / uploads);
    parts.append(uploads == 1 ? tr("1 upload, waiting %1 of the time").arg(waits)
                              : tr("%1 uploads, each waiting %2 of the time").arg(uploads).arg(waits));
    parts.append(tr("the loop is busy %1").arg(percentOf(busyShare(timeline, LaneKind::NetworkLoop))));
    if (facts.networkLagMs >= 0)
        parts.append(tr("%1 ms late").arg(milliseconds(facts.networkLagMs)));
    if (!facts.networkHeldUp.isEmpty())
        parts.append(tr("⚠ %1").arg(facts.networkHeldUp));
    return parts.join(tr(" · "));
}

QString windowSubtitle(const Timeline &timeline, const GroupFacts &facts)
{
    QStringList parts{tr("busy %1").arg(percentOf(busyShare(timeline, LaneKind::WindowLoop)))};
    if (facts.windowLagMs >= 0)
        parts.append(tr("%1 ms late").arg(milliseconds(facts.windowLagMs)));
    if (!facts.windowHeldUp.isEmpty())
        parts.append(tr("⚠ %1").arg(facts.windowHeldUp));
    return parts.join(tr(" · "));
}

QString clockTime(qint64 timeNs)
{
    const qint64 agoMs = (monotonicNs() - timeNs) / 1'000'000;
    return QDateTime::currentDateTime().addMSecs(-agoMs).time().toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString momentSentence(const Timeline &timeline, qint64 timeNs)
{
    const Timeline::Moment moment = timeline.at(timeNs);
    QStringList parts;
    const auto exports = int(moment.exporting.size());
    if (exports == 1)
        parts.append(tr("%1 is being exported").arg(isolated(moment.exporting.front())));
    else if (exports > 1)
        parts.append(tr("%1 exports run together").arg(exports));
    if (const QString uploads = uploadWords(moment); !uploads.isEmpty())
        parts.append(uploads);
    if (moment.isNetworkLoopBusy)
        parts.append(tr("the network loop runs something else"));
    if (moment.isPainting)
        parts.append(tr("the window is being drawn"));
    if (parts.isEmpty())
        parts.append(tr("nothing runs"));
    return tr("%1 — %2").arg(clockTime(timeNs), parts.join(tr("; ")));
}

namespace {

// "exports Picnic, segment 3"
QString workWords(const Timeline &timeline, const Lane &lane, const LaneSpan &span, qint64 timeNs)
{
    const QString title = isolated(timeline.facts(span.activity).title);
    const auto segment = lane.segmentAt(span.activity, timeNs);
    return segment ? tr("exports %1, segment %2").arg(title).arg(segment->number)
                   : tr("exports %1").arg(title);
}

} // namespace

QString laneTip(const Timeline &timeline, const Lane &lane, int number, qint64 timeNs)
{
    const auto span = lane.at(timeNs);
    QString state = tr("idle");
    if (span) {
        const QString title = isolated(timeline.facts(span->activity).title);
        const QString length = span->isExact()
            ? tr("%1 ms").arg(QLocale().toString(double(span->endNs - span->beginNs) / 1e6, 'g', 3))
            : QString();
        switch (span->kind) {
        case SpanKind::Work:
            state = workWords(timeline, lane, *span, timeNs);
            break;
        case SpanKind::Turn:
            state = lane.kind() == LaneKind::NetworkLoop
                ? tr("works for %1, for %2").arg(title, length)
                : tr("has its turn, for %1").arg(length);
            break;
        case SpanKind::Ready:
            state = tr("is ready for %1, but the thread is busy").arg(length);
            break;
        case SpanKind::Wait:
            state = waitWords(span->reason);
            break;
        case SpanKind::Paint:
            state = tr("draws the window, for %1").arg(length);
            break;
        case SpanKind::Busy:
        case SpanKind::Loop:
        case SpanKind::Segment:
            state = tr("runs something else, for %1").arg(length);
            break;
        }
    }
    return tr("%1, %2: %3").arg(isolated(laneTitle(timeline, lane, number)), clockTime(timeNs), state);
}

QString pictureDescription(const Timeline &timeline, const GroupFacts &facts)
{
    return tr("Export workers, in parallel: %1. Uploads, taking turns on one thread: %2. This "
              "window: %3.")
        .arg(exportsSubtitle(timeline, facts), uploadsSubtitle(timeline, facts),
             windowSubtitle(timeline, facts));
}

} // namespace sendoff::ui
