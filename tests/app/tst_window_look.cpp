// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What every widget of the window owes its user: a name, room for its text, a target that can be
// hit, a place in the order of Tab; in every size, font, palette and direction.
#include "tests/app/window_fixture.h"
#include "ui/theme/colors.h"
#include "ui/theme/palettes.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QTest>

using namespace sendoff;
using namespace sendoff::test;

namespace {

struct Look {
    QSize size;
    double points = 10;
    Qt::LayoutDirection direction = Qt::LeftToRight;
};

// Sets it for the whole program, as a desktop does.
class LookScope {
public:
    explicit LookScope(const Look &look) : m_font(QApplication::font())
    {
        QFont font = m_font;
        font.setPointSizeF(look.points);
        QApplication::setFont(font);
        QApplication::setLayoutDirection(look.direction);
    }
    ~LookScope()
    {
        QApplication::setFont(m_font);
        QApplication::setLayoutDirection(Qt::LeftToRight);
    }

private:
    QFont m_font;
};

QString nameOf(const QWidget &widget)
{
    return QStringLiteral("%1 “%2” in %3")
        .arg(QString::fromLatin1(widget.metaObject()->className()), widget.accessibleName(),
             widget.parentWidget() ? widget.parentWidget()->objectName() : QString());
}

// Text that is cut: wider or higher than the room it has.
bool isCut(const QLabel &label)
{
    if (label.text().isEmpty() || !label.pixmap(Qt::ReturnByValue).isNull())
        return false;
    if (!label.wordWrap())
        return label.sizeHint().width() > label.width() || label.sizeHint().height() > label.height();
    return label.heightForWidth(label.width()) > label.height();
}

QStringList cutTexts(const QWidget &window)
{
    QStringList cut;
    for (const QLabel *label : window.findChildren<QLabel *>()) {
        if (label->isVisible() && isCut(*label))
            cut.append(label->text());
    }
    for (const QAbstractButton *button : window.findChildren<QAbstractButton *>()) {
        const bool hasText = button->isVisible() && !button->text().isEmpty();
        if (hasText && (button->sizeHint().width() > button->width()
                        || button->sizeHint().height() > button->height()))
            cut.append(button->text());
    }
    for (const QComboBox *box : window.findChildren<QComboBox *>()) {
        if (box->isVisible() && box->sizeHint().width() > box->width())
            cut.append(box->currentText());
    }
    return cut;
}

} // namespace

class WindowLookTest : public QObject {
    Q_OBJECT

private:
    void addLooks()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("points");
        QTest::addColumn<bool>("isRightToLeft");
        QTest::newRow("usual") << QSize(1280, 800) << 10.0 << false;
        QTest::newRow("small screen") << QSize(1024, 640) << 10.0 << false;
        QTest::newRow("15 pt") << QSize(1280, 800) << 15.0 << false;
        QTest::newRow("15 pt on a small screen") << QSize(1024, 640) << 15.0 << false;
        QTest::newRow("right to left") << QSize(1024, 640) << 10.0 << true;
        QTest::newRow("right to left, 15 pt") << QSize(1024, 640) << 15.0 << true;
    }
    static Look look()
    {
        QFETCH(const QSize, size);
        QFETCH(const double, points);
        QFETCH(const bool, isRightToLeft);
        return {size, points, isRightToLeft ? Qt::RightToLeft : Qt::LeftToRight};
    }
    // Rows, an undo bar and a notice that all must find room.
    static void fill(WindowFixture &sendoff)
    {
        QVERIFY(sendoff.drop({sendoff.scratch.clip("A name of a usual length.mkv", 0.5),
                              sendoff.scratch.file("notes.txt", "text"),
                              sendoff.scratch.file("more notes.txt", "text")}));
        QTRY_VERIFY(!sendoff.textOf("undoBar").isEmpty());
        QTRY_VERIFY(!sendoff.textOf("noticeBar").isEmpty());
    }

private Q_SLOTS:
    void noTextIsCutInTheEmptyWindow_data() { addLooks(); }
    void noTextIsCutInTheEmptyWindow()
    {
        const LookScope scope(look());
        WindowFixture sendoff;
        sendoff.window().resize(look().size);
        QTest::qWait(50);
        QCOMPARE(sendoff.window().size(), look().size); // nothing forces it larger
        // Layouts settle in several rounds of the loop.
        QTRY_VERIFY2_WITH_TIMEOUT(cutTexts(sendoff.window()).isEmpty(),
                                  qPrintable(cutTexts(sendoff.window()).join(u'\n')), 2'000);
    }

    void noTextIsCutInTheFilledWindow_data() { addLooks(); }
    void noTextIsCutInTheFilledWindow()
    {
        const LookScope scope(look());
        WindowFixture sendoff;
        sendoff.window().resize(look().size);
        fill(sendoff);
        QTest::qWait(50);
        QCOMPARE(sendoff.window().size(), look().size);
        // Layouts settle in several rounds of the loop.
        QTRY_VERIFY2_WITH_TIMEOUT(cutTexts(sendoff.window()).isEmpty(),
                                  qPrintable(cutTexts(sendoff.window()).join(u'\n')), 2'000);
    }

    void everythingThatTakesTheFocusHasAName()
    {
        WindowFixture sendoff;
        fill(sendoff);
        for (const QWidget *widget : sendoff.window().findChildren<QWidget *>()) {
            if (widget->isVisible() && (widget->focusPolicy() & Qt::TabFocus)
                && !widget->focusProxy())
                QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(nameOf(*widget)));
        }
    }

    void everyTargetCanBeHit()
    {
        WindowFixture sendoff;
        fill(sendoff);
        QTest::qWait(50);
        for (const QAbstractButton *button : sendoff.window().findChildren<QAbstractButton *>()) {
            const bool isInside = qobject_cast<const QLineEdit *>(button->parentWidget())
                || button->objectName().startsWith(u"qt_");
            if (!button->isVisible() || isInside)
                continue;
            QVERIFY2(button->width() >= 24 && button->height() >= 24, qPrintable(nameOf(*button)));
        }
    }

    void tabGoesThroughTheRegionsInTheirOrder()
    {
        WindowFixture sendoff;
        fill(sendoff);
        QVERIFY(QTest::qWaitForWindowActive(&sendoff.window()));
        const QStringList regions{u"toolBar"_qs, u"recipeBar"_qs, u"filterList"_qs,
                                  u"noticeBar"_qs, u"queueView"_qs, u"undoBar"_qs};
        QStringList met;
        sendoff.find<QWidget>("addButton")->setFocus();
        const QWidget *first = QApplication::focusWidget();
        do {
            for (const QWidget *part = QApplication::focusWidget(); part;
                 part = part->parentWidget()) {
                if (!regions.contains(part->objectName()))
                    continue;
                if (!met.contains(part->objectName()))
                    met.append(part->objectName());
                break;
            }
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        } while (QApplication::focusWidget() != first);
        QCOMPARE(met, regions);
    }

    void f6GoesToEveryRegionAndBack()
    {
        WindowFixture sendoff;
        fill(sendoff);
        QVERIFY(QTest::qWaitForWindowActive(&sendoff.window()));
        sendoff.find<QWidget>("addButton")->setFocus();
        QSet<const QWidget *> met;
        const QWidget *first = QApplication::focusWidget();
        int steps = 0;
        do {
            met.insert(QApplication::focusWidget());
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
        } while (QApplication::focusWidget() != first && ++steps < 20);
        QVERIFY(met.size() >= 5);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6, Qt::ShiftModifier);
        QVERIFY(met.contains(QApplication::focusWidget()));
    }

    void everyCommandOfTheMenusIsNamedAndNoKeyIsTakenTwice()
    {
        WindowFixture sendoff;
        QHash<QKeySequence, QString> keys;
        QList<QAction *> actions;
        for (QMenu *menu : sendoff.window().menuBar()->findChildren<QMenu *>())
            actions += menu->actions();
        QVERIFY(actions.size() > 20);
        for (const QAction *action : actions) {
            QVERIFY(action->isSeparator() || !action->text().isEmpty());
            for (const QKeySequence &key : action->shortcuts()) {
                QVERIFY2(keys.value(key, action->text()) == action->text(),
                         qPrintable(key.toString() + u' ' + action->text()));
                keys.insert(key, action->text());
            }
        }
    }

    void palettesAreReadable_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::newRow("light") << ui::lightPalette();
        QTest::newRow("dark") << ui::darkPalette();
    }
    void palettesAreReadable()
    {
        QFETCH(const QPalette, palette);
        const std::pair<QPalette::ColorRole, QPalette::ColorRole> texts[] = {
            {QPalette::WindowText, QPalette::Window},
            {QPalette::Text, QPalette::Base},
            {QPalette::Text, QPalette::AlternateBase},
            {QPalette::ButtonText, QPalette::Button},
            {QPalette::HighlightedText, QPalette::Highlight},
            {QPalette::PlaceholderText, QPalette::Base},
            {QPalette::PlaceholderText, QPalette::Window},
            {QPalette::Link, QPalette::Base},
            {QPalette::ToolTipText, QPalette::ToolTipBase}};
        for (const auto &[text, ground] : texts)
            QVERIFY2(ui::contrast(palette.color(text), palette.color(ground)) >= 4.5,
                     qPrintable(QString::number(int(text))));
        // What bars and notices draw on the window's own ground.
        const ui::Colors &colors = ui::colorsFor(palette);
        for (const QColor &color : {colors.exporting, colors.uploading, colors.held,
                                    colors.attention, colors.done, colors.trackOutline})
            QVERIFY(ui::contrast(color, palette.color(QPalette::Window)) >= 3.0);
    }
};

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    app::installTranslations(&application, QLocale());
    WindowLookTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_look.moc"
