// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/preset_digest.h"
#include "ui/bars/recipe_bar.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>

using namespace sendoff;
using namespace sendoff::ui;

namespace {

Place folder(const char *path)
{
    Place place;
    place.kind = Place::Kind::Folder;
    place.folder = path;
    return place;
}

Place server(const char *address)
{
    return placeFromAddress(QString::fromLatin1(address)).value();
}

QComboBox *box(const RecipeBar &bar, const char *name)
{
    return bar.findChild<QComboBox *>(QString::fromLatin1(name));
}

} // namespace

class RecipeBarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void beginsWithAReadyRecipeForTheShelf()
    {
        const RecipeBar bar(media::loadPresets({}).presets, u"Videos/Sendoff"_qs);
        const queue::Recipe recipe = bar.recipe();
        QVERIFY(!recipe.preset.isEmpty());
        QCOMPARE(recipe.presetDigest.size(), 64);
        QCOMPARE(recipe.destinations, QStringList(u"shelf:"_qs));
        QVERIFY(recipe.outputFolder.empty());
        QVERIFY2(bar.sentence().contains(u"Videos/Sendoff"), qPrintable(bar.sentence()));
        QVERIFY(bar.toolTip().contains(bar.sentence()));
    }

    void everyPresetIsThereByItsFullTitle()
    {
        const auto presets = media::loadPresets({}).presets;
        const RecipeBar bar(presets, {});
        for (const media::Preset &preset : presets)
            QVERIFY(box(bar, "presetBox")->findText(preset.title) >= 0);
    }

    void theDigestIsThatOfThePreset()
    {
        RecipeBar bar(media::loadPresets({}).presets, {});
        bar.setPreset(u"original"_qs);
        const auto preset = media::findPreset(u"original"_qs, {});
        QVERIFY(preset);
        QCOMPARE(bar.recipe().presetDigest, media::presetDigest(*preset));
    }

    void aFolderIsWhereExportsEnd()
    {
        RecipeBar bar(media::loadPresets({}).presets, {});
        QSignalSpy changed(&bar, &RecipeBar::recipeChanged);
        bar.choosePlace(folder("/srv/videos"));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(bar.recipe().outputFolder, FilePath("/srv/videos"));
        QVERIFY(bar.recipe().destinations.isEmpty());
    }

    void aServerIsADestination()
    {
        RecipeBar bar(media::loadPresets({}).presets, {});
        bar.choosePlace(server("https://files.example.org/files"));
        QCOMPARE(bar.recipe().destinations,
                 QStringList(u"tus+https://files.example.org/files"_qs));
    }

    void recentPlacesAreRememberedTheLatestFirst()
    {
        RecipeBar bar(media::loadPresets({}).presets, {});
        bar.choosePlace(folder("/a"));
        bar.choosePlace(folder("/b"));
        bar.choosePlace(folder("/a"));
        QCOMPARE(bar.recentPlaces(), (QList<Place>{folder("/a"), folder("/b")}));
        box(bar, "placeBox")->setCurrentIndex(0);
        Q_EMIT box(bar, "placeBox")->activated(0);
        QCOMPARE(bar.place(), Place());
        QCOMPARE(bar.recentPlaces().size(), 2);
    }

    void destinationsThatAreSetUpStandBeforeTheRecentOnes()
    {
        RecipeBar bar(media::loadPresets({}).presets, {});
        bar.setDestinations({u"Family server"_qs, u"Bucket"_qs});
        bar.choosePlace(folder("/a"));
        QComboBox *places = box(bar, "placeBox");
        QCOMPARE(places->itemText(1), u"Family server"_qs);
        QCOMPARE(places->itemText(2), u"Bucket"_qs);
        QCOMPARE(places->currentIndex(), 3);
        Q_EMIT places->activated(2);
        QCOMPARE(bar.recipe().destinations, QStringList(u"Bucket"_qs));
        QVERIFY(bar.recipe().outputFolder.empty());
        QCOMPARE(bar.recentPlaces(), QList<Place>{folder("/a")});
        QVERIFY2(bar.sentence().contains(u"“Bucket”"), qPrintable(bar.sentence()));
    }

    void aDestinationThatIsRemovedIsNotChosenAnyMore()
    {
        RecipeBar bar(media::loadPresets({}).presets, {});
        bar.setDestinations({u"Family server"_qs, u"Bucket"_qs});
        bar.setPlaces({}, namedPlace(u"Bucket"_qs));
        QSignalSpy changed(&bar, &RecipeBar::recipeChanged);
        bar.setDestinations({u"Bucket"_qs});
        QCOMPARE(bar.place(), namedPlace(u"Bucket"_qs));
        QCOMPARE(changed.size(), 0);
        bar.setDestinations({});
        QCOMPARE(bar.place(), Place());
        QCOMPARE(changed.size(), 1);
        bar.setPlaces({}, namedPlace(u"Bucket"_qs)); // as the settings remember it
        QCOMPARE(bar.place(), Place());
    }

    void theLastEntriesAskAndChangeNothing()
    {
        RecipeBar bar(media::loadPresets({}).presets, {});
        QSignalSpy folderWanted(&bar, &RecipeBar::folderWanted);
        QSignalSpy serverWanted(&bar, &RecipeBar::serverWanted);
        QComboBox *places = box(bar, "placeBox");
        Q_EMIT places->activated(places->count() - 2);
        Q_EMIT places->activated(places->count() - 1);
        QCOMPARE(folderWanted.size(), 1);
        QCOMPARE(serverWanted.size(), 1);
        QCOMPARE(places->currentIndex(), 0);
        QCOMPARE(bar.place(), Place());
    }

    void addressesAsPeopleTypeThem_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("address"); // empty = refused
        QTest::newRow("bare https") << u" https://example.org/files "_qs
                                    << u"tus+https://example.org/files"_qs;
        QTest::newRow("loopback") << u"http://127.0.0.1:1080/files/"_qs
                                  << u"tus+http://127.0.0.1:1080/files/"_qs;
        QTest::newRow("with its scheme") << u"tus+https://example.org/f"_qs
                                         << u"tus+https://example.org/f"_qs;
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("words") << u"my server"_qs << QString();
        QTest::newRow("the Shelf is chosen, not typed") << u"shelf:"_qs << QString();
        QTest::newRow("a folder is chosen, not typed") << u"file:///tmp"_qs << QString();
        QTest::newRow("password") << u"https://me:secret@example.org/files"_qs << QString();
        QTest::newRow("token") << u"https://example.org/files?token=abc"_qs << QString();
    }
    void addressesAsPeopleTypeThem()
    {
        QFETCH(const QString, typed);
        QFETCH(const QString, address);
        const auto place = placeFromAddress(typed);
        QCOMPARE(place.has_value(), !address.isEmpty());
        if (place)
            QCOMPARE(place->address, address);
    }

    void placesReadBackAsTheyWereStored_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("shelf") << u"shelf"_qs;
        QTest::newRow("folder") << u"folder"_qs;
        QTest::newRow("bytes that are no text") << u"bytes"_qs;
        QTest::newRow("server") << u"server"_qs;
        QTest::newRow("set up") << u"named"_qs;
    }
    void placesReadBackAsTheyWereStored()
    {
        QFETCH(const QString, kind);
        const Place place = kind == u"shelf"  ? Place()
            : kind == u"folder"               ? folder("/srv/My videos")
            : kind == u"bytes"                ? folder("/srv/\xff\xfe")
            : kind == u"named"                ? namedPlace(u"Oma’s server"_qs)
                                              : server("http://127.0.0.1/files");
        QCOMPARE(placeFromStored(toStored(place)), std::optional(place));
        QVERIFY(!placeTitle(place).isEmpty());
    }

    void whatIsNoPlaceIsNotRead()
    {
        for (const char *text : {"", "folder relative", "server my server", "named ", "elsewhere"})
            QVERIFY2(!placeFromStored(QString::fromLatin1(text)), text);
    }
};

QTEST_MAIN(RecipeBarTest)
#include "tst_recipe_bar.moc"
