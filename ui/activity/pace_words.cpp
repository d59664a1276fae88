// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What sets the pace, and what held a loop up, in words.
#include "ui/activity/activity_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace sendoff::ui {

namespace {

QString said(const char *text)
{
    return QCoreApplication::translate("sendoff::ui::ActivityWords", text);
}

// "drawing, QListView"
QString culprit(const activity::LongEvent &event)
{
    const auto doing = [&event] {
        switch (event.task) {
        case activity::LoopTask::Paint:
            return said("drawing");
        case activity::LoopTask::Input:
            return said("answering a key or the pointer");
        case activity::LoopTask::Timer:
            return said("a timer");
        case activity::LoopTask::Socket:
            return said("the network");
        case activity::LoopTask::Call:
            return said("a message from another thread");
        case activity::LoopTask::Other:
            break;
        }
        return said("something else");
    }();
    return QStringLiteral("%1, %2").arg(doing, QString::fromLatin1(event.receiver));
}

QString lengthOf(const activity::LongEvent &event)
{
    return QLocale().toString((event.endNs - event.beginNs) / 1'000'000);
}

} // namespace

QString heldUpWords(const activity::LongEvent &event)
{
    return said("busy for %1 ms at %2 (%3)")
        .arg(lengthOf(event), clockTime(event.beginNs), culprit(event));
}

QString heldUpSentence(activity::ThreadRole loop, const activity::LongEvent &event)
{
    const QString length = lengthOf(event);
    const QString what = culprit(event);
    return loop == activity::ThreadRole::Window
        ? said("%1 — The window was busy for %2 ms (%3).").arg(clockTime(event.beginNs), length, what)
        : said("%1 — The network thread was busy for %2 ms (%3).")
              .arg(clockTime(event.beginNs), length, what);
}

QString bottleneckSentence(activity::Bottleneck bottleneck, const QString &name)
{
    using activity::Bottleneck;
    const QString what = name.isEmpty() ? said("In total") : QChar(0x2068) + name + QChar(0x2069);
    switch (bottleneck) {
    case Bottleneck::Nothing:
        return {};
    case Bottleneck::Encoding:
        return said("%1: encoding sets the pace (the processor is fully used)").arg(what);
    case Bottleneck::Disk:
        return said("%1: the disk sets the pace").arg(what);
    case Bottleneck::Network:
        return said("%1: the network sets the pace").arg(what);
    case Bottleneck::SpeedLimit:
        return said("%1: your speed limit sets the pace").arg(what);
    case Bottleneck::Server:
        return said("%1: the server sets the pace (all is sent, its answer is missing)").arg(what);
    case Bottleneck::Connection:
        return said("%1: there is no connection; it goes on by itself").arg(what);
    case Bottleneck::Export:
        return said("%1: the upload waits for the export").arg(what);
    case Bottleneck::Thread:
        return said("%1: uploads wait for the network thread, which is busy").arg(what);
    }
    return {};
}

QString bottleneckWord(activity::Bottleneck bottleneck)
{
    using activity::Bottleneck;
    switch (bottleneck) {
    case Bottleneck::Nothing:
        return {};
    case Bottleneck::Encoding:
        return said("encoding");
    case Bottleneck::Disk:
        return said("the disk");
    case Bottleneck::Network:
        return said("the network");
    case Bottleneck::SpeedLimit:
        return said("your speed limit");
    case Bottleneck::Server:
        return said("the server");
    case Bottleneck::Connection:
        return said("no connection");
    case Bottleneck::Export:
        return said("the export");
    case Bottleneck::Thread:
        return said("the network thread");
    }
    return {};
}

activity::Bottleneck bottleneckNow(const activity::Timeline &timeline, const QString &job,
                                   double exportCpuShare)
{
    constexpr qint64 recentNs = 10'000'000'000;
    const qint64 begin = std::max(timeline.nowNs() - recentNs, timeline.beginNs());
    return activity::bottleneckOf(
        activity::loadOf(timeline, job, begin, timeline.nowNs(), exportCpuShare));
}

QString bottlenecksByVideo(const activity::Timeline &timeline, double exportCpuShare)
{
    QStringList lines;
    QStringList jobs;
    for (const activity::Lane &lane : timeline.lanes()) {
        if (!lane.open())
            continue;
        const activity::ActivityFacts &facts = timeline.facts(lane.open()->activity);
        if (facts.job.isEmpty() || jobs.contains(facts.job))
            continue;
        jobs.append(facts.job);
        const QString line =
            bottleneckSentence(bottleneckNow(timeline, facts.job, exportCpuShare), facts.title);
        if (!line.isEmpty())
            lines.append(line);
    }
    return lines.join(u'\n');
}

} // namespace sendoff::ui
