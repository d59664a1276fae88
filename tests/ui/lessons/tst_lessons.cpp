// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons as a user tries them: real exports, real uploads, both pictures.
#include "core/activity/loop_event.h"
#include "core/lessons/experiment.h"
#include "core/transfer/net/net.h"
#include "ui/lessons/lesson_words.h"
#include "ui/lessons/lessons_page.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sendoff;
using namespace sendoff::activity;
using namespace sendoff::lessons;
using namespace sendoff::ui;

namespace {

constexpr int lessonTimeout = 300'000;

FilePath folderOf(const QTemporaryDir &folder)
{
    return folder.path().toStdString();
}

std::vector<LaneSpan> spansOf(const Timeline &timeline, LaneKind lanes, SpanKind kind)
{
    std::vector<LaneSpan> spans;
    for (const Lane &lane : timeline.lanes()) {
        if (lane.kind() != lanes)
            continue;
        for (const LaneSpan &span : lane.spans(0, timeline.nowNs())) {
            if (span.kind == kind)
                spans.push_back(span);
        }
    }
    std::sort(spans.begin(), spans.end(),
              [](const LaneSpan &a, const LaneSpan &b) { return a.beginNs < b.beginNs; });
    return spans;
}

bool overlap(const std::vector<LaneSpan> &spans)
{
    for (std::size_t index = 1; index < spans.size(); ++index) {
        if (spans[index].beginNs < spans[index - 1].endNs)
            return true;
    }
    return false;
}

Outcome outcomeOf(Experiment experiment, const QTemporaryDir &folder)
{
    const auto outcome = run(experiment, folderOf(folder), [](double) {}, {});
    if (!outcome)
        qFatal("%s", qPrintable(outcome.error().detail));
    return *outcome;
}

} // namespace

class LessonsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void workersOverlapOnlyWhereThereAreTwo();
    void uploadsTakeTurnsAndWaitTogether();
    void aBlockedLoopKeepsEveryUpload();
    void thePageShowsBothPictures_data();
    void thePageShowsBothPictures();
    void conclusionsAreTrueWhicheverWayItWent();
    void aPageThatIsClosedStopsItsLesson();

private:
    QTemporaryDir m_folder;
};

void LessonsTest::workersOverlapOnlyWhereThereAreTwo()
{
    const Outcome one = outcomeOf(Experiment::OneWorker, m_folder);
    const auto inTurn = spansOf(one.timeline, LaneKind::Worker, SpanKind::Work);
    QCOMPARE(inTurn.size(), std::size_t(2));
    QVERIFY(!overlap(inTurn));
    const Outcome two = outcomeOf(Experiment::TwoWorkers, m_folder);
    const auto together = spansOf(two.timeline, LaneKind::Worker, SpanKind::Work);
    QCOMPARE(together.size(), std::size_t(2));
    QVERIFY(overlap(together));
}

void LessonsTest::uploadsTakeTurnsAndWaitTogether()
{
    const Outcome one = outcomeOf(Experiment::OneUpload, m_folder);
    const Outcome three = outcomeOf(Experiment::ThreeUploads, m_folder);
    const auto turns = spansOf(three.timeline, LaneKind::Upload, SpanKind::Turn);
    QVERIFY(turns.size() > 20);
    QVERIFY(!overlap(turns));
    QVERIFY(overlap(spansOf(three.timeline, LaneKind::Upload, SpanKind::Wait)));
    // The server's rate sets how long each takes: three at once take about as long as the longest,
    // which is well below their sum on any machine.
    QVERIFY2(three.seconds < one.seconds * 0.75,
             qPrintable(QStringLiteral("%1 %2").arg(one.seconds).arg(three.seconds)));
}

void LessonsTest::aBlockedLoopKeepsEveryUpload()
{
    const Outcome blocked = outcomeOf(Experiment::BlockedLoop, m_folder);
    QVERIFY(blocked.worstDelayMs >= 500);
    // While it is blocked there is no turn of anybody.
    const Lane *loop = nullptr;
    for (const Lane &lane : blocked.timeline.lanes())
        loop = lane.kind() == LaneKind::NetworkLoop ? &lane : loop;
    QVERIFY(loop);
    bool isSeen = false;
    for (const LaneSpan &span : loop->events(0, blocked.timeline.nowNs())) {
        if (span.endNs - span.beginNs < 500'000'000)
            continue;
        isSeen = true;
        QVERIFY(loop->duty(span.beginNs, span.endNs).turnNs < 100'000'000);
        // The picture shows what the sentence says: they were ready, and had no turn.
        int kept = 0;
        for (const Lane &lane : blocked.timeline.lanes()) {
            if (lane.kind() == LaneKind::Upload)
                kept += lane.duty(span.beginNs, span.endNs).readyNs > 300'000'000 ? 1 : 0;
        }
        QCOMPARE(kept, 3);
    }
    QVERIFY(isSeen);
}

void LessonsTest::thePageShowsBothPictures_data()
{
    QTest::addColumn<int>("lesson");
    for (int lesson = 0; lesson < LessonsPage::lessonCount(); ++lesson)
        QTest::newRow(qPrintable(lessonWords(lesson).title)) << lesson;
}

void LessonsTest::thePageShowsBothPictures()
{
    QFETCH(const int, lesson);
    LessonsPage page;
    page.resize(1100, 700);
    page.show();
    page.choose(lesson);
    QSignalSpy tried(&page, &LessonsPage::tried);
    page.tryIt();
    QVERIFY(page.isTrying());
    page.tryIt(); // one at a time
    QVERIFY(tried.wait(lessonTimeout));
    QCOMPARE(tried.first().at(0).toInt(), lesson);
    QVERIFY2(tried.first().at(1).toBool(), qPrintable(page.conclusion()));
    QVERIFY(!page.conclusion().isEmpty());
    for (const char *name : {"lessonBefore", "lessonAfter"}) {
        const auto *const picture = page.findChild<QWidget *>(QString::fromLatin1(name));
        QVERIFY(picture && picture->isVisible());
        QVERIFY(!picture->accessibleName().isEmpty());
    }
    if (const QByteArray folder = qgetenv("SENDOFF_SCREENSHOTS"); !folder.isEmpty()) {
        QCoreApplication::processEvents();
        page.grab().save(QStringLiteral("%1/lesson-%2.png")
                             .arg(QString::fromLocal8Bit(folder))
                             .arg(lesson + 1));
    }
}

void LessonsTest::conclusionsAreTrueWhicheverWayItWent()
{
    Outcome slow;
    slow.seconds = 10;
    slow.cores = 2;
    Outcome fast = slow;
    fast.seconds = 5.5;
    QVERIFY(lessonCaptions(0, slow, fast).conclusion.contains(u"1.8 × as fast"));
    QVERIFY(lessonCaptions(0, slow, slow).conclusion.contains(u"Hardly faster"));
    fast.cores = 1;
    QVERIFY(lessonCaptions(0, slow, fast).conclusion.contains(u"one core"));
    fast.worstDelayMs = 512.4;
    QVERIFY(lessonCaptions(2, slow, fast).conclusion.contains(u"For 512 ms"));
}

void LessonsTest::aPageThatIsClosedStopsItsLesson()
{
    auto page = std::make_unique<LessonsPage>();
    page->choose(1);
    page->tryIt();
    QTest::qWait(300);
    page.reset(); // does not hang, leaks nothing, calls nobody
    QCoreApplication::processEvents();
}

int main(int argc, char **argv)
{
    net::Net::initialize();
    ObservedApplication<QApplication> application(argc, argv);
    LessonsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_lessons.moc"
