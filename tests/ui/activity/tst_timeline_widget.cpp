// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/activity/busy_program.h"
#include "ui/activity/activity_dock.h"
#include "ui/activity/activity_feed.h"
#include "ui/activity/timeline_widget.h"

#include <QAccessible>
#include <QMainWindow>
#include <QSignalSpy>
#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;
using namespace sendoff::test;
using namespace sendoff::ui;

namespace {

// A window with the dock over a program that works.
struct Shown {
    Shown()
    {
        GroupFacts facts;
        facts.cores = 2;
        facts.codecThreads = 1;
        timeline->setFacts(facts);
        window.addDockWidget(Qt::BottomDockWidgetArea, dock);
        window.resize(1280, 420);
        window.show();
    }

    Recorder recorder;
    AttachedWindow attached{recorder};
    BusyProgram program{recorder, 2, 3};
    ActivityFeed feed{&recorder};
    QMainWindow window;
    ActivityDock *dock = new ActivityDock(&feed);
    TimelineWidget *timeline = dock->timeline();

    int lanes(LaneKind kind) const
    {
        int count = 0;
        for (const Lane &lane : feed.timeline().lanes())
            count += lane.kind() == kind ? 1 : 0;
        return count;
    }
    bool hasAllLanes() const
    {
        return lanes(LaneKind::Worker) == 2 && lanes(LaneKind::Upload) == 3;
    }
};

} // namespace

class TimelineWidgetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void workersOverlapAndTurnsDoNot();
    void spaceHoldsThePictureStill();
    void theLoupeIsPlacedByKeysAndByClick();
    void zoomsWithKeysAndWheel();
    void aHiddenViewPaintsNothing();
    void reducedMotionPaintsOnceASecond();
    void aScreenReaderFindsAChart();
};

void TimelineWidgetTest::workersOverlapAndTurnsDoNot()
{
    Shown shown;
    QTRY_VERIFY(shown.hasAllLanes());
    QTest::qWait(2500);
    if (const QByteArray folder = qgetenv("SENDOFF_SCREENSHOTS"); !folder.isEmpty())
        shown.window.grab().save(QString::fromLocal8Bit(folder + "/timeline.png"));

    const Timeline timeline = shown.feed.timeline();
    int runningAtOnce = 0;
    std::vector<LaneSpan> turns;
    for (const Lane &lane : timeline.lanes()) {
        runningAtOnce += lane.kind() == LaneKind::Worker && lane.open() ? 1 : 0;
        if (lane.kind() != LaneKind::Upload)
            continue;
        for (const LaneSpan &span : lane.spans(0, timeline.nowNs())) {
            if (span.kind == SpanKind::Turn)
                turns.push_back(span);
        }
    }
    QCOMPARE(runningAtOnce, 2);
    QVERIFY(turns.size() > 50);
    std::sort(turns.begin(), turns.end(),
              [](const LaneSpan &a, const LaneSpan &b) { return a.beginNs < b.beginNs; });
    for (std::size_t index = 1; index < turns.size(); ++index)
        QVERIFY(turns[index - 1].endNs <= turns[index].beginNs);
}

void TimelineWidgetTest::spaceHoldsThePictureStill()
{
    Shown shown;
    QTRY_VERIFY(shown.hasAllLanes());
    QSignalSpy frozen(shown.timeline, &TimelineWidget::frozenChanged);
    QTest::keyClick(shown.timeline, Qt::Key_Space);
    QCOMPARE(frozen.count(), 1);
    QVERIFY(shown.timeline->isFrozen());
    const qint64 heldAt = shown.timeline->shown().nowNs();
    QTRY_VERIFY(shown.feed.timeline().nowNs() > heldAt + 200'000'000);
    QCOMPARE(shown.timeline->shown().nowNs(), heldAt);
    QCOMPARE(shown.timeline->view().storyEndNs, heldAt);
    QTest::keyClick(shown.timeline, Qt::Key_Space);
    QVERIFY(!shown.timeline->isFrozen());
    QVERIFY(shown.timeline->shown().nowNs() > heldAt);
}

void TimelineWidgetTest::theLoupeIsPlacedByKeysAndByClick()
{
    Shown shown;
    QTRY_VERIFY(shown.hasAllLanes());
    QTRY_VERIFY(shown.timeline->view().loupeBeginNs != 0);
    QSignalSpy sentences(shown.timeline, &TimelineWidget::sentenceChanged);
    QTest::keyClick(shown.timeline, Qt::Key_Space);
    const qint64 before = shown.timeline->view().loupeBeginNs;
    QTest::keyClick(shown.timeline, Qt::Key_Left);
    QCOMPARE(shown.timeline->view().loupeBeginNs, before - loupeLengthNs / 4);
    QVERIFY(shown.timeline->view().isLoupePinned);
    QTest::keyClick(shown.timeline, Qt::Key_Right);
    QCOMPARE(shown.timeline->view().loupeBeginNs, before);

    const int y = shown.timeline->height() / 2;
    QTest::mouseClick(shown.timeline, Qt::LeftButton, {}, QPoint(shown.timeline->width() / 2, y));
    const qint64 clicked = shown.timeline->view().loupeBeginNs;
    QVERIFY(clicked < before);
    QVERIFY(sentences.last().front().toString().contains(u'—'));
    QTest::keyClick(shown.timeline, Qt::Key_End);
    QVERIFY(!shown.timeline->view().isLoupePinned);
}

void TimelineWidgetTest::zoomsWithKeysAndWheel()
{
    Shown shown;
    QTRY_VERIFY(shown.hasAllLanes());
    QCOMPARE(shown.timeline->view().storyLengthNs, Timeline::keptNs);
    QTest::keyClick(shown.timeline, Qt::Key_Plus);
    QCOMPARE(shown.timeline->view().storyLengthNs, 30'000'000'000);
    for (int step = 0; step < 30; ++step)
        QTest::keyClick(shown.timeline, Qt::Key_Plus);
    QCOMPARE(shown.timeline->view().storyLengthNs, 50'000'000);
    for (int step = 0; step < 30; ++step)
        QTest::keyClick(shown.timeline, Qt::Key_Minus);
    QCOMPARE(shown.timeline->view().storyLengthNs, Timeline::keptNs);
    QWheelEvent wheel(QPointF(400, 60), QPointF(400, 60), {}, QPoint(0, 120), Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(shown.timeline, &wheel);
    QCOMPARE(shown.timeline->view().storyLengthNs, 30'000'000'000);
}

void TimelineWidgetTest::aHiddenViewPaintsNothing()
{
    Shown shown;
    QTRY_VERIFY(shown.timeline->framesPainted() > 3);
    shown.dock->hide();
    QCoreApplication::processEvents();
    const quint64 painted = shown.timeline->framesPainted();
    const qint64 since = shown.feed.timeline().nowNs();
    QTRY_VERIFY(shown.feed.timeline().nowNs() > since + 1'500'000'000); // it is still read
    QCOMPARE(shown.timeline->framesPainted(), painted);
    shown.dock->show();
    QTRY_VERIFY(shown.timeline->framesPainted() > painted);
}

void TimelineWidgetTest::reducedMotionPaintsOnceASecond()
{
    Shown shown;
    QTRY_VERIFY(shown.hasAllLanes());
    shown.timeline->setReducedMotion(true);
    for (int step = 0; step < 9; ++step)
        QTest::keyClick(shown.timeline, Qt::Key_Plus); // where it would else be fastest
    QCoreApplication::processEvents();
    const quint64 painted = shown.timeline->framesPainted();
    const qint64 since = shown.feed.timeline().nowNs();
    QTRY_VERIFY(shown.feed.timeline().nowNs() > since + 3'000'000'000);
    const double seconds = double(shown.feed.timeline().nowNs() - since) / 1e9;
    QVERIFY(shown.timeline->framesPainted() - painted <= quint64(seconds / 0.9) + 1);
    QVERIFY(shown.timeline->framesPainted() > painted);
}

void TimelineWidgetTest::aScreenReaderFindsAChart()
{
    installTimelineAccessibility();
    Shown shown;
    QTRY_VERIFY(shown.hasAllLanes());
    QAccessibleInterface *const chart = QAccessible::queryAccessibleInterface(shown.timeline);
    QVERIFY(chart);
    QCOMPARE(chart->role(), QAccessible::Chart);
    QCOMPARE(chart->text(QAccessible::Name), QStringLiteral("Activity over time"));
    const QString description = chart->text(QAccessible::Description);
    QVERIFY2(description.contains(u"2 threads run 2 exports"), qPrintable(description));
    QVERIFY2(description.contains(u"3 uploads, each waiting"), qPrintable(description));
}

QTEST_MAIN(TimelineWidgetTest)
#include "tst_timeline_widget.moc"
