// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What sets the pace, and what held a loop up, in words.
#include "ui/activity/activity_words.h"

#include <QCoreApplication>
#include <QLocale>

namespace sendoff::ui {

namespace {

QString said(const char *text)
{
    return QCoreApplication::translate("sendoff::ui::ActivityWords", text);
}

} // namespace

QString heldUpSentence(activity::ThreadRole loop, const activity::LongEvent &event)
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
    const QString length = QLocale().toString((event.endNs - event.beginNs) / 1'000'000);
    const QString what = QStringLiteral("%1, %2").arg(doing, QString::fromLatin1(event.receiver));
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

} // namespace sendoff::ui
