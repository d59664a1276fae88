// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// RecipeBar: what happens with new videos: the preset and the place they go to. Not for: jobs that
// are in the queue already (their recipe is their own).

#include "core/media/preset.h"
#include "core/queue/job.h"
#include "ui/bars/place.h"

#include <QWidget>

class QComboBox;

namespace sendoff::ui {

class RecipeBar : public QWidget {
    Q_OBJECT

public:
    // `shelfFolder`: where the Shelf keeps its videos, as a person reads it.
    RecipeBar(QList<media::Preset> presets, QString shelfFolder, QWidget *parent = nullptr);

    // The destinations that are set up, by name. Where the current place was one that is gone, it
    // is the Shelf again.
    void setDestinations(const QStringList &names);
    QStringList destinations() const { return m_destinations; }
    // The recent places beside those, the latest first; `current` is one of all of these, else it
    // is the Shelf.
    void setPlaces(const QList<Place> &recent, const Place &current);
    // Without the entries that ask for a new place.
    void offerOnlyKnownPlaces();
    QList<Place> recentPlaces() const { return m_recent; }
    const QList<media::Preset> &presets() const { return m_known; }
    QString shelfFolder() const { return m_shelfFolder; }
    void setPreset(const QString &id); // an unknown one changes nothing
    QString presetId() const;
    Place place() const { return m_current; }
    // Chosen by typing or in a dialog: it becomes the current one and is remembered.
    void choosePlace(const Place &place);

    queue::Recipe recipe() const;
    // What a drop will do: "Web 1080p, then to your Shelf (Videos/Sendoff on this computer)."
    QString sentence() const;

Q_SIGNALS:
    void recipeChanged();
    // The last two entries of the places: the window asks for a folder or an address.
    void folderWanted();
    void serverWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void fillPlaces();
    QList<Place> knownPlaces() const; // in the order of the box
    void showCurrentPlace();
    void placeActivated(int index);
    void showSentence();

    QList<media::Preset> m_known;
    QString m_shelfFolder;
    QStringList m_destinations;
    QList<Place> m_recent;
    Place m_current;
    bool m_asksForPlaces = true;
    QComboBox *m_presets;
    QComboBox *m_places;
};

} // namespace sendoff::ui
