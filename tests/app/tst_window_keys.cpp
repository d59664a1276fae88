// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way of a video with the keyboard alone, and how the window ends and begins again.
#include "core/queue/job_queue.h"
#include "core/queue/queue_commands.h"
#include "core/queue/row_state.h"
#include "tests/app/window_fixture.h"

#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QTest>

using namespace sendoff;
using namespace sendoff::test;

namespace {

constexpr int longEnough = 120'000;

queue::RowWord wordOf(WindowFixture &sendoff, const QString &id)
{
    const queue::Job *job = sendoff.queue().find(id);
    return queue::rowStateOf(*job, sendoff.session().application()->commands().isPausedAll()).word;
}

void copyFiles(const std::vector<FilePath> &paths)
{
    auto *data = new QMimeData;
    QList<QUrl> urls;
    for (const FilePath &path : paths)
        urls.append(QUrl::fromLocalFile(QFile::decodeName(path.c_str())));
    data->setUrls(urls);
    QApplication::clipboard()->setMimeData(data);
}

void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWidget *focus = QApplication::focusWidget();
    QVERIFY(focus);
    QTest::keyClick(focus, Qt::Key(key), modifiers);
}

// F6 until the region has the focus.
void goTo(WindowFixture &sendoff, const char *region)
{
    QWidget *part = sendoff.find<QWidget>(region);
    for (int tries = 0; tries < 12; ++tries) {
        QWidget *focus = QApplication::focusWidget();
        if (focus && (focus == part || part->isAncestorOf(focus)))
            return;
        QTest::keyClick(focus ? focus : &sendoff.window(), Qt::Key_F6);
    }
    QFAIL(region);
}

} // namespace

class WindowKeysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWholeWayWithoutAMouse()
    {
        WindowFixture sendoff;
        QVERIFY(QTest::qWaitForWindowActive(&sendoff.window()));
        // Hold everything, so that the steps below are not overtaken by the work.
        QTest::keyClick(&sendoff.window(), Qt::Key_N, Qt::AltModifier);
        auto *presets = sendoff.find<QComboBox>("presetBox");
        QVERIFY(presets->hasFocus());
        const QString before = presets->currentText();
        press(Qt::Key_Down);
        QVERIFY(presets->currentText() != before);
        press(Qt::Key_Up);
        QCOMPARE(presets->currentText(), before);

        copyFiles({sendoff.scratch.clip("a.mkv", 8), sendoff.scratch.clip("b.mkv", 0.5),
                   sendoff.scratch.clip("c.mkv", 0.5)});
        press(Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(sendoff.rows(), 3);
        press(Qt::Key_Space, Qt::ControlModifier | Qt::ShiftModifier); // pause all
        const QStringList ids = sendoff.queue().order();
        QTRY_COMPARE_WITH_TIMEOUT(wordOf(sendoff, ids[2]), queue::RowWord::Paused, longEnough);

        goTo(sendoff, "queueView");
        press(Qt::Key_End); // the last row
        press(Qt::Key_Home, Qt::AltModifier); // to the top
        QCOMPARE(sendoff.queue().order().first(), ids[2]);
        press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(sendoff.queue().order(), ids);
        press(Qt::Key_Delete);
        QTRY_COMPARE(wordOf(sendoff, ids[2]), queue::RowWord::Cancelled);
        press(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(wordOf(sendoff, ids[2]) != queue::RowWord::Cancelled);
        press(Qt::Key_Space, Qt::ControlModifier | Qt::ShiftModifier); // resume all
        QTRY_COMPARE_WITH_TIMEOUT(wordOf(sendoff, ids[1]), queue::RowWord::Done, longEnough);
        QTRY_COMPARE_WITH_TIMEOUT(wordOf(sendoff, ids[2]), queue::RowWord::Done, longEnough);
        press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QApplication::clipboard()->text().startsWith(u"http://127.0.0.1:"));
    }

    void findAndEscape()
    {
        WindowFixture sendoff;
        QVERIFY(QTest::qWaitForWindowActive(&sendoff.window()));
        QVERIFY(sendoff.drop({sendoff.scratch.clip("Birthday.mkv", 0.5),
                              sendoff.scratch.clip("Picnic.mkv", 0.5)}));
        QTRY_COMPARE(sendoff.rows(), 2);
        QTest::keyClick(&sendoff.window(), Qt::Key_F, Qt::ControlModifier);
        auto *find = sendoff.find<QLineEdit>("findEdit");
        QVERIFY(find->hasFocus());
        QTest::keyClicks(find, u"picnic"_qs);
        auto *view = sendoff.find<QAbstractItemView>("queueView");
        QTRY_COMPARE(view->model()->rowCount(), 1);
        press(Qt::Key_Escape);
        QCOMPARE(view->model()->rowCount(), 2);
        QVERIFY(!find->hasFocus());
    }

    void everythingStandsThereAgainAfterARestart()
    {
        WindowFixture sendoff;
        auto *presets = sendoff.find<QComboBox>("presetBox");
        presets->setCurrentIndex(presets->findData(u"web-720p"_qs));
        sendoff.window().resize(1100, 700);
        QVERIFY(sendoff.drop({sendoff.scratch.clip("one.mkv", 0.5),
                              sendoff.scratch.clip("two.mkv", 0.5)}));
        QTRY_COMPARE(sendoff.rows(), 2);
        const QStringList before = sendoff.queue().order();
        sendoff.close();
        sendoff.open();
        QCOMPARE(sendoff.queue().order(), before);
        QCOMPARE(sendoff.window().size(), QSize(1100, 700));
        QCOMPARE(sendoff.find<QComboBox>("presetBox")->currentData().toString(), u"web-720p"_qs);
        for (const QString &id : before)
            QTRY_COMPARE_WITH_TIMEOUT(wordOf(sendoff, id), queue::RowWord::Done, longEnough);
    }

    void quittingAsksNothingWhereNothingIsLost()
    {
        WindowFixture sendoff;
        QSignalSpy quitting(&sendoff.window(), &ui::MainWindow::quitWanted);
        sendoff.window().close();
        QCOMPARE(quitting.size(), 1);
        QCOMPARE(sendoff.otherWindows(), 0);
    }
};

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    app::installTranslations(&application, QLocale());
    WindowKeysTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_keys.moc"
