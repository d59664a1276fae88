// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window_settings.h"

#include <QSettings>

#include <array>

namespace sendoff::ui {

namespace {

// Names in the file, which outlive a reordering of the enums.
constexpr std::array themeNames{"system", "light", "dark"};
constexpr std::array densityNames{"comfortable", "compact"};

template <typename Enum, std::size_t count>
Enum enumFrom(const QVariant &value, const std::array<const char *, count> &names)
{
    for (std::size_t index = 0; index < count; ++index) {
        if (value.toString() == QLatin1String(names[index]))
            return Enum(index);
    }
    return Enum(0);
}


QList<Place> placesFrom(const QStringList &stored)
{
    QList<Place> places;
    for (const QString &text : stored) {
        const auto place = placeFromStored(text);
        if (place && (place->kind == Place::Kind::Folder || place->kind == Place::Kind::Server))
            places.append(*place);
    }
    return places;
}

} // namespace

WindowSettings loadWindowSettings(const FilePath &file)
{
    const QSettings stored(QString::fromStdString(file.string()), QSettings::IniFormat);
    WindowSettings settings;
    settings.geometry = stored.value(QStringLiteral("window/geometry")).toByteArray();
    settings.state = stored.value(QStringLiteral("window/state")).toByteArray();
    settings.splitter = stored.value(QStringLiteral("window/splitter")).toByteArray();
    settings.filter = stored.value(QStringLiteral("window/filter")).toString();
    settings.theme = enumFrom<Theme>(stored.value(QStringLiteral("window/theme")), themeNames);
    settings.density =
        enumFrom<RowDensity>(stored.value(QStringLiteral("window/density")), densityNames);
    settings.showsFilters = stored.value(QStringLiteral("window/filters"), true).toBool();
    settings.showsActivity = stored.value(QStringLiteral("window/activity"), false).toBool();
    settings.hasShownActivity =
        stored.value(QStringLiteral("window/activityShownOnce"), false).toBool();
    settings.preset = stored.value(QStringLiteral("recipe/preset")).toString();
    settings.recentPlaces =
        placesFrom(stored.value(QStringLiteral("recipe/recent")).toStringList());
    const auto place = placeFromStored(stored.value(QStringLiteral("recipe/place")).toString());
    if (place && (place->kind == Place::Kind::Named || settings.recentPlaces.contains(*place)))
        settings.place = *place;
    settings.lastFolder = fromStored(stored.value(QStringLiteral("adding/folder")).toString());
    return settings;
}

Result<void> saveWindowSettings(const FilePath &file, const WindowSettings &settings)
{
    QSettings stored(QString::fromStdString(file.string()), QSettings::IniFormat);
    QStringList recent;
    for (const Place &place : settings.recentPlaces)
        recent.append(toStored(place));
    stored.setValue(QStringLiteral("window/geometry"), settings.geometry);
    stored.setValue(QStringLiteral("window/state"), settings.state);
    stored.setValue(QStringLiteral("window/splitter"), settings.splitter);
    stored.setValue(QStringLiteral("window/filter"), settings.filter);
    stored.setValue(QStringLiteral("window/theme"),
                    QLatin1String(themeNames[std::size_t(settings.theme)]));
    stored.setValue(QStringLiteral("window/density"),
                    QLatin1String(densityNames[std::size_t(settings.density)]));
    stored.setValue(QStringLiteral("window/filters"), settings.showsFilters);
    stored.setValue(QStringLiteral("window/activity"), settings.showsActivity);
    stored.setValue(QStringLiteral("window/activityShownOnce"), settings.hasShownActivity);
    stored.setValue(QStringLiteral("recipe/preset"), settings.preset);
    stored.setValue(QStringLiteral("recipe/place"), toStored(settings.place));
    stored.setValue(QStringLiteral("recipe/recent"), recent);
    stored.setValue(QStringLiteral("adding/folder"), sendoff::toStored(settings.lastFolder));
    stored.sync();
    if (stored.status() == QSettings::NoError)
        return {};
    return failure(Error(ErrorKind::OutputNotWritable, QStringLiteral("save the settings"))
                       .with(argument::folder, displayPath(file.parent_path())));
}

} // namespace sendoff::ui
