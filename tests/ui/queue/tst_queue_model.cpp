// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_lab.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

using namespace sendoff;
using namespace sendoff::ui;
using namespace sendoff::ui::test;
using namespace std::chrono_literals;
using queue::Job;
using queue::LegEvent;
using queue::LegState;
using queue::RowWord;
using Tester = QAbstractItemModelTester;

namespace {

QStringList shownIds(const QueueLab &lab)
{
    QStringList ids;
    for (int row = 0; row < lab.filter->rowCount(); ++row)
        ids.append(lab.filter->idOf(lab.filter->index(row, 0)));
    return ids;
}

RowContent contentOf(const QueueLab &lab, int row)
{
    return lab.model->index(row).data(QueueModel::ContentRole).value<RowContent>();
}

queue::LegProgress progressAt(double fraction)
{
    queue::LegProgress progress;
    progress.fraction = fraction;
    return progress;
}

// One export at 4 % and 40 pictures a second, whose result grows by `bytes` each tenth of it; one
// upload of 200 MB at 10 MB a second.
void workForTenSeconds(QueueLab &lab, const Job &exporting, const Job &uploading, qint64 bytes)
{
    for (int tenth = 0; tenth <= 100; ++tenth) {
        queue::LegProgress work = progressAt(0.004 * tenth);
        work.frames = 4 * tenth;
        work.bytes = bytes * tenth;
        lab.progress[{exporting.id, 0}] = work;
        queue::LegProgress sent = progressAt(0.005 * tenth);
        sent.bytes = 1'000'000 * tenth;
        sent.totalBytes = 200'000'000;
        lab.progress[{uploading.id, 1}] = sent;
        lab.pass(100ms);
    }
}

} // namespace

class QueueModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsTheQueueThroughEveryChange()
    {
        QueueLab lab;
        const Tester model(lab.model.get(), Tester::FailureReportingMode::QtTest);
        const Tester filter(lab.filter.get(), Tester::FailureReportingMode::QtTest);
        addMixedRows(lab);
        QCOMPARE(shownIds(lab), lab.queue->order());
        const QString third = lab.queue->order()[2];
        (void)lab.commands->move({third}, queue::MoveTo::Top);
        QCOMPARE(lab.queue->order().first(), third);
        QCOMPARE(shownIds(lab), lab.queue->order());
        lab.filter->setKind(FilterKind::Paused);
        QCOMPARE(lab.filter->rowCount(), 1);
        (void)lab.commands->pause({lab.queue->order()[1]});
        QTRY_COMPARE(lab.filter->rowCount(), 2);
        lab.filter->setKind(FilterKind::All);
        const QString done = lab.queue->order().last();
        (void)lab.commands->remove({done});
        QTRY_COMPARE(lab.filter->rowCount(), 8);
        (void)lab.commands->restore({done});
        QTRY_COMPARE(shownIds(lab), lab.queue->order());
        QCOMPARE(lab.filter->rowCount(), 9);
    }

    void keepsWhatIsSelectedWhenRowsMove()
    {
        QueueLab lab;
        addMixedRows(lab);
        const QPersistentModelIndex index = lab.filter->index(4, 0);
        const QString id = lab.filter->idOf(index);
        (void)lab.commands->move({id}, queue::MoveTo::Bottom);
        QCOMPARE(lab.filter->idOf(index), id);
        QCOMPARE(index.row(), 8);
    }

    void countsRowsOfEachKind()
    {
        QueueLab lab;
        addMixedRows(lab);
        QCOMPARE(lab.filter->count(FilterKind::All), 9);
        QCOMPARE(lab.filter->count(FilterKind::Exporting), 2);
        QCOMPARE(lab.filter->count(FilterKind::Uploading), 4); // one of them exports, too
        QCOMPARE(lab.filter->count(FilterKind::Waiting), 1);
        QCOMPARE(lab.filter->count(FilterKind::Paused), 1);
        QCOMPARE(lab.filter->count(FilterKind::NeedsAttention), 1);
        QCOMPARE(lab.filter->count(FilterKind::Done), 1);
        QCOMPARE(lab.filter->count(FilterKind::Cancelled), 0);
        lab.commands->pauseAll(); // nothing is changed but what could run
        QCOMPARE(lab.filter->count(FilterKind::Paused), 3);
        lab.commands->resumeAll();
        QCOMPARE(lab.filter->count(FilterKind::Paused), 1);
    }

    void findsByName()
    {
        QueueLab lab;
        addMixedRows(lab);
        lab.filter->setFindText(QStringLiteral("SCHOOL"));
        QCOMPARE(lab.filter->rowCount(), 2);
        lab.filter->setKind(FilterKind::Paused);
        QCOMPARE(lab.filter->rowCount(), 0);
    }

    void tellsManyChangesOfOneTurnAtOnce()
    {
        QueueLab lab;
        QList<Job> jobs;
        for (int number = 0; number < 100; ++number)
            jobs.append(waitingJob("a.mp4"));
        lab.add(jobs);
        QCoreApplication::processEvents();
        QSignalSpy changes(lab.model.get(), &QAbstractItemModel::dataChanged);
        for (const QString &id : lab.queue->order())
            lab.queue->apply(id, 0, LegEvent::Start);
        QVERIFY(changes.isEmpty());
        QCoreApplication::processEvents();
        QCOMPARE(changes.size(), 1);
    }

    void tellsProgressOnlyOfWhatChanged()
    {
        QueueLab lab;
        addMixedRows(lab);
        QCoreApplication::processEvents();
        QSignalSpy changes(lab.model.get(), &QAbstractItemModel::dataChanged);
        lab.progress.insert({lab.queue->order()[0], 0}, progressAt(0.7));
        lab.progress.remove({lab.queue->order()[4], 1}); // its countdown would go on
        lab.pass(100ms);
        lab.pass(100ms);
        QVERIFY(changes.size() >= 1);
        QCOMPARE(changes.first()[0].toModelIndex().row(), 0);
        const qsizetype before = changes.size();
        lab.pass(1s);
        QCOMPARE(changes.size(), before);
    }

    void neverGoesBack()
    {
        QueueLab lab;
        const Job job = jobIn("a.mp4", LegState::Running, LegState::Waiting);
        lab.add(job);
        double shown = 0;
        for (const double fraction : {0.1, 0.5, 0.3, -1.0, 0.45, 0.6, 0.2}) {
            lab.progress[{job.id, 0}] = progressAt(fraction);
            lab.pass(100ms);
            const double now = contentOf(lab, 0).tracks[0].fraction;
            QVERIFY(now >= shown);
            shown = now;
        }
        QCOMPARE(shown, 0.6);
        lab.progress.clear();
        (void)lab.commands->pause({job.id});
        QCOMPARE(contentOf(lab, 0).tracks[0].fraction, 0.6);
        QVERIFY(contentOf(lab, 0).text.sentence.contains(QStringLiteral("60")));
        (void)lab.commands->startOver({job.id});
        (void)lab.commands->resume({job.id});
        QCOMPARE(contentOf(lab, 0).tracks[0].fraction, 0.0);
    }

    // One exports, one uploads, one waits for both: 4 % a second of three exports of one size.
    void saysPicturesPerSecondAndWhenAllWillBeDone()
    {
        QueueLab lab;
        const Job exporting = jobIn("a.mp4", LegState::Running, LegState::Waiting);
        const Job uploading = jobIn("b.mp4", LegState::Done, LegState::Running);
        lab.add({exporting, uploading, waitingJob("c.mp4")});
        workForTenSeconds(lab, exporting, uploading, 0);
        QVERIFY(contentOf(lab, 0).text.sentence.contains(QStringLiteral("40\u00a0fps")));
        // 1.6 exports at 0.04 a second, and 500 MB at 10 MB a second: 40 s to 90 s.
        QCOMPARE(lab.model->left(), (queue::TimeRange{50s, 90s}));
        QSignalSpy changed(lab.model.get(), &QueueModel::leftChanged);
        (void)lab.commands->pause({exporting.id, uploading.id, lab.queue->order()[2]});
        QTRY_COMPARE(lab.model->left(), std::optional<queue::TimeRange>());
        QVERIFY(!changed.isEmpty());
    }

    // A result that turns out small takes less time to upload than its source would.
    void expectsResultsByWhatExportsHaveMadeSoFar()
    {
        const auto longestWith = [](qint64 bytesPerTenth) {
            QueueLab lab;
            const Job exporting = jobIn("a.mp4", LegState::Running, LegState::Waiting);
            const Job uploading = jobIn("b.mp4", LegState::Done, LegState::Running);
            lab.add({exporting, uploading});
            workForTenSeconds(lab, exporting, uploading, bytesPerTenth);
            return lab.model->left().value_or(queue::TimeRange{}).longest;
        };
        QVERIFY(longestWith(40'000) > 0s); // 10 MB in the end
        QVERIFY(longestWith(40'000) < longestWith(4'000'000)); // 1 GB
        QVERIFY(longestWith(40'000) < longestWith(0)); // as large as the other one's
    }

    void movesAnUploadBesideItsExport()
    {
        QueueLab lab;
        const Job job = jobIn("a.mp4", LegState::Running, LegState::Running);
        lab.add(job);
        queue::LegProgress exporting = progressAt(0.5);
        exporting.bytes = 100'000'000;
        queue::LegProgress uploading;
        uploading.bytes = 60'000'000;
        lab.progress[{job.id, 0}] = exporting;
        lab.progress[{job.id, 1}] = uploading;
        lab.pass(200ms);
        const QList<Track> tracks = contentOf(lab, 0).tracks;
        QCOMPARE(tracks.size(), 2);
        QCOMPARE(tracks[0].fraction, 0.5);
        QCOMPARE(tracks[1].fraction, 0.3);
        QCOMPARE(tracks[1].look, Track::Look::Working);
    }

    void offersTheFileOfAFinishedRow()
    {
        QueueLab lab;
        Job job = jobIn("a.mp4", LegState::Done, LegState::Done);
        job.recipe.destinations.clear();
        job.recipe.outputFolder = "/out";
        job.legs.resize(1);
        job.legs[0].result = {{QStringLiteral("output"), QStringLiteral("/out/a b.mp4")}};
        lab.add({job, waitingJob("b.mp4")});
        const std::unique_ptr<QMimeData> done(lab.model->mimeData({lab.model->index(0)}));
        QCOMPARE(done->urls(), QList<QUrl>{QUrl::fromLocalFile(QStringLiteral("/out/a b.mp4"))});
        const std::unique_ptr<QMimeData> waiting(lab.model->mimeData({lab.model->index(1)}));
        QVERIFY(!waiting->hasUrls());
    }

    void movesRowsThatAreDropped()
    {
        QueueLab lab;
        addMixedRows(lab);
        const QStringList before = lab.queue->order();
        QSignalSpy moves(lab.model.get(), &QueueModel::moveRequested);
        const std::unique_ptr<QMimeData> dragged(
            lab.model->mimeData({lab.model->index(6), lab.model->index(7)}));
        lab.model->dropMimeData(dragged.get(), Qt::MoveAction, 1, 0, {});
        QCOMPARE(moves.size(), 1);
        QCOMPARE(moves[0][0].toStringList(), before.mid(6, 2));
        QCOMPARE(moves[0][1].toInt(), 1);
        QVERIFY(!lab.model->canDropMimeData(dragged.get(), Qt::MoveAction, -1, -1,
                                            lab.model->index(3))); // rows are no targets
    }

    void saysTheWholeRowToScreenReaders()
    {
        QueueLab lab;
        addMixedRows(lab);
        const QString text = lab.model->index(0).data(Qt::AccessibleTextRole).toString();
        for (const char *part :
             {"Birthday", "Web 1080p", "Family server", "Exporting", "left", "row 1 of 9"})
            QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
    }
};

QTEST_MAIN(QueueModelTest)
#include "tst_queue_model.moc"
