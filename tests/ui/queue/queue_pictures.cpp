// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// queue_pictures <folder>: pictures of the queue view with nine mixed rows, to be looked at.

#include "queue_lab.h"
#include "queue_palettes.h"
#include "ui/queue/filter_list.h"

#include <QApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QPixmap>

using namespace sendoff;
using namespace sendoff::ui;
using namespace sendoff::ui::test;

namespace {

struct Picture {
    const char *name;
    QSize size{1000, 620};
    bool isDark = false;
    double points = 10;
    Qt::LayoutDirection direction = Qt::LeftToRight;
    RowDensity density = RowDensity::Comfortable;
    bool isGrey = false;
    double ratio = 1;
};

QList<queue::DestinationState> destinations()
{
    using Health = queue::DestinationState::Health;
    return {{QStringLiteral("shelf:"), Health::Ready, std::nullopt, 0, 0},
            {QStringLiteral("Family server"), Health::Unreachable, std::nullopt, 0, 2},
            {QStringLiteral("NAS"), Health::Ready, std::nullopt, 0, 0}};
}

void take(const Picture &picture, const QDir &folder)
{
    QApplication::setPalette(picture.isDark ? darkPalette() : lightPalette());
    QFont font = QApplication::font();
    font.setPointSizeF(picture.points);
    QApplication::setFont(font);
    QApplication::setLayoutDirection(picture.direction);
    QueueLab lab;
    addMixedRows(lab);
    QWidget window;
    auto *filters = new FilterList(lab.filter.get());
    filters->setDestinations(destinations());
    auto *view = new QueueView(lab.filter.get(), lab.actions.get());
    view->setDensity(picture.density);
    auto *layout = new QHBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(1);
    layout->addWidget(filters);
    layout->addWidget(view, 1);
    window.resize(picture.size);
    window.show();
    view->setFocus();
    view->showJob(lab.queue->order()[1]);
    QCoreApplication::processEvents();
    QImage image(picture.size * picture.ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(picture.ratio);
    window.render(&image);
    if (picture.isGrey)
        image = image.convertToFormat(QImage::Format_Grayscale8);
    if (!image.save(
            folder.filePath(QStringLiteral("queue-%1.png").arg(QLatin1String(picture.name)))))
        qFatal("%s: cannot be saved", picture.name);
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    const QDir folder(application.arguments().value(1, QStringLiteral(".")));
    const Picture pictures[] = {
        {.name = "light"},
        {.name = "dark", .isDark = true},
        {.name = "1024", .size = {760, 500}},
        {.name = "15pt", .size = {1000, 800}, .points = 15},
        {.name = "rtl", .direction = Qt::RightToLeft},
        {.name = "grey", .isGrey = true},
        {.name = "compact", .size = {1000, 320}, .density = RowDensity::Compact},
        {.name = "dark-2x", .size = {800, 400}, .isDark = true, .ratio = 2},
    };
    for (const Picture &picture : pictures)
        take(picture, folder);
    return 0;
}
