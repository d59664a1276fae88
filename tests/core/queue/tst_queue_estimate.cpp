// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/queue_estimate.h"

#include <QTest>

using namespace sendoff::queue;
using namespace std::chrono_literals;

class QueueEstimateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysNothingOfNothing() { QCOMPARE(QueueEstimate().left(), std::optional<TimeRange>()); }

    void waitsForTheSpeedThatItNeeds()
    {
        QueueEstimate exports;
        exports.add({.sourceBytes = 1'000, .exportLeft = 1});
        QVERIFY(!exports.left());
        QueueEstimate uploads;
        uploads.add({.sourceBytes = 1'000, .exportLeft = 0.5, .exportRate = 0.1, .uploads = true});
        QVERIFY(!uploads.left());
    }

    // 100 bytes a second for 3,000 bytes of videos.
    void countsWhatWaitsByTheSizeOfItsSource()
    {
        QueueEstimate estimate;
        estimate.add({.sourceBytes = 2'000, .exportLeft = 0.5, .exportRate = 0.05});
        estimate.add({.sourceBytes = 2'000, .exportLeft = 1});
        QCOMPARE(estimate.left(), (TimeRange{30s, 40s})); // 36 s, in steps of 5 s
    }

    // Between wholly beside each other and one after the other.
    void uploadsMayOverlapOrNot()
    {
        QueueEstimate estimate;
        estimate.add({.sourceBytes = 4'800, .exportLeft = 1, .exportRate = 1.0 / 480});
        estimate.add({.sourceBytes = 900, .uploads = true, .uploadLeft = 1'800,
                      .uploadTotal = 1'800, .uploadRate = 10});
        QCOMPARE(estimate.left(), (TimeRange{8min, 11min}));
    }

    void learnsHowLargeResultsAre()
    {
        QueueEstimate estimate;
        estimate.add({.sourceBytes = 1'000, .uploads = true, .uploadLeft = 100,
                      .uploadTotal = 500, .uploadRate = 10});
        estimate.add({.sourceBytes = 2'000, .exportLeft = 0, .uploads = true});
        QCOMPARE(estimate.left(), (TimeRange{110s, 140s})); // 1,100 bytes at 10 a second
    }
};

QTEST_APPLESS_MAIN(QueueEstimateTest)
#include "tst_queue_estimate.moc"
