// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the Activity view from a real run: two exports and three uploads to a real tus server
// behind a proxy with latency and a rate. Writes PNGs in light, dark, grey, right-to-left, at 15 pt
// and at 1024 pixels. Usage: activity_pictures FOLDER (with taskset -c 0: one core)
#include "app/application.h"
#include "core/activity/loop_event.h"
#include "core/base/task_scope.h"
#include "core/media/sample_clip.h"
#include "core/transfer/net/net.h"
#include "tests/support/slow_proxy.h"
#include "tests/support/tus_server_process.h"
#include "ui/activity/activity_dock.h"
#include "ui/activity/activity_feed.h"
#include "ui/activity/gauges.h"
#include "ui/activity/live_controls.h"
#include "ui/activity/timeline_widget.h"

#include <QApplication>
#include <QCoroTask>
#include <QDir>
#include <QFile>
#include <QMainWindow>
#include <QStatusBar>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace sendoff;
using namespace sendoff::ui;

namespace {

constexpr qint64 uplink = 400'000; // bytes per second of each connection
constexpr auto latency = std::chrono::milliseconds(40);
constexpr int secondsBeforePictures = 24;

template <typename T> T valueOf(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().detail));
    return std::move(*result);
}

QPalette paletteOf(const QColor &window, const QColor &base, const QColor &text)
{
    QPalette palette(text, window, window.lighter(150), window.darker(150), window.darker(110), text,
                     base);
    palette.setColor(QPalette::Highlight, QColor(0x2a6fc0));
    palette.setColor(QPalette::ToolTipBase, base);
    return palette;
}

// A clip to export, or bytes to upload as they are.
FilePath makeClip(const FilePath &path, int seed, double seconds, int height)
{
    media::SampleClip clip;
    clip.width = height * 16 / 9;
    clip.height = height;
    clip.seconds = seconds;
    clip.seed = seed;
    if (const auto made = media::makeSampleClip(clip, path, {}); !made)
        qFatal("%s", qPrintable(made.error().detail));
    return path;
}

class Run {
public:
    Run(app::Application &application, const FilePath &folder, const QUrl &server)
        : m_application(application)
    {
        const FilePath results = folder / "results";
        QDir().mkpath(QString::fromStdString(results.string()));
        for (const char *name : {"Picnic.mkv", "Birthday.mkv", "Beach day.mkv", "Garden.mkv"}) {
            queue::Recipe recipe;
            recipe.preset = QStringLiteral("web-1080p");
            recipe.encodeAlways = true;
            recipe.outputFolder = results;
            add(makeClip(folder / name, m_seed++, 20, 720), recipe);
        }
        QUrl place = server;
        place.setScheme(QStringLiteral("tus+http"));
        for (const char *name : {"School 1.mkv", "School 2.mkv", "Grandma.mkv"}) {
            queue::Recipe recipe;
            recipe.destinations = QStringList{place.toString()};
            add(makeClip(folder / name, m_seed++, 60, 720), recipe);
        }
    }
    ~Run()
    {
        m_scope.cancel();
        QCoro::waitFor(m_scope.join());
    }

private:
    void add(const FilePath &file, queue::Recipe recipe)
    {
        const auto source = valueOf(SourceFile::open(file));
        queue::Job job = queue::makeJob(*source, std::move(recipe));
        const QString id = job.id;
        auto adding = m_application.queue().add(std::move(job));
        if (const auto added = QCoro::waitFor(std::move(adding)); !added)
            qFatal("%s", qPrintable(added.error().detail));
        m_scope.spawn(
            [this, id](std::stop_token stop) { return m_application.runner().run(id, stop); }, 0);
    }

    app::Application &m_application;
    TaskScope m_scope;
    int m_seed = 1;
};

struct Studio {
    Studio(app::Application &application, QString pictures)
        : folder(std::move(pictures)), feed(&application.recorder())
    {
        feed.measureProcessorOn(&application.io());
        dock->controls()->setExportsAtOnce(feed.cores());
        window.addDockWidget(Qt::BottomDockWidgetArea, dock);
        window.setCentralWidget(new QWidget);
        window.centralWidget()->setMaximumHeight(0);
        for (QWidget *gauge : std::initializer_list<QWidget *>{
                 new CpuGauge(&feed), new NetworkGauge(&feed), new LagGauge(&feed)})
            window.statusBar()->addPermanentWidget(gauge);
        window.resize(1280, 400);
        window.show();
    }

    void take(const QString &name)
    {
        QTest::qWait(400);
        const QImage image = window.grab().toImage();
        image.save(QStringLiteral("%1/%2.png").arg(folder, name));
        if (name == u"activity-light")
            image.convertToFormat(QImage::Format_Grayscale8)
                .save(QStringLiteral("%1/activity-grey.png").arg(folder));
    }

    QString folder;
    ActivityFeed feed;
    QMainWindow window;
    ActivityDock *dock = new ActivityDock(&feed);
};

void takeAll(Studio &studio)
{
    const QPalette light = paletteOf(QColor(0xf3f4f5), Qt::white, QColor(0x1b1e21));
    const QPalette dark = paletteOf(QColor(0x23272b), QColor(0x181b1e), QColor(0xeceff1));
    QApplication::setPalette(light);
    studio.take(QStringLiteral("activity-light"));
    QApplication::setPalette(dark);
    studio.take(QStringLiteral("activity-dark"));
    QApplication::setPalette(light);
    QApplication::setLayoutDirection(Qt::RightToLeft);
    studio.take(QStringLiteral("activity-rtl"));
    QApplication::setLayoutDirection(Qt::LeftToRight);
    studio.window.resize(1024, 400);
    studio.take(QStringLiteral("activity-1024"));
    QFont font = QApplication::font();
    const QFont usual = font;
    font.setPointSize(15);
    QApplication::setFont(font);
    studio.window.resize(1280, 560);
    studio.take(QStringLiteral("activity-15pt"));
    QApplication::setFont(usual);
    studio.window.resize(1280, 400);
    studio.dock->timeline()->setFrozen(true);
    for (int step = 0; step < 6; ++step)
        studio.dock->timeline()->zoomIn();
    studio.take(QStringLiteral("activity-zoomed"));
    studio.dock->timeline()->setFrozen(false);
    studio.dock->setTableShown(true);
    studio.take(QStringLiteral("activity-table"));
}

} // namespace

int main(int argc, char **argv)
{
    net::Net::initialize();
    activity::ObservedApplication<QApplication> program(argc, argv);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    if (argc < 2) {
        std::fprintf(stderr, "usage: activity_pictures FOLDER\n");
        return 2;
    }
    const QTemporaryDir scratch;
    const FilePath folder = scratch.path().toStdString();
    test::TusServerProcess server(scratch.filePath(QStringLiteral("server")));
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    const test::SlowProxy proxy(quint16(server.url().port()), uplink, latency);
    QUrl place = server.url();
    place.setPort(proxy.port());
    auto application = valueOf(QCoro::waitFor(app::Application::start(folder / "profile")));
    {
        Studio studio(*application, QString::fromLocal8Bit(argv[1]));
        const Run run(*application, folder, place);
        QTest::qWait(secondsBeforePictures * 1000);
        takeAll(studio);
    }
    QCoro::waitFor(application->close());
    return 0;
}
