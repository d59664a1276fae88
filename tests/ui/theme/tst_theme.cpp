// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/colors.h"
#include "ui/theme/icons.h"

#include <QDir>
#include <QImage>
#include <QPalette>
#include <QPixmap>
#include <QTest>

using namespace sendoff::ui;

namespace {

QPalette paletteOf(const QColor &base, const QColor &text)
{
    QPalette palette;
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::Window, base);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::WindowText, text);
    return palette;
}

} // namespace

class ThemeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void contrastIsThatOfTheSpecification()
    {
        QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrast(Qt::white, Qt::white), 1.0);
    }

    void colorsAreReadable_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::newRow("light") << paletteOf(Qt::white, Qt::black);
        QTest::newRow("light grey") << paletteOf(QColor(0xf7f7f7), QColor(0x202020));
        QTest::newRow("dark") << paletteOf(QColor(0x1d2023), QColor(0xf0f0f0));
        QTest::newRow("black") << paletteOf(Qt::black, Qt::white);
    }
    void colorsAreReadable()
    {
        QFETCH(const QPalette, palette);
        const Colors &colors = colorsFor(palette);
        const QColor base = palette.color(QPalette::Base);
        for (const QColor &color : {colors.exporting, colors.uploading, colors.held,
                                    colors.attention, colors.done}) {
            QVERIFY2(contrast(color, base) >= 4.5, qPrintable(color.name()));
            QVERIFY2(contrast(color, colors.track) >= 3.0, qPrintable(color.name()));
        }
        QVERIFY(contrast(colors.trackOutline, base) >= 3.0);
    }

    void everyIconIsDrawnInTheColorAskedFor()
    {
        const QIcon first = icon(QStringLiteral("pause"), QColor(Qt::red));
        QVERIFY(!first.isNull());
        const QStringList files = QDir(QStringLiteral(":/sendoff/icons")).entryList();
        QVERIFY(!files.isEmpty());
        for (const QString &file : files) {
            const QIcon drawn = icon(file.chopped(4), QColor(Qt::red));
            const QImage image = drawn.pixmap(QSize(16, 16), 2.0).toImage();
            QCOMPARE(image.size(), QSize(32, 32));
            int opaque = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    const QColor color = image.pixelColor(x, y);
                    opaque += color.alpha() > 128 ? 1 : 0;
                    if (color.alpha() == 255)
                        QCOMPARE(color, QColor(Qt::red));
                }
            }
            QVERIFY2(opaque > 20, qPrintable(file));
        }
    }
};

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
