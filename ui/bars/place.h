// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Place: where finished videos go, as a person chooses it in the window.

#include "core/base/file_path.h"
#include "core/base/result.h"

#include <QString>

#include <optional>

namespace sendoff::ui {

struct Place {
    enum class Kind { Shelf, Folder, Server, Named };
    Kind kind = Kind::Shelf;
    FilePath folder; // of Folder
    QString address; // of Server, as in Recipe::destinations; without secrets
    QString name; // of Named: a destination that is set up

    bool operator==(const Place &) const = default;
};

// An address as typed. A bare http(s) address is taken as a tus server's. DestinationUnknown,
// DestinationInvalid; the Shelf and folders are not addresses.
Result<Place> placeFromAddress(const QString &typed);

Place namedPlace(const QString &name);

QString placeTitle(const Place &place); // "Shelf", "Exported", "files.example.org/files"
// The same in a sentence: "your Shelf (Videos/Sendoff on this computer)". `shelfFolder` as shown.
QString placeInSentence(const Place &place, const QString &shelfFolder);

// For the settings file. Nothing where the text is of no known form.
QString toStored(const Place &place);
std::optional<Place> placeFromStored(const QString &stored);

} // namespace sendoff::ui
