// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/activity/telling_moment.h"

#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;

namespace {

constexpr qint64 msNs = 1'000'000;
constexpr qint64 lengthNs = 100 * msNs;

struct TurnAt {
    int ms;
    ActivityId upload;
};

Timeline timelineOf(const std::vector<TurnAt> &turns)
{
    Recorder::Update update;
    update.threads = {{QStringLiteral("network"), 0, ThreadRole::Network}};
    update.activities = {{}, {QStringLiteral("a"), ActivityRole::Upload, {}},
                         {QStringLiteral("b"), ActivityRole::Upload, {}}};
    update.nowNs = 2'000 * msNs;
    for (const TurnAt &turn : turns) {
        Span span;
        span.beginNs = turn.ms * msNs;
        span.endNs = span.beginNs + msNs / 10;
        span.activity = turn.upload;
        update.spans.push_back(span);
    }
    Timeline timeline;
    timeline.take(update);
    return timeline;
}

} // namespace

class TellingMomentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void turnsThatAlternateTellMoreThanThoseAtOnce()
    {
        // Many at 250 ms, but so close that they look as if they were one; few from 610 ms on.
        const Timeline timeline = timelineOf({{250, 1}, {251, 2}, {252, 1}, {253, 2}, {254, 1},
                                              {610, 1}, {630, 2}, {650, 1}});
        QCOMPARE(tellingMoment(timeline, 0, 2'000 * msNs, lengthNs), 600 * msNs);
    }
    void whereNothingAlternatesMostUploadsCount()
    {
        const Timeline timeline = timelineOf({{310, 1}, {311, 2}, {910, 1}});
        QCOMPARE(tellingMoment(timeline, 0, 2'000 * msNs, lengthNs), 300 * msNs);
    }
    void theLatestOfEquals()
    {
        const Timeline none = timelineOf({});
        QCOMPARE(tellingMoment(none, 0, 1'000 * msNs, lengthNs), 900 * msNs);
        QCOMPARE(tellingMoment(none, 5 * msNs, 50 * msNs, lengthNs), 5 * msNs); // too short
    }
};

QTEST_APPLESS_MAIN(TellingMomentTest)
#include "tst_telling_moment.moc"
