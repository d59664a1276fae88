// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_lab.h"
#include "queue_palettes.h"
#include "ui/queue/row_delegate.h"
#include "ui/queue/row_layout.h"
#include "ui/queue/row_painter.h"
#include "ui/theme/colors.h"

#include <QApplication>
#include <QStyle>
#include <QTest>

using namespace sendoff;
using namespace sendoff::ui;
using namespace sendoff::ui::test;

namespace {

QFont fontOf(double points)
{
    QFont font = QApplication::font();
    font.setPointSizeF(points);
    return font;
}

QList<RowContent> mixedRows()
{
    QueueLab lab;
    addMixedRows(lab);
    QList<RowContent> rows;
    for (int row = 0; row < lab.model->rowCount(); ++row)
        rows.append(lab.model->index(row).data(QueueModel::ContentRole).value<RowContent>());
    return rows;
}

// As a translation might be: half as long again.
QString longer(const QString &text)
{
    return text.isEmpty() ? text : text + QString(text.size() * 2 / 5, u'ö');
}

QList<QRect> partsOf(const RowLayout &layout)
{
    QList<QRect> parts{layout.name, layout.icon, layout.sentence};
    for (const QRect &rect : {layout.thumbnail, layout.recipe, layout.left})
        if (!rect.isNull())
            parts.append(rect);
    for (const QRect &rect : layout.buttons)
        if (!rect.isNull())
            parts.append(rect);
    return parts + layout.tracks;
}

} // namespace

class RowLayoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingOverlapsOrLeavesTheRow_data()
    {
        QTest::addColumn<double>("points");
        QTest::addColumn<int>("width");
        QTest::addColumn<RowDensity>("density");
        QTest::addColumn<bool>("isLonger");
        const auto row = [](const char *name, double points, int width, RowDensity density,
                            bool isLonger) {
            QTest::newRow(name) << points << width << density << isLonger;
        };
        row("10 pt", 10, 800, RowDensity::Comfortable, false);
        row("10 pt, window of 1024", 10, 620, RowDensity::Comfortable, false);
        row("15 pt", 15, 800, RowDensity::Comfortable, false);
        row("15 pt, window of 1024", 15, 620, RowDensity::Comfortable, false);
        row("longer language", 10, 620, RowDensity::Comfortable, true);
        row("longer language, 15 pt", 15, 800, RowDensity::Comfortable, true);
        row("20 pt", 20, 900, RowDensity::Comfortable, false);
        row("compact", 10, 620, RowDensity::Compact, false);
        row("compact, 15 pt", 15, 900, RowDensity::Compact, false);
    }
    void nothingOverlapsOrLeavesTheRow()
    {
        QFETCH(const double, points);
        QFETCH(const int, width);
        QFETCH(const RowDensity, density);
        QFETCH(const bool, isLonger);
        const RowFonts fonts(fontOf(points));
        const QRect row(0, 116, width, rowHeight(fonts, density));
        for (RowContent content : mixedRows()) {
            if (isLonger) {
                content.text.sentence = longer(content.text.sentence);
                content.text.left = longer(content.text.left);
                content.recipe = longer(content.recipe);
            }
            const RowLayout layout = rowLayout(row, content, fonts, density, Qt::LeftToRight);
            const QList<QRect> parts = partsOf(layout);
            for (qsizetype part = 0; part < parts.size(); ++part) {
                QVERIFY2(row.contains(parts[part]), qPrintable(content.name));
                QVERIFY(parts[part].isValid());
                for (qsizetype other = 0; other < part; ++other)
                    QVERIFY2(!parts[part].intersects(parts[other]), qPrintable(content.name));
            }
            for (const QRect &line : {layout.name, layout.sentence})
                QVERIFY(line.height() >= fonts.metrics.height());
        }
    }

    void theTimeLeftIsNeverCut_data()
    {
        QTest::addColumn<double>("points");
        QTest::newRow("10 pt") << 10.0;
        QTest::newRow("15 pt") << 15.0;
    }
    void theTimeLeftIsNeverCut()
    {
        QFETCH(const double, points);
        const RowFonts fonts(fontOf(points));
        for (const RowDensity density : {RowDensity::Comfortable, RowDensity::Compact}) {
            const QRect row(0, 0, 620, rowHeight(fonts, density));
            for (const RowContent &content : mixedRows()) {
                const RowLayout layout = rowLayout(row, content, fonts, density, Qt::LeftToRight);
                if (!content.text.left.isEmpty())
                    QVERIFY(layout.left.width()
                            >= fonts.metrics.horizontalAdvance(content.text.left));
            }
        }
    }

    void noNameUnder22CharactersIsCut()
    {
        RowContent content = mixedRows().first();
        content.name = QStringLiteral("Wedding Mummy WWM1.mov"); // 22, wide ones among them
        QCOMPARE(content.name.size(), 22);
        for (const double points : {10.0, 15.0}) {
            const RowFonts fonts(fontOf(points));
            const QRect row(0, 0, 620, rowHeight(fonts, RowDensity::Comfortable));
            const RowLayout layout =
                rowLayout(row, content, fonts, RowDensity::Comfortable, Qt::LeftToRight);
            const QString shown = elidedName(content.name, fonts.boldMetrics, layout.name.width());
            QVERIFY2(shown.contains(content.name), qPrintable(shown));
        }
    }

    void aLongNameLosesItsMiddle()
    {
        const RowFonts fonts(fontOf(10));
        const QString name = QStringLiteral("A very long name of a holiday ").repeated(5)
            + QStringLiteral("take 2.mp4");
        const QString shown = elidedName(name, fonts.boldMetrics, 300);
        QVERIFY2(shown.contains(u'…'), qPrintable(shown));
        QVERIFY2(shown.contains(QStringLiteral("take 2.mp4")), qPrintable(shown));
        QVERIFY(shown.startsWith(QChar(0x2068)) && shown.endsWith(QChar(0x2069)));
    }

    void mirrorsEverythingForLanguagesFromTheRight()
    {
        const RowFonts fonts(fontOf(10));
        for (const RowDensity density : {RowDensity::Comfortable, RowDensity::Compact}) {
            const QRect row(10, 0, 800, rowHeight(fonts, density));
            for (const RowContent &content : mixedRows()) {
                const auto left = partsOf(rowLayout(row, content, fonts, density, Qt::LeftToRight));
                const auto right =
                    partsOf(rowLayout(row, content, fonts, density, Qt::RightToLeft));
                QCOMPARE(left.size(), right.size());
                for (qsizetype part = 0; part < left.size(); ++part)
                    QCOMPARE(right[part], QStyle::visualRect(Qt::RightToLeft, row, left[part]));
            }
        }
    }

    void targetsAreLargeEnough()
    {
        for (const double points : {6.0, 10.0, 15.0}) {
            const RowFonts fonts(fontOf(points));
            for (const RowDensity density : {RowDensity::Comfortable, RowDensity::Compact}) {
                const QRect row(0, 0, 800, rowHeight(fonts, density));
                const RowLayout layout =
                    rowLayout(row, mixedRows().first(), fonts, density, Qt::LeftToRight);
                for (const QRect &button : layout.buttons)
                    QVERIFY(button.width() >= 24 && button.height() >= 24);
            }
        }
    }

    void isAsHighAsDesignedAtTenPoints()
    {
        QFont font = fontOf(10);
        font.setPixelSize(13); // 10 pt at 96 dpi
        const RowFonts fonts(font);
        const int height = rowHeight(fonts, RowDensity::Comfortable);
        QVERIFY2(height >= 52 && height <= 62, qPrintable(QString::number(height)));
        QCOMPARE(rowHeight(fonts, RowDensity::Compact), 26);
    }

    void everythingOnARowCanBeRead_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::newRow("light") << lightPalette();
        QTest::newRow("dark") << darkPalette();
        QTest::newRow("high contrast") << highContrastPalette();
    }
    void everythingOnARowCanBeRead()
    {
        QFETCH(const QPalette, palette);
        const Colors &colors = colorsFor(palette);
        for (const bool isSelected : {false, true}) {
            const QColor row = rowBackground(palette, isSelected, true);
            QVERIFY(contrast(palette.color(QPalette::Text), row) >= 4.5);
            QVERIFY(contrast(quietText(palette), row) >= 4.5);
            for (int word = 0; word <= int(queue::RowWord::Done); ++word) {
                const QColor color = stateColor({queue::RowWord(word)}, colors, palette);
                QVERIFY2(
                    contrast(color, row) >= 4.5,
                    qPrintable(
                        QStringLiteral("%1 %2 on %3").arg(word).arg(color.name(), row.name())));
            }
            QVERIFY(contrast(colors.trackOutline, row) >= 3.0);
        }
        const QColor focus = palette.color(QPalette::Highlight);
        QVERIFY(contrast(focus, rowBackground(palette, true, false)) >= 3.0);
    }
};

QTEST_MAIN(RowLayoutTest)
#include "tst_row_layout.moc"
