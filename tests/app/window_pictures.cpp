// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// window_pictures FOLDER [window|lessons|activity]: pictures of the real window with real jobs, in
// every look that it must stand, of the lessons, tried, and of the Activity view: for people to look
// at (cmake --build … --target screenshots). The first two without a word.
#include "core/activity/loop_event.h"
#include "core/queue/job_queue.h"
#include "core/queue/network_thread.h"
#include "core/queue/queue_commands.h"
#include "core/queue/row_state.h"
#include "core/queue/scheduler.h"
#include "tests/app/activity_in_window.h"
#include "tests/app/pictures.h"
#include "tests/app/window_fixture.h"
#include "ui/lessons/lessons_page.h"
#include "ui/lessons_window.h"
#include "ui/theme/palettes.h"

#include <QTest>

#include <cstdio>

using namespace sendoff;
using namespace sendoff::test;

namespace {

constexpr qint64 slowUplink = 60'000; // bytes per second: an upload that can be looked at

queue::RowWord wordOf(WindowFixture &sendoff, int row)
{
    return queue::rowStateOf(sendoff.job(row), false).word;
}

// A clip of a size and length that keeps an export busy.
FilePath longClip(WindowFixture &sendoff, const std::string &name, double seconds, int seed)
{
    media::SampleClip clip;
    clip.width = 1280;
    clip.height = 720;
    clip.seconds = seconds;
    clip.seed = seed;
    return sendoff.scratch.clipOf(name, clip);
}

void fillWithNineRows(WindowFixture &sendoff)
{
    using queue::RowWord;
    queue::QueueCommands &commands = sendoff.session().application()->commands();
    sendoff.drop({sendoff.scratch.clip("Picnic by the lake.mkv", 2, 640, 360)});
    waitFor([&] { return sendoff.rows() == 1 && wordOf(sendoff, 0) == RowWord::Done; }, 120);
    sendoff.session().application()->network().setUploadLimit(slowUplink);
    sendoff.drop({longClip(sendoff, "School play, act 1.mkv", 8, 2)});
    waitFor([&] { return wordOf(sendoff, 1) == RowWord::Uploading; }, 120);
    sendoff.drop({longClip(sendoff, "Birthday 2026-03-14.mkv", 90, 3),
                  longClip(sendoff, "Beach day, seen from above.mkv", 90, 4),
                  sendoff.scratch.file("Garden timelapse.mp4", "cut off while it was copied"),
                  sendoff.scratch.clip("Snow trip with a name that is much longer than any row has "
                                       "room for.mkv", 20),
                  sendoff.scratch.clip("New Year.mkv", 20), sendoff.scratch.clip("Kitchen.mkv", 20),
                  sendoff.scratch.clip("Grandma interview.mkv", 20)});
    waitFor([&] { return sendoff.rows() == 9 && wordOf(sendoff, 8) != RowWord::Checking; }, 60);
    commands.pause({sendoff.job(5).id});
    commands.cancel({sendoff.job(7).id});
    waitFor([&] { return wordOf(sendoff, 4) == RowWord::NeedsAttention; }, 30);
    QTest::qWait(8'000); // until there is something to say about speed and time left
}

void takeWindow(Pictures &pictures)
{
    WindowFixture sendoff;
    pictures.take(sendoff, QStringLiteral("empty-light"));
    QApplication::setPalette(ui::darkPalette());
    pictures.take(sendoff, QStringLiteral("empty-dark-1024"), QSize(1024, 640));
    QMimeData dragged;
    dragged.setUrls({QUrl(QStringLiteral("file:///a.mp4")), QUrl(QStringLiteral("file:///b.mov")),
                     QUrl(QStringLiteral("file:///c.txt"))});
    QApplication::setPalette(ui::lightPalette());
    sendoff.dragOver(dragged);
    pictures.take(sendoff, QStringLiteral("empty-drag"));
    QDragLeaveEvent leave;
    QCoreApplication::sendEvent(&sendoff.window(), &leave);

    fillWithNineRows(sendoff);
    pictures.take(sendoff, QStringLiteral("window-light"));
    pictures.save(sendoff.window().grab().toImage().convertToFormat(QImage::Format_Grayscale8),
                  QStringLiteral("window-grey"));
    sendoff.dragOver(dragged);
    pictures.take(sendoff, QStringLiteral("window-drag"));
    QCoreApplication::sendEvent(&sendoff.window(), &leave);
    pictures.take(sendoff, QStringLiteral("window-light-1024"), QSize(1024, 640));
    QApplication::setPalette(ui::darkPalette());
    pictures.take(sendoff, QStringLiteral("window-dark"));
    QApplication::setPalette(ui::lightPalette());
    QApplication::setLayoutDirection(Qt::RightToLeft);
    pictures.take(sendoff, QStringLiteral("window-rtl"));
    QApplication::setLayoutDirection(Qt::LeftToRight);
    QFont font = QApplication::font();
    font.setPointSizeF(15);
    QApplication::setFont(font);
    pictures.take(sendoff, QStringLiteral("window-15pt"));
    pictures.take(sendoff, QStringLiteral("window-15pt-1024"), QSize(1024, 640));
}

void takeLessons(Pictures &pictures)
{
    WindowFixture sendoff;
    ui::LessonsWindow::open(&sendoff.window());
    auto *page = sendoff.window().findChild<ui::LessonsPage *>();
    if (!page)
        qFatal("there is no lessons window");
    for (int lesson = 0; lesson < ui::LessonsPage::lessonCount(); ++lesson) {
        page->choose(lesson);
        page->tryIt();
        if (!waitFor([&] { return !page->isTrying(); }, 180))
            qFatal("lesson %d does not end", lesson);
        QTest::qWait(300);
        pictures.save(page->window()->grab().toImage(), QStringLiteral("lesson-%1").arg(lesson + 1));
    }
    QApplication::setPalette(ui::darkPalette());
    QTest::qWait(300);
    pictures.save(page->window()->grab().toImage(), QStringLiteral("lesson-dark"));
    QApplication::setPalette(ui::lightPalette());
}

} // namespace

int main(int argc, char **argv)
{
    activity::ObservedApplication<QApplication> application(argc, argv); // as the program itself
    if (argc < 2 || argc > 3) {
        std::fprintf(stderr, "usage: window_pictures FOLDER [window|lessons|activity]\n");
        return 2;
    }
    const std::string what = argc > 2 ? argv[2] : "";
    app::installTranslations(&application, QLocale());
    Pictures pictures(QString::fromLocal8Bit(argv[1]));
    if (what == "activity")
        takeActivity(pictures);
    if (what.empty() || what == "window")
        takeWindow(pictures);
    if (what.empty() || what == "lessons")
        takeLessons(pictures);
    return 0;
}
