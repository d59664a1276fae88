// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/place.h"

#include "core/transfer/destination.h"

#include <QCoreApplication>
#include <QUrl>

namespace sendoff::ui {

namespace {

constexpr auto shelfWord = "shelf";
constexpr auto folderPrefix = "folder ";
constexpr auto serverPrefix = "server ";
constexpr auto namedPrefix = "named ";

struct PlaceWords {
    Q_DECLARE_TR_FUNCTIONS(PlaceWords)
};

} // namespace

Result<Place> placeFromAddress(const QString &typed)
{
    QString address = typed.trimmed();
    if (address.startsWith(u"http://") || address.startsWith(u"https://"))
        address.prepend(u"tus+");
    SO_TRY(const auto config, transfer::destinationFromUrl(address));
    if (config.type == u"shelf" || config.type == u"folder")
        return failure(Error(ErrorKind::DestinationInvalid)
                           .with(argument::destination, config.name)
                           .with(argument::reason, PlaceWords::tr("that is not a server's address")));
    Place place;
    place.kind = Place::Kind::Server;
    place.address = address;
    return place;
}

Place namedPlace(const QString &name)
{
    Place place;
    place.kind = Place::Kind::Named;
    place.name = name;
    return place;
}

QString placeTitle(const Place &place)
{
    switch (place.kind) {
    case Place::Kind::Shelf:
        return PlaceWords::tr("Shelf");
    case Place::Kind::Folder: {
        const QString name = displayName(place.folder);
        return name.isEmpty() ? displayPath(place.folder) : name;
    }
    case Place::Kind::Named:
        return escapedText(place.name);
    case Place::Kind::Server:
        break;
    }
    const QUrl url(place.address);
    const QString host =
        url.port() < 0 ? url.host() : QStringLiteral("%1:%2").arg(url.host()).arg(url.port());
    return escapedText(host + (url.path() == u"/" ? QString() : url.path()));
}

QString placeInSentence(const Place &place, const QString &shelfFolder)
{
    switch (place.kind) {
    case Place::Kind::Shelf:
        //: %1 is a folder's name. The Shelf is the upload server that is built into Sendoff.
        return PlaceWords::tr("your Shelf (%1 on this computer)").arg(shelfFolder);
    case Place::Kind::Folder:
        return PlaceWords::tr("the folder %1").arg(displayPath(place.folder));
    case Place::Kind::Named:
        return PlaceWords::tr("“%1”").arg(placeTitle(place));
    case Place::Kind::Server:
        break;
    }
    return placeTitle(place);
}

QString toStored(const Place &place)
{
    switch (place.kind) {
    case Place::Kind::Shelf:
        return QString::fromLatin1(shelfWord);
    case Place::Kind::Folder:
        return QString::fromLatin1(folderPrefix) + sendoff::toStored(place.folder);
    case Place::Kind::Named:
        return QString::fromLatin1(namedPrefix) + place.name;
    case Place::Kind::Server:
        break;
    }
    return QString::fromLatin1(serverPrefix) + place.address;
}

std::optional<Place> placeFromStored(const QString &stored)
{
    const QString folder = QString::fromLatin1(folderPrefix);
    const QString server = QString::fromLatin1(serverPrefix);
    const QString named = QString::fromLatin1(namedPrefix);
    Place place;
    if (stored == QLatin1String(shelfWord))
        return place;
    if (stored.startsWith(folder)) {
        place.kind = Place::Kind::Folder;
        place.folder = fromStored(stored.mid(folder.size()));
        return place.folder.is_absolute() ? std::optional(place) : std::nullopt;
    }
    if (stored.startsWith(named) && stored.size() > named.size())
        return namedPlace(stored.mid(named.size()));
    if (!stored.startsWith(server))
        return std::nullopt;
    const auto typed = placeFromAddress(stored.mid(server.size()));
    return typed ? std::optional(*typed) : std::nullopt;
}

} // namespace sendoff::ui
