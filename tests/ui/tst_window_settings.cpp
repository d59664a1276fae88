// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window_settings.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <iterator>

using namespace sendoff;
using namespace sendoff::ui;

namespace {

WindowSettings unusualSettings()
{
    WindowSettings settings;
    settings.geometry = QByteArray("\x01\x00\xff,;=", 6);
    settings.state = "state";
    settings.splitter = "splitter";
    settings.filter = u"paused"_qs;
    settings.theme = Theme::Dark;
    settings.density = RowDensity::Compact;
    settings.showsFilters = false;
    settings.showsActivity = true;
    settings.hasShownActivity = true;
    settings.preset = u"web-720p"_qs;
    Place folder;
    folder.kind = Place::Kind::Folder;
    folder.folder = "/srv/Videos, new; \xff";
    settings.recentPlaces = {folder, placeFromAddress(u"https://example.org/files"_qs).value()};
    settings.place = folder;
    settings.lastFolder = "/home/me/Öl";
    return settings;
}

} // namespace

class WindowSettingsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    FilePath file() const { return FilePath(m_folder.path().toStdString()) / "window.ini"; }

private Q_SLOTS:
    void cleanup() { std::filesystem::remove(file()); }

    void readBackAsTheyWereSaved()
    {
        const WindowSettings settings = unusualSettings();
        QVERIFY(saveWindowSettings(file(), settings));
        QVERIFY(loadWindowSettings(file()) == settings);
    }

    void aMissingFileGivesTheDefaults() { QVERIFY(loadWindowSettings(file()) == WindowSettings()); }

    void aDamagedFileGivesWhatCanBeRead()
    {
        std::ofstream(file()) << "[window]\ntheme=mauve\ndensity=compact\nfilters=perhaps\n"
                                 "[recipe]\nplace=server nonsense\nrecent=\x01, folder relative\n[[[";
        const WindowSettings settings = loadWindowSettings(file());
        QCOMPARE(settings.theme, Theme::System);
        QCOMPARE(settings.density, RowDensity::Compact);
        QCOMPARE(settings.place, Place());
        QVERIFY(settings.recentPlaces.isEmpty());
    }

    void aPlaceThatIsNotRememberedIsNotChosen()
    {
        WindowSettings settings = unusualSettings();
        settings.recentPlaces.removeFirst();
        QVERIFY(saveWindowSettings(file(), settings));
        QCOMPARE(loadWindowSettings(file()).place, Place());
    }

    void noSecretCanBeWritten()
    {
        QVERIFY(!placeFromAddress(u"https://me:hunter2@example.org/files"_qs));
        QVERIFY(!placeFromAddress(u"https://example.org/files?token=hunter2"_qs));
    }

    void whereNothingCanBeWrittenItSaysSo()
    {
        const auto saved = saveWindowSettings("/proc/nowhere/window.ini", unusualSettings());
        QVERIFY(!saved);
        QCOMPARE(saved.error().kind, ErrorKind::OutputNotWritable);
    }
};

QTEST_GUILESS_MAIN(WindowSettingsTest)
#include "tst_window_settings.moc"
