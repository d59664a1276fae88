// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/job_queue.h"
#include "core/queue/row_state.h"
#include "tests/app/window_fixture.h"

#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QTest>

using namespace sendoff;
using namespace sendoff::test;

namespace {

constexpr int longEnough = 120'000; // a real export and upload on a busy machine

queue::RowWord word(WindowFixture &sendoff, int row)
{
    return queue::rowStateOf(sendoff.job(row), false).word;
}

} // namespace

class WindowAddingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstDropEndsDoneWithoutADialog()
    {
        WindowFixture sendoff;
        QVERIFY(sendoff.drop({sendoff.scratch.clip("Picnic.mkv")}));
        QTRY_COMPARE(sendoff.rows(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(word(sendoff, 0), queue::RowWord::Done, longEnough);
        QCOMPARE(sendoff.otherWindows(), 0);
        const QString link = sendoff.job(0).legs.last().result[u"url"].toString();
        QVERIFY2(link.startsWith(u"http://127.0.0.1:"), qPrintable(link));
    }

    void rowsStandThereBeforeAFileIsOpened()
    {
        WindowFixture sendoff;
        std::vector<FilePath> clips;
        for (const char *name : {"d.mkv", "c.mkv", "b.mkv", "a.mkv"})
            clips.push_back(sendoff.scratch.clip(name, 0.5));
        QVERIFY(sendoff.drop(clips));
        // At once: no event loop has run since.
        QCOMPARE(sendoff.rows(), 4);
        for (int row = 0; row < 4; ++row)
            QCOMPARE(sendoff.job(row).source, clips[std::size_t(row)]);
        QTRY_VERIFY(sendoff.textOf("undoBar").contains(u"Added 4 videos"));
        QCOMPARE(sendoff.otherWindows(), 0);
    }

    void whatIsNotAVideoIsSaidOnce()
    {
        WindowFixture sendoff;
        QVERIFY(sendoff.drop({sendoff.scratch.file("a.txt", "text"),
                              sendoff.scratch.file("b.srt", "1"),
                              sendoff.scratch.file("c.zip", "PK")}));
        QTRY_VERIFY(sendoff.textOf("noticeBar").contains(u"3 files are not videos"));
        QCOMPARE(sendoff.rows(), 0);
        sendoff.button("noticeBar", u"Which?"_qs)->click();
        QVERIFY(sendoff.textOf("noticeBar").contains(u"a.txt"));
        QVERIFY(sendoff.textOf("undoBar").isEmpty());
    }

    void aVideoThatCannotBeReadKeepsItsRow()
    {
        WindowFixture sendoff;
        QVERIFY(sendoff.drop({sendoff.scratch.file("broken.mp4", "this is no video at all")}));
        QCOMPARE(sendoff.rows(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(word(sendoff, 0), queue::RowWord::NeedsAttention, longEnough);
    }

    void theSameFileIsAddedOnceAndAgainWhenAsked()
    {
        WindowFixture sendoff;
        const FilePath clip = sendoff.scratch.clip("Twice.mkv", 0.5);
        QVERIFY(sendoff.drop({clip}));
        QTRY_VERIFY(!sendoff.textOf("undoBar").isEmpty());
        QVERIFY(sendoff.drop({clip}));
        QTRY_VERIFY(sendoff.textOf("noticeBar").contains(u"already in the queue"));
        QCOMPARE(sendoff.rows(), 1);
        sendoff.button("noticeBar", u"Add again"_qs)->click();
        QTRY_COMPARE(sendoff.rows(), 2);
    }

    void undoTakesBackJustThatDrop()
    {
        WindowFixture sendoff;
        QVERIFY(sendoff.drop({sendoff.scratch.clip("stays.mkv", 0.5)}));
        QTRY_VERIFY(!sendoff.textOf("undoBar").isEmpty());
        QVERIFY(sendoff.drop({sendoff.scratch.clip("goes 1.mkv", 0.5),
                              sendoff.scratch.clip("goes 2.mkv", 0.5)}));
        QTRY_VERIFY(sendoff.textOf("undoBar").contains(u"2 videos"));
        sendoff.button("undoBar", u"Undo"_qs)->click();
        QTRY_COMPARE_WITH_TIMEOUT(sendoff.rows(), 1, longEnough);
        QCOMPARE(sendoff.job(0).source.filename(), FilePath("stays.mkv"));
        QVERIFY(sendoff.textOf("undoBar").isEmpty());
    }

    void aDragSaysWhatReleasingDoes()
    {
        WindowFixture sendoff;
        QMimeData data;
        data.setUrls({QUrl(u"file:///a.mp4"_qs), QUrl(u"file:///b.txt"_qs)});
        sendoff.dragOver(data);
        QLabel *title = nullptr;
        for (QLabel *label : sendoff.find<QWidget>("emptyPage")->findChildren<QLabel *>())
            title = label->text().contains(u"Release") ? label : title;
        QVERIFY(title);
        QCOMPARE(title->text(), u"Release to add 1 video (1 is not a video)"_qs);
        QDragLeaveEvent leave;
        QCoreApplication::sendEvent(&sendoff.window(), &leave);
        QVERIFY(!title->text().contains(u"Release"));
    }

    void linksAreRefusedWithASentence()
    {
        WindowFixture sendoff;
        QMimeData data;
        data.setUrls({QUrl(u"https://example.org/a.mp4"_qs)});
        QVERIFY(sendoff.drop(data));
        QCOMPARE(sendoff.textOf("noticeBar"), u"Links can't be added. Save the video first."_qs);
        QCOMPARE(sendoff.rows(), 0);
    }

    void filesArePasted()
    {
        WindowFixture sendoff;
        auto *data = new QMimeData;
        data->setUrls({QUrl::fromLocalFile(
            QFile::decodeName(sendoff.scratch.clip("pasted.mkv", 0.5).c_str()))});
        QApplication::clipboard()->setMimeData(data);
        QTest::keyClick(&sendoff.window(), Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(sendoff.rows(), 1);
    }

    void filesOfTheCommandLineAreAdded()
    {
        WindowFixture sendoff;
        const FilePath clip = sendoff.scratch.clip("given.mkv", 0.5);
        sendoff.close();
        sendoff.open({clip});
        QTRY_COMPARE(sendoff.rows(), 1);
        QCOMPARE(sendoff.job(0).source, clip);
    }

    void aFolderIsSearchedInNaturalOrder()
    {
        WindowFixture sendoff;
        const FilePath folder = sendoff.scratch.folder("Holiday");
        for (const char *name : {"clip 10.mkv", "clip 2.mkv", "clip 1.mkv"})
            sendoff.scratch.clip(std::string("Holiday/") + name, 0.5);
        QVERIFY(sendoff.drop({folder}));
        QTRY_COMPARE(sendoff.rows(), 3);
        QCOMPARE(sendoff.job(0).source.filename(), FilePath("clip 1.mkv"));
        QCOMPARE(sendoff.job(1).source.filename(), FilePath("clip 2.mkv"));
        QCOMPARE(sendoff.job(2).source.filename(), FilePath("clip 10.mkv"));
    }

    void manyVideosOfAFolderAreAskedAboutOnce()
    {
        WindowFixture sendoff;
        const FilePath folder = sendoff.scratch.folder("Many");
        const FilePath clip = sendoff.scratch.clip("Many/0.mkv", 0.2);
        for (int number = 1; number <= queue::Intake::askAbove; ++number)
            std::filesystem::copy_file(clip, folder / (std::to_string(number) + ".mkv"));
        QVERIFY(sendoff.drop({folder}));
        QTRY_VERIFY(sendoff.textOf("noticeBar").startsWith(u"Add 51 videos"));
        QCOMPARE(sendoff.rows(), 0);
        QVERIFY(sendoff.button("noticeBar", u"Choose…"_qs));
        sendoff.button("noticeBar", u"Cancel"_qs)->click();
        QTest::qWait(50);
        QCOMPARE(sendoff.rows(), 0);
        QVERIFY(sendoff.drop({folder}));
        QTRY_VERIFY(sendoff.button("noticeBar", u"Add all"_qs));
        sendoff.button("noticeBar", u"Add all"_qs)->click();
        QTRY_COMPARE(sendoff.rows(), queue::Intake::askAbove + 1);
        QCOMPARE(sendoff.otherWindows(), 0);
    }
};

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    app::installTranslations(&application, QLocale());
    WindowAddingTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_adding.moc"
