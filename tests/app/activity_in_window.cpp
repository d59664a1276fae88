// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/activity_in_window.h"

#include "core/queue/job_queue.h"
#include "tests/app/pictures.h"
#include "tests/app/window_fixture.h"
#include "tests/support/slow_proxy.h"
#include "tests/support/tus_server_process.h"
#include "ui/activity/activity_dock.h"
#include "ui/activity/live_controls.h"
#include "ui/activity/timeline_widget.h"
#include "ui/theme/palettes.h"

#include <QCoroTask>
#include <QSpinBox>
#include <QThread>

#include <filesystem>

namespace sendoff::test {

namespace {

constexpr int secondsOfWork = 56; // before the first picture
constexpr int dockHeight = 420;
constexpr qint64 uploadBytes = 250'000'000; // more than goes through meanwhile

template <typename T> T valueOf(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().detail));
    return std::move(*result);
}

void addJob(WindowFixture &sendoff, const FilePath &file, queue::Recipe recipe)
{
    queue::Job job = queue::makeJob(*valueOf(SourceFile::open(file)), std::move(recipe));
    auto adding = sendoff.queue().add(std::move(job));
    if (const auto added = QCoro::waitFor(std::move(adding)); !added)
        qFatal("%s", qPrintable(added.error().detail));
}

// One clip under several names: only its length matters.
void addExports(WindowFixture &sendoff)
{
    const FilePath clip = sendoff.scratch.clip("clip.mkv", 60, 1280, 720);
    for (const char *name : {"Picnic.mkv", "Birthday.mkv", "Beach day.mkv", "Garden.mkv",
                             "New Year.mkv", "Snow.mkv"}) {
        const FilePath copy = sendoff.scratch.root() / name;
        std::filesystem::copy_file(clip, copy);
        queue::Recipe recipe;
        recipe.preset = QStringLiteral("web-1080p");
        recipe.encodeAlways = true;
        recipe.outputFolder = sendoff.scratch.folder("results");
        addJob(sendoff, copy, std::move(recipe));
    }
}

void addUploads(WindowFixture &sendoff, const QUrl &server,
                const std::vector<std::unique_ptr<SlowProxy>> &proxies)
{
    const char *const names[] = {"School 1.mkv", "School 2.mkv", "Grandma.mkv"};
    for (std::size_t number = 0; number < proxies.size(); ++number) {
        const FilePath file = sendoff.scratch.clip(names[number], 2);
        std::filesystem::resize_file(file, uploadBytes); // sparse: it costs no disk
        QUrl place = server;
        place.setScheme(QStringLiteral("tus+http"));
        place.setPort(proxies[number]->port());
        queue::Recipe recipe;
        recipe.destinations = QStringList{place.toString()};
        addJob(sendoff, file, std::move(recipe));
    }
}

// The dock alone and the window around it.
class View {
public:
    View(WindowFixture &sendoff, Pictures &pictures)
        : m_sendoff(sendoff), m_pictures(pictures),
          m_dock(sendoff.find<ui::ActivityDock>("activityDock"))
    {
        m_dock->show();
        setSize({1280, 800}, dockHeight);
    }

    ui::ActivityDock &dock() { return *m_dock; }
    void setSize(QSize size, int height)
    {
        m_sendoff.window().resize(size);
        m_sendoff.window().resizeDocks({m_dock}, {height}, Qt::Vertical);
        QTest::qWait(100);
    }
    QImage take(const QString &name)
    {
        QTest::qWait(1'500); // the words change once a second
        const QImage image = m_dock->grab().toImage();
        m_pictures.save(image, QStringLiteral("activity-") + name);
        return image;
    }
    void takeWindow(const QString &name)
    {
        QTest::qWait(1'500);
        m_pictures.save(m_sendoff.window().grab().toImage(), QStringLiteral("activity-") + name);
    }

private:
    WindowFixture &m_sendoff;
    Pictures &m_pictures;
    ui::ActivityDock *m_dock;
};

void takeLooks(View &view, Pictures &pictures)
{
    const QImage light = view.take(QStringLiteral("light"));
    pictures.save(light.convertToFormat(QImage::Format_Grayscale8), QStringLiteral("activity-grey"));
    view.takeWindow(QStringLiteral("window"));
    QApplication::setPalette(ui::darkPalette());
    view.take(QStringLiteral("dark"));
    QApplication::setPalette(ui::lightPalette());
    QApplication::setLayoutDirection(Qt::RightToLeft);
    view.take(QStringLiteral("rtl"));
    QApplication::setLayoutDirection(Qt::LeftToRight);
    view.setSize({1024, 640}, dockHeight);
    view.takeWindow(QStringLiteral("1024"));
    view.setSize({1280, 800}, dockHeight);
}

// What is done with it: held still and enlarged, as a table, and the controls while it runs.
void takeUses(View &view)
{
    ui::TimelineWidget &timeline = *view.dock().timeline();
    timeline.setFrozen(true);
    for (int step = 0; step < 6; ++step)
        timeline.zoomIn();
    view.take(QStringLiteral("zoomed"));
    for (int step = 0; step < 6; ++step)
        timeline.zoomOut();
    timeline.setFrozen(false);
    view.dock().setTableShown(true);
    view.take(QStringLiteral("table"));
    view.dock().setTableShown(false);

    const QFont usual = QApplication::font();
    QFont large = usual;
    large.setPointSizeF(15);
    QApplication::setFont(large);
    view.setSize({1280, 900}, 560);
    view.take(QStringLiteral("15pt"));
    view.setSize({1024, 900}, 560);
    view.take(QStringLiteral("15pt-1024"));
    QApplication::setFont(usual);
    view.setSize({1280, 800}, dockHeight + 60);

    ui::LiveControls &controls = *view.dock().controls();
    controls.findChildren<QSpinBox *>().front()->setValue(2 * QThread::idealThreadCount());
    Q_EMIT controls.uploadLimitChanged(250'000);
    controls.setUploadLimit(250'000);
    QTest::qWait(12'000);
    view.take(QStringLiteral("controls"));
}

} // namespace

void takeActivity(Pictures &pictures)
{
    WindowFixture sendoff;
    TusServerProcess server(QString::fromStdString(sendoff.scratch.folder("server").string()));
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    using std::chrono::milliseconds;
    const auto port = quint16(server.url().port());
    std::vector<std::unique_ptr<SlowProxy>> proxies;
    proxies.push_back(std::make_unique<SlowProxy>(port, 1'600'000, milliseconds(25)));
    proxies.push_back(std::make_unique<SlowProxy>(port, 1'100'000, milliseconds(60)));
    proxies.push_back(std::make_unique<SlowProxy>(port, 800'000, milliseconds(40)));
    addUploads(sendoff, server.url(), proxies);
    addExports(sendoff);
    View view(sendoff, pictures);
    QTest::qWait(secondsOfWork * 1000);
    if (QThread::idealThreadCount() == 1) {
        sendoff.find<ui::ActivityDock>("activityDock")
            ->controls()->findChildren<QSpinBox *>().front()->setValue(2);
        QTest::qWait(10'000);
        view.take(QStringLiteral("one-core"));
        return;
    }
    takeLooks(view, pictures);
    takeUses(view);
}

} // namespace sendoff::test
