// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_lab.h"
#include "ui/queue/filter_list.h"
#include "ui/queue/queue_placeholder.h"

#include <QAccessible>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace sendoff;
using namespace sendoff::ui;
using namespace sendoff::ui::test;
using namespace std::chrono_literals;
using queue::Job;
using queue::LegState;

namespace {

// Counts what is painted.
class PaintCounter : public QObject {
public:
    explicit PaintCounter(QWidget *widget) { widget->installEventFilter(this); }
    int paints = 0;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        paints += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
};

struct ViewLab : QueueLab {
    ViewLab()
        : view(filter.get(), actions.get())
    {
        view.resize(800, 500);
    }

    void show()
    {
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setFocus();
    }
    QModelIndex row(int number) const { return filter->index(number, 0); }
    QString id(int number) const { return queue->order()[number]; }
    QPoint button(int number, int which) const
    {
        return view.layoutAt(row(number)).buttons[std::size_t(which)].center();
    }
    LegState legState(const QString &id, int leg) const { return job(id).legs[leg].state; }

    QueueView view;
};

// What a real drag ends in.
void drop(ViewLab &lab, const QList<int> &rows, const QPoint &point)
{
    QModelIndexList indexes;
    for (const int number : rows)
        indexes.append(lab.row(number));
    const std::unique_ptr<QMimeData> mime(lab.filter->mimeData(indexes));
    QDragEnterEvent enter(point, Qt::MoveAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(lab.view.viewport(), &enter);
    QVERIFY(enter.isAccepted());
    QDragMoveEvent move(point, Qt::MoveAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(lab.view.viewport(), &move);
    QDropEvent dropped(point, Qt::MoveAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(lab.view.viewport(), &dropped);
}

} // namespace

class QueueViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keysActOnTheSelection()
    {
        ViewLab lab;
        lab.add({waitingJob("a.mp4"), waitingJob("b.mp4"), waitingJob("c.mp4")});
        const QStringList ids = lab.queue->order();
        lab.show();
        QTest::keyClick(&lab.view, Qt::Key_Down);
        lab.view.showJob(ids[1]);
        QTest::keyClick(&lab.view, Qt::Key_Space);
        QCOMPARE(lab.legState(ids[1], 0), LegState::Paused);
        QTest::keyClick(&lab.view, Qt::Key_Space);
        QCOMPARE(lab.legState(ids[1], 0), LegState::Waiting);
        QTest::keyClick(&lab.view, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(lab.queue->order(), QStringList({ids[1], ids[0], ids[2]}));
        QTest::keyClick(&lab.view, Qt::Key_End, Qt::AltModifier);
        QCOMPARE(lab.queue->order(), QStringList({ids[0], ids[2], ids[1]}));
        QCOMPARE(lab.view.selectedIds(), QStringList{ids[1]}); // the row keeps its selection
        QTest::keyClick(&lab.view, Qt::Key_Home, Qt::AltModifier);
        QCOMPARE(lab.queue->order().first(), ids[1]);
        QTest::keyClick(&lab.view, Qt::Key_Delete);
        QCOMPARE(lab.legState(ids[1], 0), LegState::Cancelled);
        lab.undo.undo();
        QCOMPARE(lab.legState(ids[1], 0), LegState::Waiting);
        QTest::keyClick(&lab.view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(lab.view.selectedIds(), lab.queue->order());
        QTest::keyClick(&lab.view, Qt::Key_Escape);
        QVERIFY(lab.view.selectedIds().isEmpty());
    }

    void retriesByKey()
    {
        ViewLab lab;
        Job job = jobIn("a.mp4", LegState::NeedsAttention, LegState::Waiting);
        job.legs[0].error = Error(ErrorKind::DiskFull);
        lab.add(job);
        lab.show();
        lab.view.showJob(job.id);
        QTest::keyClick(&lab.view, Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(lab.legState(job.id, 0), LegState::Waiting);
    }

    void buttonsActOnTheirRowAlone()
    {
        ViewLab lab;
        lab.add({waitingJob("a.mp4"), waitingJob("b.mp4")});
        lab.show();
        lab.view.showJob(lab.id(0));
        QTest::mouseClick(lab.view.viewport(), Qt::LeftButton, {}, lab.button(1, 0));
        QCOMPARE(lab.legState(lab.id(1), 0), LegState::Paused);
        QCOMPARE(lab.legState(lab.id(0), 0), LegState::Waiting);
        QCOMPARE(lab.view.selectedIds(), QStringList{lab.id(0)}); // pressing selects nothing
        QTest::mouseClick(lab.view.viewport(), Qt::LeftButton, {}, lab.button(0, 1));
        QCOMPARE(lab.legState(lab.id(0), 0), LegState::Cancelled);
    }

    void aPressThatLeavesTheButtonDoesNothing()
    {
        ViewLab lab;
        lab.add(waitingJob("a.mp4"));
        lab.show();
        QTest::mousePress(lab.view.viewport(), Qt::LeftButton, {}, lab.button(0, 0));
        QTest::mouseMove(lab.view.viewport(), QPoint(100, 20));
        QTest::mouseRelease(lab.view.viewport(), Qt::LeftButton, {}, QPoint(100, 20));
        QCOMPARE(lab.legState(lab.id(0), 0), LegState::Waiting);
    }

    void buttonsAreMirrored()
    {
        ViewLab lab;
        lab.add(waitingJob("a.mp4"));
        lab.view.setLayoutDirection(Qt::RightToLeft);
        lab.show();
        QVERIFY(lab.button(0, 0).x() < 100);
        QTest::mouseClick(lab.view.viewport(), Qt::LeftButton, {}, lab.button(0, 0));
        QCOMPARE(lab.legState(lab.id(0), 0), LegState::Paused);
    }

    void draggedRowsMove()
    {
        ViewLab lab;
        lab.add(
            {waitingJob("a.mp4"), waitingJob("b.mp4"), waitingJob("c.mp4"), waitingJob("d.mp4")});
        const QStringList ids = lab.queue->order();
        lab.show();
        const QRect first = lab.view.visualRect(lab.row(0));
        drop(lab, {2, 3}, first.topLeft() + QPoint(100, 2));
        QCOMPARE(lab.queue->order(), QStringList({ids[2], ids[3], ids[0], ids[1]}));
        drop(lab, {0}, QPoint(100, lab.view.viewport()->height() - 5)); // below all rows
        QCOMPARE(lab.queue->order(), QStringList({ids[3], ids[0], ids[1], ids[2]}));
        lab.undo.undo();
        lab.undo.undo();
        QCOMPARE(lab.queue->order(), ids);
    }

    void filesAreNotTakenByTheList()
    {
        ViewLab lab;
        lab.add(waitingJob("a.mp4"));
        lab.show();
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(QStringLiteral("/videos/x.mp4"))});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton,
                              Qt::NoModifier);
        QCoreApplication::sendEvent(lab.view.viewport(), &enter);
        QVERIFY(!enter.isAccepted()); // it is the window's
    }

    void anEmptyFilterSaysSoAndLeadsBack()
    {
        ViewLab lab;
        lab.add(waitingJob("a.mp4"));
        lab.show();
        auto *placeholder = lab.view.findChild<QueuePlaceholder *>();
        QVERIFY(!placeholder->isVisible());
        lab.filter->setKind(FilterKind::Paused);
        QTRY_VERIFY(placeholder->isVisible());
        QCOMPARE(placeholder->findChild<QLabel *>()->text(), QStringLiteral("Nothing is paused."));
        QSignalSpy wishes(&lab.view, &QueueView::showAllRequested);
        auto *button = placeholder->findChild<QPushButton *>();
        QCOMPARE(button->text(), QStringLiteral("Show all"));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wishes.size(), 1);
        lab.filter->setKind(FilterKind::All);
        QVERIFY(!placeholder->isVisible());
        lab.filter->setFindText(QStringLiteral("xyz"));
        QVERIFY(placeholder->findChild<QLabel *>()->text().contains(QStringLiteral("xyz")));
    }

    void rowsThatComeAndGoAboveDoNotMoveWhatIsSeen()
    {
        ViewLab lab;
        QList<Job> jobs;
        for (int number = 0; number < 100; ++number)
            jobs.append(waitingJob("a.mp4"));
        lab.add(jobs);
        lab.show();
        QScrollBar *bar = lab.view.verticalScrollBar();
        bar->setValue(lab.view.visualRect(lab.row(50)).top() + bar->value());
        const QPersistentModelIndex seen = lab.row(52);
        const int top = lab.view.visualRect(seen).top();
        (void)lab.commands->remove({lab.id(3), lab.id(4)});
        QTRY_COMPARE(lab.filter->rowCount(), 98);
        QTRY_COMPARE(lab.view.visualRect(seen).top(), top);
        (void)lab.commands->move({lab.id(97)}, queue::MoveTo::Top);
        QTRY_COMPARE(lab.view.visualRect(seen).top(), top);
    }

    void nothingIsPaintedWhileHidden()
    {
        ViewLab lab;
        addMixedRows(lab);
        lab.show();
        PaintCounter counter(lab.view.viewport());
        lab.view.hide();
        QSignalSpy changes(lab.model.get(), &QAbstractItemModel::dataChanged);
        QTest::qWait(400);
        QCOMPARE(counter.paints, 0);
        QCOMPARE(changes.size(), 0);
        lab.view.show();
        QTRY_VERIFY(counter.paints > 0);
    }

    void rowsAreReadToScreenReaders()
    {
        ViewLab lab;
        addMixedRows(lab);
        lab.show();
        QAccessibleInterface *view = QAccessible::queryAccessibleInterface(&lab.view);
        QVERIFY(view && view->tableInterface());
        QAccessibleInterface *cell = view->tableInterface()->cellAt(0, 0);
        QVERIFY(cell);
        QVERIFY2(cell->text(QAccessible::Name).contains(QStringLiteral("row 1 of 9")),
                 qPrintable(cell->text(QAccessible::Name)));
    }

    void filtersAreOnlyThoseWithRows()
    {
        QueueLab lab;
        FilterList list(lab.filter.get());
        QCOMPARE(list.count(), 1);
        addMixedRows(lab);
        QCOMPARE(list.count(), 7); // all but Cancelled
        QCOMPARE(list.kindAt(1), FilterKind::NeedsAttention);
        list.setCurrentRow(5);
        QTRY_COMPARE(lab.filter->kind(), *list.kindAt(5));
        QVERIFY(!list.accessibleName().isEmpty());
        QCOMPARE(list.currentRow(), 5);
        list.setDestinations({{QStringLiteral("shelf:"),
                               queue::DestinationState::Health::Unreachable, std::nullopt, 0, 1}});
        QCOMPARE(list.count(), 9);
        QVERIFY(!list.kindAt(8));
        QVERIFY(list.sizeHint().width()
                >= list.fontMetrics().horizontalAdvance(QStringLiteral("Shelf Can't reach")));
    }

    void theContextMenuOpensByKey()
    {
        ViewLab lab;
        lab.add(waitingJob("a.mp4"));
        lab.show();
        lab.view.showJob(lab.id(0));
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(1, 1),
                                lab.view.mapToGlobal(QPoint(1, 1)));
        QCoreApplication::sendEvent(&lab.view, &event);
        auto *menu = lab.view.findChild<QMenu *>();
        QVERIFY(menu);
        QTRY_VERIFY(menu->isVisible());
        menu->close();
    }
};

QTEST_MAIN(QueueViewTest)
#include "tst_queue_view.moc"
