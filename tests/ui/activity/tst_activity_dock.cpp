// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_pool.h"
#include "tests/ui/activity/busy_program.h"
#include "ui/activity/activity_colors.h"
#include "ui/activity/activity_dock.h"
#include "ui/activity/activity_table.h"
#include "ui/activity/gauges.h"
#include "ui/activity/live_controls.h"
#include "ui/activity/timeline_widget.h"
#include "ui/theme/colors.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include <set>

using namespace sendoff;
using namespace sendoff::activity;
using namespace sendoff::test;
using namespace sendoff::ui;

namespace {

QPalette paletteOf(const QColor &base, const QColor &text)
{
    QPalette palette;
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::Window, base);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Text, text);
    return palette;
}

struct ShownDock {
    ShownDock()
    {
        feed.measureProcessorOn(&io);
        window.addDockWidget(Qt::BottomDockWidgetArea, dock);
        window.resize(1280, 420);
        window.show();
    }

    Recorder recorder;
    AttachedWindow attached{recorder};
    WorkerPool io{QStringLiteral("io"), 1, 0};
    BusyProgram program{recorder, 2, 3};
    ActivityFeed feed{&recorder};
    QMainWindow window;
    ActivityDock *dock = new ActivityDock(&feed);
};

} // namespace

class ActivityDockTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTableListsEveryLane();
    void controlsTellWhatWasChosen();
    void controlsShowWhatATimetableMeansNow();
    void moreExportsThanCoresAreNotFaster();
    void gaugesSayThemselvesInWords();
    void ratesAreStackedPerUpload();
    void whatHeldALoopUpIsSaid();
    void theTipNamesTheSegment();
    void almostAllIsNotAll();
    void oneThreadOnTwoCoresIsNotTheDisk();
    void everyControlHasANameAndIsLargeEnough();
    void colorsAreToldApart_data();
    void colorsAreToldApart();
};

void ActivityDockTest::theTableListsEveryLane()
{
    ShownDock shown;
    ActivityTableModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.show(shown.feed.timeline()); // empty yet
    QTRY_COMPARE(shown.feed.timeline().lanes().size(), std::size_t(2 + 1 + 3 + 1));
    QTRY_VERIFY(shown.feed.timeline().lanes().front().open());
    const qint64 since = shown.feed.timeline().nowNs(); // until there is something to tell
    QTRY_VERIFY(shown.feed.timeline().nowNs() > since + 500'000'000);
    const auto textNow = [&] {
        model.show(shown.feed.timeline());
        QStringList text;
        for (int row = 0; row < model.rowCount(); ++row) {
            for (int column = 0; column < model.columnCount(); ++column)
                text.append(model.index(row, column).data().toString());
        }
        return text.join(u'|');
    };
    // Once in a while it has its turn just then.
    QTRY_VERIFY(textNow().contains(u"Upload|Upload 3.mp4|waiting for the network|"));
    const QString all = textNow();
    QCOMPARE(model.rowCount(), 7);
    for (const char *expected : {"Worker 1|Clip ", "Worker 2|Clip ", "exporting|", "Network loop",
                                 "Upload|Upload 3.mp4|", "Window’s loop"})
        QVERIFY2(all.contains(QString::fromUtf8(expected)), qPrintable(all));
    QVERIFY2(all.contains(u"|encoding"), qPrintable(all)); // what sets the pace of an export
    QVERIFY2(all.contains(u"|the network"), qPrintable(all)); // … and of an upload
    QCOMPARE(model.headerData(ActivityTableModel::Waiting, Qt::Horizontal).toString(),
             QStringLiteral("Waiting"));

    // Lanes that come later find their place; those that stay keep theirs.
    const Timeline empty;
    model.show(empty);
    QCOMPARE(model.rowCount(), 0);
    model.show(shown.feed.timeline());
    QCOMPARE(model.rowCount(), 7);

    shown.dock->setTableShown(true);
    auto *const table = shown.dock->findChild<QTableView *>(QStringLiteral("activityTable"));
    QVERIFY(table && table->isVisible());
    QTRY_COMPARE(table->model()->rowCount(), 7);
    QVERIFY(!shown.dock->timeline()->isVisible());
}

void ActivityDockTest::controlsTellWhatWasChosen()
{
    LiveControls controls(2);
    QSignalSpy exports(&controls, &LiveControls::exportsAtOnceChanged);
    QSignalSpy uploads(&controls, &LiveControls::uploadsAtOnceChanged);
    QSignalSpy limits(&controls, &LiveControls::uploadLimitChanged);
    controls.setExportsAtOnce(2);
    controls.setUploadsAtOnce(3);
    controls.setUploadLimit(0);
    QVERIFY(exports.isEmpty() && uploads.isEmpty() && limits.isEmpty()); // it was only told
    QCOMPARE(controls.exportsAtOnce(), 2);
    QCOMPARE(controls.uploadsAtOnce(), 3);

    const auto spins = controls.findChildren<QSpinBox *>();
    QCOMPARE(spins.size(), 3);
    spins[0]->stepUp();
    QCOMPARE(exports.last().first().toInt(), 3);
    spins[2]->stepDown();
    QCOMPARE(uploads.last().first().toInt(), 2);

    QSignalSpy threads(&controls, &LiveControls::threadsPerExportChanged);
    controls.setThreadsPerExport(0);
    QVERIFY(threads.isEmpty());
    QCOMPARE(spins[1]->text(), QStringLiteral("auto"));
    QVERIFY(spins[1]->toolTip().contains(u"that have not begun"));
    spins[1]->stepUp();
    QCOMPARE(threads.last().first().toInt(), 1);
    QCOMPARE(controls.threadsPerExport(), 1);

    auto *const limit = controls.findChild<QComboBox *>();
    limit->lineEdit()->setText(QStringLiteral("2.5"));
    Q_EMIT limit->lineEdit()->editingFinished();
    QCOMPARE(limits.last().first().toLongLong(), 312'500);
    QCOMPARE(controls.uploadLimit(), 312'500);
    Q_EMIT limit->lineEdit()->editingFinished(); // nothing new
    QCOMPARE(limits.count(), 1);
    limit->lineEdit()->setText(QStringLiteral("none"));
    Q_EMIT limit->lineEdit()->editingFinished();
    QCOMPARE(limits.last().first().toLongLong(), 0);
    QCOMPARE(limit->currentText(), QStringLiteral("no limit"));
}

void ActivityDockTest::controlsShowWhatATimetableMeansNow()
{
    LiveControls controls(2);
    QSignalSpy limits(&controls, &LiveControls::uploadLimitChanged);
    QSignalSpy timetables(&controls, &LiveControls::uploadTimetableTyped);
    auto *const limit = controls.findChild<QComboBox *>();
    const QString timetable = QStringLiteral("08:00-18:00=1M, rest=off");
    limit->lineEdit()->setText(timetable);
    Q_EMIT limit->lineEdit()->editingFinished();
    QCOMPARE(timetables.last().first().toString(), timetable);
    controls.setUploadTimetable(timetable, 1'000'000, QStringLiteral("18:00"));
    QCOMPARE(limit->currentText(), timetable);
    QCOMPARE(controls.uploadLimit(), 1'000'000);
    const auto shows = [&controls](const QString &text) {
        for (const QLabel *label : controls.findChildren<QLabel *>()) {
            if (!label->isHidden() && label->text() == text)
                return true;
        }
        return false;
    };
    QVERIFY(shows(QStringLiteral("now 8 Mbit/s, until 18:00")));
    Q_EMIT limit->lineEdit()->editingFinished(); // nothing new
    QCOMPARE(timetables.count(), 1);
    controls.setUploadTimetable(timetable, 0, {});
    QVERIFY(shows(QStringLiteral("now no limit")));
    limit->lineEdit()->setText(QStringLiteral("8")); // instead of it
    Q_EMIT limit->lineEdit()->editingFinished();
    QCOMPARE(limits.last().first().toLongLong(), 1'000'000);
    QVERIFY(!shows(QStringLiteral("now no limit")));
}

void ActivityDockTest::moreExportsThanCoresAreNotFaster()
{
    LiveControls controls(2);
    const auto says = [&](const QString &text) {
        const auto labels = controls.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel *label) { return label->text() == text; });
    };
    controls.setExportsAtOnce(4);
    QVERIFY(says(QStringLiteral("4 exports share 2 cores: more at once, not faster")));
    controls.setExportsAtOnce(2);
    QVERIFY(!says(QStringLiteral("4 exports share 2 cores: more at once, not faster")));

    ShownDock shown;
    GroupFacts facts;
    facts.cores = 1;
    facts.codecThreads = 1;
    QTRY_VERIFY(exportsSubtitle(shown.feed.timeline(), facts)
                    .contains(u"2 exports share 1 core: more at once, not faster"));
    const QString subtitle = exportsSubtitle(shown.feed.timeline(), facts);
    QVERIFY2(subtitle.contains(u"each uses 1 codec thread"), qPrintable(subtitle));
    facts.mostCodecThreads = 2;
    QVERIFY(exportsSubtitle(shown.feed.timeline(), facts).contains(u"each uses 1 to 2 codec threads"));
}

void ActivityDockTest::gaugesSayThemselvesInWords()
{
    ShownDock shown;
    auto *const cpu = new CpuGauge(&shown.feed);
    auto *const rate = new NetworkGauge(&shown.feed);
    auto *const lag = new LagGauge(&shown.feed);
    auto *const row = new QWidget;
    for (QWidget *gauge : std::initializer_list<QWidget *>{cpu, rate, lag})
        gauge->setParent(row);
    shown.window.setCentralWidget(row);
    QTRY_VERIFY(cpu->accessibleDescription().contains(u"of the processor’s"));
    QTRY_VERIFY(lag->accessibleDescription().contains(u"16 and 100 ms"));
    QVERIFY(rate->accessibleDescription().contains(u"No upload sends"));
    for (const QWidget *gauge : std::initializer_list<const QWidget *>{cpu, rate, lag}) {
        QVERIFY(!gauge->accessibleName().isEmpty());
        QVERIFY(gauge->sizeHint().height() >= gauge->fontMetrics().height());
    }
}

void ActivityDockTest::ratesAreStackedPerUpload()
{
    Recorder recorder;
    recorder.attachThisThread(QStringLiteral("network"), ThreadRole::Network);
    std::vector<ActivityId> uploads;
    for (const QString &title : {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}) {
        uploads.push_back(recorder.registerActivity(title, ActivityRole::Upload));
        recorder.registerActivity(title, ActivityRole::Export); // every other id is an upload's
    }
    ActivityFeed feed(&recorder);
    NetworkGauge gauge(&feed);
    gauge.resize(gauge.sizeHint());
    gauge.show();
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < 1'600; QTest::qWait(20)) {
        for (const ActivityId id : uploads) {
            const Turn turn(id);
            noteSent(id, 20'000);
            noteWait(WaitReason::Network);
        }
        feed.read();
    }
    recorder.detachThisThread();
    const ActivityColors colors = activityColors(gauge.palette());
    const QImage picture = gauge.grab().toImage();
    std::set<QRgb> tones;
    const int right = 9 * gauge.fontMetrics().averageCharWidth(); // the newest stand there
    for (int x = right - 6; x <= right; ++x) {
        for (int y = 0; y < picture.height(); ++y)
            tones.insert(picture.pixel(x, y));
    }
    for (const double paler : {0.0, 0.5, 0.25})
        QVERIFY(tones.contains(mixed(colors.turn, colors.lane, paler).rgb()));
    const QString words = gauge.accessibleDescription();
    for (const char *title : {"a: ", "b: ", "c: "})
        QVERIFY2(words.contains(QString::fromLatin1(title)), qPrintable(words));
}

void ActivityDockTest::whatHeldALoopUpIsSaid()
{
    LongEvent event;
    event.endNs = monotonicNs();
    event.beginNs = event.endNs - 180'000'000;
    event.task = LoopTask::Paint;
    event.receiver = "QListView";
    ShownDock shown;
    Q_EMIT shown.feed.wasHeldUp(ThreadRole::Window, event);
    QTRY_VERIFY2(shown.dock->timeline()->description().contains(u"busy for 180 ms at "),
                 qPrintable(shown.dock->timeline()->description()));
    QVERIFY(shown.dock->timeline()->description().contains(u"(drawing, QListView)"));
    event.task = LoopTask::Socket;
    event.beginNs = event.endNs - 250'000'000;
    Q_EMIT shown.feed.wasHeldUp(ThreadRole::Network, event);
    QTRY_VERIFY(shown.dock->timeline()->description().contains(u"busy for 250 ms at "));
    QVERIFY(shown.dock->timeline()->description().contains(u"(the network, QListView)"));
}

void ActivityDockTest::theTipNamesTheSegment()
{
    ShownDock shown;
    const auto worker = [&]() -> const Lane * {
        for (const Lane &lane : shown.feed.timeline().lanes()) {
            if (lane.kind() == LaneKind::Worker && lane.open() && !lane.segments().empty())
                return &lane;
        }
        return nullptr;
    };
    QTRY_VERIFY(worker());
    const Lane &lane = *worker();
    const qint64 time = lane.segments().back().beginNs + 1;
    const QString tip = laneTip(shown.feed.timeline(), lane, 1, time);
    QVERIFY2(tip.contains(QStringLiteral(", segment %1").arg(lane.segments().back().number)),
             qPrintable(tip));
}

void ActivityDockTest::almostAllIsNotAll()
{
    QCOMPARE(percentOf(1), QStringLiteral("100 %"));
    QCOMPARE(percentOf(0.9997), QStringLiteral("99.9 %"));
    QCOMPARE(percentOf(0.992), QStringLiteral("99.2 %"));
    QCOMPARE(percentOf(0.97), QStringLiteral("97 %"));
    QCOMPARE(percentOf(0.0004), QStringLiteral("< 0.1 %"));
}

// An export that has one codec thread can use one core, however many there are: it is measured
// against that.
void ActivityDockTest::oneThreadOnTwoCoresIsNotTheDisk()
{
    Recorder recorder;
    const AttachedWindow attached(recorder);
    WorkerPool io(QStringLiteral("io"), 1, 0);
    const BusyProgram program(recorder, 1, 0);
    ActivityFeed feed(&recorder);
    QCOMPARE(feed.exportCpuShare(), -1.0);
    feed.measureProcessorOn(&io);
    QTRY_VERIFY(feed.exportCpuShare() >= 0);
    QCOMPARE(feed.codecThreads(), std::pair(1, 1));
    // Of one core, or of what other programs leave of it.
    QVERIFY(feed.exportCpuShare() >= std::min(1.0, feed.cpu().exportCores));
    QVERIFY(feed.exportCpuShare() <= 1);
}

void ActivityDockTest::everyControlHasANameAndIsLargeEnough()
{
    ShownDock shown;
    int checked = 0;
    for (const QWidget *widget : shown.dock->findChildren<QWidget *>()) {
        const bool takesFocus = widget->isVisible() && widget->focusPolicy() != Qt::NoFocus
            && !widget->focusProxy() && widget->objectName() != u"qt_spinbox_lineedit";
        if (!takesFocus || qobject_cast<const QLineEdit *>(widget))
            continue;
        QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        ++checked;
    }
    QVERIFY(checked >= 8);
    for (const QAbstractButton *button : shown.dock->findChildren<QToolButton *>()) {
        const bool isOurs = button->isVisible() && !button->text().isEmpty();
        QVERIFY2(!isOurs || (button->width() >= 24 && button->height() >= 24),
                 qPrintable(button->text()));
    }
}

void ActivityDockTest::colorsAreToldApart_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << paletteOf(Qt::white, Qt::black);
    QTest::newRow("dark") << paletteOf(QColor(0x1d2023), QColor(0xf0f0f0));
}

void ActivityDockTest::colorsAreToldApart()
{
    QFETCH(const QPalette, palette);
    const ActivityColors colors = activityColors(palette);
    for (const QColor &color : {colors.work, colors.turn, colors.ready, colors.busy, colors.paint,
                                colors.outline})
        QVERIFY2(contrast(color, colors.lane) >= 3.0, qPrintable(color.name()));
    QVERIFY(contrast(colors.onWork, colors.work) >= 4.5);
    QVERIFY(contrast(colors.quiet, palette.color(QPalette::Window)) >= 4.5);
    QVERIFY(contrast(colors.held, colors.lane) >= 4.5);
    // A thousandth of the time is seen, and is told from a hundredth and from all of it.
    const auto shade = [&](double share) { return mixed(colors.lane, colors.turn, shadeOf(share)); };
    QCOMPARE(shadeOf(0), 0.0);
    QCOMPARE(shadeOf(1), 1.0);
    QVERIFY(contrast(shade(0.001), colors.lane) > 1.15);
    QVERIFY(contrast(shade(0.01), shade(0.001)) > 1.15);
    QVERIFY(contrast(shade(1), shade(0.01)) > 1.4);
}

QTEST_MAIN(ActivityDockTest)
#include "tst_activity_dock.moc"
