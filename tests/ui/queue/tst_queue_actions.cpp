// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_lab.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

using namespace sendoff;
using namespace sendoff::ui;
using namespace sendoff::ui::test;
using queue::LegState;

namespace {

QStringList textsOf(const QMenu &menu)
{
    QStringList texts;
    for (const QAction *action : menu.actions())
        texts.append(action->isSeparator() ? QStringLiteral("—") : action->text().remove(u'&'));
    return texts;
}

QString plain(QString text)
{
    return text.remove(u'\u2068').remove(u'\u2069');
}

} // namespace

class QueueActionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyVerbIsUndoneAndRedone()
    {
        QueueLab lab;
        lab.add({waitingJob("Picnic.mp4"), waitingJob("b.mp4"), waitingJob("c.mp4")});
        const QStringList order = lab.queue->order();
        lab.actions->setSelection({order[0]});

        lab.actions->pause->trigger();
        QCOMPARE(lab.job(order[0]).legs[0].state, LegState::Paused);
        QCOMPARE(plain(lab.undo.undoText()), QStringLiteral("Pause “Picnic.mp4”"));
        lab.undo.undo();
        QCOMPARE(lab.job(order[0]).legs[0].state, LegState::Waiting);
        lab.undo.redo();
        QCOMPARE(lab.job(order[0]).legs[0].state, LegState::Paused);

        lab.actions->moveToBottom->trigger();
        QCOMPARE(lab.queue->order(), QStringList({order[1], order[2], order[0]}));
        lab.undo.undo();
        QCOMPARE(lab.queue->order(), order);
        lab.actions->moveBefore({order[1], order[2]}, 0);
        QCOMPARE(lab.queue->order(), QStringList({order[1], order[2], order[0]}));
        QCOMPARE(lab.undo.undoText(), QStringLiteral("Move 2 videos"));
        lab.undo.undo();
        QCOMPARE(lab.queue->order(), order);

        lab.actions->cancel->trigger();
        QCOMPARE(lab.job(order[0]).legs[0].state, LegState::Cancelled);
        lab.undo.undo();
        QCOMPARE(lab.job(order[0]).legs[0].state, LegState::Paused); // as it was

        lab.actions->remove->trigger();
        QTRY_VERIFY(!lab.queue->find(order[0]));
        QCOMPARE(plain(lab.undo.undoText()), QStringLiteral("Remove “Picnic.mp4”"));
        lab.undo.undo();
        QTRY_COMPARE(lab.queue->order(), order);

        queue::Recipe recipe = lab.job(order[1]).recipe;
        recipe.preset = QStringLiteral("web-720p");
        lab.actions->setRecipe({order[1]}, recipe);
        QCOMPARE(lab.job(order[1]).recipe.preset, QStringLiteral("web-720p"));
        lab.undo.undo();
        QCOMPARE(lab.job(order[1]).recipe.preset, QStringLiteral("web-1080p"));
    }

    void whatChangesNothingIsNotRemembered()
    {
        QueueLab lab;
        lab.add(waitingJob("a.mp4"));
        lab.actions->setSelection(lab.queue->order());
        lab.actions->moveUp->trigger();
        lab.actions->perform(RowAction::Resume, lab.queue->order()[0]);
        QCOMPARE(lab.undo.count(), 0);
    }

    void remembersFiftySteps()
    {
        QueueLab lab;
        lab.add({waitingJob("a.mp4"), waitingJob("b.mp4")});
        lab.actions->setSelection({lab.queue->order()[0]});
        for (int step = 0; step < 60; ++step)
            lab.actions->pause->trigger();
        QCOMPARE(lab.undo.count(), 50);
        QSignalSpy cancelled(lab.actions.get(), &QueueActions::cancelled);
        lab.actions->cancel->trigger();
        QCOMPARE(cancelled.size(), 1);
    }

    void cancelOnWhatIsFinishedRemovesTheRow()
    {
        QueueLab lab;
        lab.add({jobIn("a.mp4", LegState::Done, LegState::Done)});
        lab.actions->setSelection(lab.queue->order());
        QSignalSpy removed(lab.actions.get(), &QueueActions::removed);
        lab.actions->cancel->trigger();
        QCOMPARE(removed.size(), 1);
        QTRY_VERIFY(lab.queue->order().isEmpty());
    }

    void whatDoesNotApplySaysWhy()
    {
        QueueLab lab;
        QVERIFY(!lab.actions->pause->isEnabled());
        QVERIFY(!lab.actions->pause->toolTip().isEmpty());
        QVERIFY(!lab.actions->pauseAll->isEnabled());
        lab.add({waitingJob("a.mp4"), jobIn("b.mp4", LegState::Done, LegState::Done)});
        lab.actions->setSelection({lab.queue->order()[1]});
        QVERIFY(!lab.actions->pause->isEnabled());
        QCOMPARE(lab.actions->pause->toolTip(), refusalText(queue::Refusal::AlreadyDone));
        QVERIFY(!lab.actions->copyLink->isEnabled());
        QVERIFY(lab.actions->copyLink->toolTip().contains(QStringLiteral("no link")));
        QVERIFY(lab.actions->remove->isEnabled());
        lab.actions->setSelection({lab.queue->order()[0]});
        QVERIFY(lab.actions->pause->isEnabled());
        QCOMPARE(lab.actions->pause->toolTip(), QStringLiteral("Pause (Space)"));
    }

    void pauseReadsResumeWhereItIsPaused()
    {
        QueueLab lab;
        lab.add(waitingJob("a.mp4"));
        lab.actions->setSelection(lab.queue->order());
        lab.actions->pause->trigger();
        QCOMPARE(lab.actions->pause->text().remove(u'&'), QStringLiteral("Resume"));
        lab.actions->pauseAll->trigger();
        QVERIFY(lab.commands->isPausedAll());
        QCOMPARE(lab.actions->pauseAll->text().remove(u'&'), QStringLiteral("Resume all"));
        lab.actions->pauseAll->trigger();
        QVERIFY(!lab.commands->isPausedAll());
        QCOMPARE(lab.job(lab.queue->order()[0]).legs[0].state, LegState::Paused);
    }

    void theContextMenuHasAlwaysTheSameOrder()
    {
        QueueLab lab;
        const auto menuTexts = [&lab] {
            QMenu menu;
            lab.actions->fill(&menu);
            return textsOf(menu);
        };
        const QStringList empty = menuTexts();
        addMixedRows(lab);
        lab.actions->setSelection({lab.queue->order()[0]});
        QCOMPARE(menuTexts(), empty);
        QCOMPARE(empty.first(), QStringLiteral("Pause"));
        QCOMPARE(empty.last(), QStringLiteral("Remove from list"));
    }

    void copiesTheLink()
    {
        QueueLab lab;
        addMixedRows(lab);
        QSignalSpy copied(lab.actions.get(), &QueueActions::linkCopied);
        lab.actions->setSelection(lab.queue->order());
        lab.actions->copyLink->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("https://family.example/v/1"));
        QCOMPARE(copied.size(), 1);
        lab.actions->copyDetails->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("3.1 GB")));
    }

    void everyActionIsNamed()
    {
        QueueLab lab;
        for (const QAction *action : lab.actions->rowActions()) {
            QVERIFY(!action->text().isEmpty());
            QVERIFY(!action->icon().isNull());
            QVERIFY(!action->toolTip().isEmpty());
        }
    }
};

QTEST_MAIN(QueueActionsTest)
#include "tst_queue_actions.moc"
