// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/translations.h"
#include "ui/queue_words.h"

#include <QLocale>
#include <QTest>

using namespace sendoff;
using namespace sendoff::ui;

namespace {

QueueFigures figures(int exporting, int uploading, int waiting = 0, int done = 0)
{
    QueueFigures made;
    made.exporting = exporting;
    made.exportSlots = 2;
    made.uploading = uploading;
    made.uploadSlots = 4;
    made.waiting = waiting;
    made.done = done;
    made.all = exporting + uploading + waiting + done;
    return made;
}

} // namespace

Q_DECLARE_METATYPE(sendoff::ui::QueueFigures)
Q_DECLARE_METATYPE(sendoff::ui::QuitCost)

class QueueWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { app::installTranslations(QCoreApplication::instance(), QLocale::c()); }

    void titleAndStatus_data()
    {
        QTest::addColumn<QueueFigures>("given");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("status");
        QTest::newRow("empty") << QueueFigures() << u"Sendoff"_qs << u"Ready"_qs;
        QTest::newRow("both phases") << figures(2, 3) << u"2 exporting, 3 uploading — Sendoff"_qs
                                     << u"2 of 2 exports · 3 of 4 uploads"_qs;
        QTest::newRow("exports only") << figures(1, 0, 5) << u"1 exporting — Sendoff"_qs
                                      << u"1 of 2 exports"_qs;
        QTest::newRow("more than slots now") << figures(3, 0) << u"3 exporting — Sendoff"_qs
                                             << u"3 of 3 exports"_qs;
        QTest::newRow("all done") << figures(0, 0, 0, 9) << u"Sendoff"_qs << u"9 videos done"_qs;
        QTest::newRow("one done") << figures(0, 0, 0, 1) << u"Sendoff"_qs << u"1 video done"_qs;
        QTest::newRow("waiting") << figures(0, 0, 2, 1) << u"Sendoff"_qs << u"2 videos waiting"_qs;
        QueueFigures attention = figures(0, 0, 0, 3);
        attention.attention = 1;
        attention.all = 4;
        QTest::newRow("attention") << attention << u"1 needs attention — Sendoff"_qs
                                   << u"1 needs attention"_qs;
        QueueFigures paused = figures(0, 0, 2);
        paused.isPausedAll = true;
        QTest::newRow("all paused") << paused << u"paused — Sendoff"_qs << u"All paused"_qs;
        QueueFigures range = figures(1, 0);
        range.shortestLeft = std::chrono::seconds(8 * 60);
        range.longestLeft = std::chrono::seconds(11 * 60 - 5);
        QTest::newRow("a range of time") << range << u"1 exporting — Sendoff"_qs
                                         << u"1 of 2 exports · 8–11 min left"_qs;
        range.shortestLeft = std::chrono::seconds(35);
        range.longestLeft = std::chrono::seconds(40);
        QTest::newRow("nearly done") << range << u"1 exporting — Sendoff"_qs
                                     << u"1 of 2 exports · 40 s left"_qs;
    }
    void titleAndStatus()
    {
        QFETCH(const QueueFigures, given);
        QTEST(windowTitle(given), "title");
        QTEST(statusSentence(given), "status");
    }

    void quittingIsAskedAboutOnlyWhereWorkIsLost_data()
    {
        QTest::addColumn<QuitCost>("cost");
        QTest::addColumn<QString>("question");
        QTest::newRow("nothing runs") << QuitCost() << QString();
        QTest::newRow("uploads only") << QuitCost{0, 0, 3} << QString();
        QTest::newRow("an export that has just begun") << QuitCost{1, 2, 0} << QString();
        QTest::newRow("exports") << QuitCost{2, 40, 0}
                                 << u"2 exports start again (about 40 s of work)."_qs;
        QTest::newRow("one of each")
            << QuitCost{1, 200, 1}
            << u"1 export starts again (about 3 min 20 s of work). 1 upload continues where it is."_qs;
    }
    void quittingIsAskedAboutOnlyWhereWorkIsLost()
    {
        QFETCH(const QuitCost, cost);
        QTEST(quitQuestion(cost), "question");
    }
};

QTEST_GUILESS_MAIN(QueueWordsTest)
#include "tst_queue_words.moc"
