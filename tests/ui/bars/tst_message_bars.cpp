// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/notice_bar.h"
#include "ui/bars/undo_bar.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

using namespace sendoff::ui;

namespace {

Notice notice(const QString &key, Tone tone, const QString &text)
{
    Notice made;
    made.key = key;
    made.tone = tone;
    made.text = text;
    return made;
}

QPushButton *button(const MessageBar &bar, const QString &text)
{
    for (QPushButton *candidate : bar.findChildren<QPushButton *>()) {
        if (candidate->isVisibleTo(&bar) && candidate->text().remove(u'&') == text)
            return candidate;
    }
    return nullptr;
}

} // namespace

class MessageBarsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsTheGravestNoticeAndThenTheNext()
    {
        NoticeBar bar;
        bar.post(notice(u"restored"_qs, Tone::Information, u"Restored 6 videos."_qs));
        QCOMPARE(bar.currentKey(), u"restored"_qs);
        bar.post(notice(u"not-saved"_qs, Tone::Attention, u"The queue is not being saved."_qs));
        QCOMPARE(bar.currentKey(), u"not-saved"_qs);
        bar.post(notice(u"held"_qs, Tone::Held, u"Started paused."_qs));
        QCOMPARE(bar.currentKey(), u"not-saved"_qs);
        bar.withdraw(u"not-saved"_qs);
        QCOMPARE(bar.currentKey(), u"held"_qs);
        bar.findChild<QToolButton *>()->click();
        QCOMPARE(bar.currentKey(), u"restored"_qs);
        bar.findChild<QToolButton *>()->click();
        QVERIFY(bar.currentKey().isEmpty());
        QVERIFY(bar.isHidden());
    }

    void aNoticeOfTheSameKeyReplacesTheText()
    {
        NoticeBar bar;
        bar.post(notice(u"search"_qs, Tone::Information, u"3 videos found"_qs));
        bar.post(notice(u"search"_qs, Tone::Information, u"7 videos found"_qs));
        QCOMPARE(bar.message().text, u"7 videos found"_qs);
        bar.withdraw(u"search"_qs);
        QVERIFY(bar.isHidden());
    }

    void anActionRunsOnceAndClosesItsNotice()
    {
        NoticeBar bar;
        int runs = 0;
        Notice asked = notice(u"again"_qs, Tone::Information, u"Already in the queue."_qs);
        BarAction again;
        again.text = u"&Add again"_qs;
        again.act = [&runs] { ++runs; };
        asked.actions = {again};
        bar.post(asked);
        QTest::mouseClick(button(bar, u"Add again"_qs), Qt::LeftButton);
        QCOMPARE(runs, 1);
        QVERIFY(bar.isHidden());
    }

    void anActionMayReplaceItsOwnNotice()
    {
        NoticeBar bar;
        Notice asked = notice(u"not-videos"_qs, Tone::Information, u"3 files are not videos"_qs);
        BarAction which;
        which.text = u"&Which?"_qs;
        which.keepsBar = true;
        which.act = [&bar] {
            bar.post(notice(u"not-videos"_qs, Tone::Information, u"a.txt, b.txt, c.txt"_qs));
        };
        asked.actions = {which};
        bar.post(asked);
        QTest::mouseClick(button(bar, u"Which?"_qs), Qt::LeftButton);
        QCOMPARE(bar.message().text, u"a.txt, b.txt, c.txt"_qs);
        QVERIFY(!button(bar, u"Which?"_qs));
        QVERIFY(!bar.isHidden());
    }

    void undoGoesByItselfButNotUnderTheHand()
    {
        QWidget window;
        auto *bar = new UndoBar(&window);
        auto *elsewhere = new QLineEdit(&window);
        auto *column = new QVBoxLayout(&window);
        column->addWidget(bar);
        column->addWidget(elsewhere);
        bar->returnFocusTo(elsewhere);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        BarAction undo;
        undo.text = u"&Undo"_qs;
        bar->offer(u"Added 4 videos."_qs, {undo});
        button(*bar, u"Undo"_qs)->setFocus();
        bar->expire();
        QVERIFY(bar->isVisible()); // the user is about to press it
        elsewhere->setFocus();
        bar->expire();
        QVERIFY(!bar->isVisible());
    }

    void escapeClosesAndTheFocusGoesBack()
    {
        QWidget window;
        auto *bar = new UndoBar(&window);
        auto *elsewhere = new QLineEdit(&window);
        auto *column = new QVBoxLayout(&window);
        column->addWidget(elsewhere);
        column->addWidget(bar);
        bar->returnFocusTo(elsewhere);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        BarAction undo;
        undo.text = u"&Undo"_qs;
        bar->offer(u"Cancelled."_qs, {undo});
        QVERIFY(!bar->isAncestorOf(QApplication::focusWidget())); // it never takes the focus
        button(*bar, u"Undo"_qs)->setFocus();
        QTest::keyClick(button(*bar, u"Undo"_qs), Qt::Key_Escape);
        QVERIFY(!bar->isVisible());
        QVERIFY(elsewhere->hasFocus());
    }

    void everyControlIsNamedAndLargeEnough()
    {
        UndoBar bar;
        BarAction undo;
        undo.text = u"&Undo"_qs;
        bar.offer(u"Added 1 video."_qs, {undo});
        bar.resize(bar.sizeHint());
        for (QAbstractButton *control : bar.findChildren<QAbstractButton *>()) {
            QVERIFY(!control->accessibleName().isEmpty());
            QVERIFY(!control->accessibleName().contains(u'&'));
            QVERIFY(control->sizeHint().expandedTo(control->minimumSize()).height() >= 24);
            QVERIFY(control->sizeHint().expandedTo(control->minimumSize()).width() >= 24);
        }
    }
};

QTEST_MAIN(MessageBarsTest)
#include "tst_message_bars.moc"
