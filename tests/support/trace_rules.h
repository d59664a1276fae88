// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The rules that a trace must keep: the fields of the Trace Event Format ("JSON Object Format"), and
// what a reader of ours relies on: rows with names, turns of one thread one after another.

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace sendoff::test {

// In microseconds.
struct TraceStretch {
    double begin;
    double end;
};

// Whether two of them overlap by more than the last digit that is written.
inline bool overlapping(std::vector<TraceStretch> stretches)
{
    constexpr double lastDigit = 0.002;
    std::sort(stretches.begin(), stretches.end(),
              [](const TraceStretch &a, const TraceStretch &b) { return a.begin < b.begin; });
    for (std::size_t index = 1; index < stretches.size(); ++index) {
        if (stretches[index].begin < stretches[index - 1].end - lastDigit)
            return true;
    }
    return false;
}

inline QString brokenField(const QJsonObject &event)
{
    static const QStringList categories{QStringLiteral("export"), QStringLiteral("turn"),
                                        QStringLiteral("ready"), QStringLiteral("wait"),
                                        QStringLiteral("loop")};
    if (!event[u"pid"].isDouble() || !event[u"tid"].isDouble())
        return QStringLiteral("pid and tid are numbers");
    if (event[u"name"].toString().isEmpty())
        return QStringLiteral("an event has a name");
    if (event[u"ph"] == QStringLiteral("M"))
        return event[u"args"][u"name"].isString() ? QString()
                                                  : QStringLiteral("metadata has args.name");
    if (event[u"ph"] != QStringLiteral("X"))
        return QStringLiteral("ph is X or M");
    if (!event[u"ts"].isDouble() || event[u"ts"].toDouble() < 0)
        return QStringLiteral("ts is a number from 0 on");
    if (!event[u"dur"].isDouble() || event[u"dur"].toDouble() <= 0)
        return QStringLiteral("dur is a number above 0");
    if (!categories.contains(event[u"cat"].toString()))
        return QStringLiteral("cat is one of CLI.md");
    return {};
}

// The first rule that the events break; empty where they keep all.
inline QString brokenTraceRule(const QJsonArray &events)
{
    std::set<int> named;
    std::set<int> used;
    std::map<QString, std::vector<TraceStretch>> turns; // by thread
    std::map<int, std::vector<TraceStretch>> exports; // by row
    for (const QJsonValue &value : events) {
        const QJsonObject event = value.toObject();
        if (const QString broken = brokenField(event); !broken.isEmpty())
            return broken;
        const int row = event[u"tid"].toInt();
        if (event[u"ph"] == QStringLiteral("M")) {
            if (event[u"name"] == QStringLiteral("thread_name") && !named.insert(row).second)
                return QStringLiteral("a row has one name");
            continue;
        }
        used.insert(row);
        const double begin = event[u"ts"].toDouble();
        const TraceStretch stretch{begin, begin + event[u"dur"].toDouble()};
        if (event[u"cat"] == QStringLiteral("turn"))
            turns[event[u"args"][u"thread"].toString()].push_back(stretch);
        if (event[u"cat"] == QStringLiteral("export"))
            exports[row].push_back(stretch);
    }
    if (!std::includes(named.begin(), named.end(), used.begin(), used.end()))
        return QStringLiteral("every row has a name");
    for (const auto &[thread, stretches] : turns) {
        if (overlapping(stretches))
            return QStringLiteral("turns of a thread follow each other");
    }
    for (const auto &[row, stretches] : exports) {
        if (overlapping(stretches))
            return QStringLiteral("exports of a worker follow each other");
    }
    return {};
}

// All exports of a trace, whatever their workers.
inline std::vector<TraceStretch> exportsOf(const QJsonArray &events)
{
    std::vector<TraceStretch> stretches;
    for (const QJsonValue &event : events) {
        const double begin = event[u"ts"].toDouble();
        if (event[u"ph"] == QStringLiteral("X") && event[u"cat"] == QStringLiteral("export"))
            stretches.push_back({begin, begin + event[u"dur"].toDouble()});
    }
    return stretches;
}

} // namespace sendoff::test
