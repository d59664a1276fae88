// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/recipe_bar.h"

#include "core/media/preset_digest.h"
#include "ui/theme/icons.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>

namespace sendoff::ui {

namespace {

constexpr int rememberedPlaces = 6;
constexpr int fewestCharacters = 10; // of a name that is still told apart

enum class PlaceEntry { Place, AskFolder, AskServer };
constexpr int entryRole = Qt::UserRole;

QComboBox *namedBox(const QString &name, const QString &objectName, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setObjectName(objectName);
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->setMinimumContentsLength(fewestCharacters);
    box->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    return box;
}

} // namespace

RecipeBar::RecipeBar(QList<media::Preset> presets, QString shelfFolder, QWidget *parent)
    : QWidget(parent), m_known(std::move(presets)), m_shelfFolder(std::move(shelfFolder)),
      m_presets(namedBox(tr("Preset for new videos"), QStringLiteral("presetBox"), this)),
      m_places(namedBox(tr("Where new videos go"), QStringLiteral("placeBox"), this))
{
    setObjectName(QStringLiteral("recipeBar"));
    //: The label before the two choices of what happens with videos that are dropped.
    auto *newVideos = new QLabel(tr("&New videos:"), this);
    newVideos->setBuddy(m_presets);
    //: Between the preset and the place: "Web 1080p, then to Shelf".
    auto *thenTo = new QLabel(tr("then &to"), this);
    thenTo->setBuddy(m_places);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    for (QWidget *part : {static_cast<QWidget *>(newVideos), static_cast<QWidget *>(m_presets),
                          static_cast<QWidget *>(thenTo), static_cast<QWidget *>(m_places)})
        row->addWidget(part);

    for (const media::Preset &preset : m_known) {
        m_presets->addItem(preset.title, preset.id);
        m_presets->setItemData(m_presets->count() - 1, preset.description, Qt::ToolTipRole);
    }
    connect(m_presets, &QComboBox::currentIndexChanged, this, [this] {
        showSentence();
        Q_EMIT recipeChanged();
    });
    connect(m_places, &QComboBox::activated, this, &RecipeBar::placeActivated);
    fillPlaces();
}

void RecipeBar::setDestinations(const QStringList &names)
{
    m_destinations = names;
    const bool isGone = !knownPlaces().contains(m_current);
    if (isGone)
        m_current = Place();
    fillPlaces();
    if (isGone)
        Q_EMIT recipeChanged();
}

void RecipeBar::setPlaces(const QList<Place> &recent, const Place &current)
{
    m_recent = recent.mid(0, rememberedPlaces);
    m_current = knownPlaces().contains(current) ? current : Place();
    fillPlaces();
}

void RecipeBar::offerOnlyKnownPlaces()
{
    m_asksForPlaces = false;
    fillPlaces();
}

void RecipeBar::setPreset(const QString &id)
{
    const int index = m_presets->findData(id);
    if (index >= 0)
        m_presets->setCurrentIndex(index);
}

QString RecipeBar::presetId() const
{
    return m_presets->currentData().toString();
}

void RecipeBar::choosePlace(const Place &place)
{
    m_current = place;
    if (place.kind == Place::Kind::Folder || place.kind == Place::Kind::Server) {
        m_recent.removeAll(place);
        m_recent.prepend(place);
        m_recent = m_recent.mid(0, rememberedPlaces);
    }
    fillPlaces();
    Q_EMIT recipeChanged();
}

QList<Place> RecipeBar::knownPlaces() const
{
    QList<Place> places{Place()};
    for (const QString &name : m_destinations)
        places.append(namedPlace(name));
    return places + m_recent;
}

void RecipeBar::fillPlaces()
{
    m_places->clear();
    const auto add = [this](const QString &iconName, const QString &title, PlaceEntry entry) {
        m_places->addItem(icon(iconName, palette()), title, int(entry));
    };
    const auto iconOf = [](const Place &place) {
        return place.kind == Place::Kind::Folder ? QStringLiteral("folder")
                                                 : QStringLiteral("destination");
    };
    for (const Place &place : knownPlaces()) {
        add(iconOf(place), placeTitle(place), PlaceEntry::Place);
        m_places->setItemData(m_places->count() - 1, placeInSentence(place, m_shelfFolder),
                              Qt::ToolTipRole);
    }
    if (m_asksForPlaces) {
        m_places->insertSeparator(m_places->count());
        add(QStringLiteral("folder"), tr("Folder…"), PlaceEntry::AskFolder);
        add(QStringLiteral("add"), tr("Server address…"), PlaceEntry::AskServer);
    }
    showCurrentPlace();
    showSentence();
}

void RecipeBar::showCurrentPlace()
{
    m_places->setCurrentIndex(int(knownPlaces().indexOf(m_current)));
}

void RecipeBar::placeActivated(int index)
{
    switch (PlaceEntry(m_places->itemData(index, entryRole).toInt())) {
    case PlaceEntry::AskFolder:
        showCurrentPlace(); // until a folder is chosen
        Q_EMIT folderWanted();
        return;
    case PlaceEntry::AskServer:
        showCurrentPlace();
        Q_EMIT serverWanted();
        return;
    case PlaceEntry::Place:
        break;
    }
    m_current = knownPlaces().value(index);
    showSentence();
    Q_EMIT recipeChanged();
}

queue::Recipe RecipeBar::recipe() const
{
    queue::Recipe recipe;
    recipe.preset = presetId();
    const int index = m_presets->currentIndex();
    if (index >= 0)
        recipe.presetDigest = media::presetDigest(m_known[index]);
    switch (m_current.kind) {
    case Place::Kind::Shelf:
        recipe.destinations = QStringList{QStringLiteral("shelf:")};
        break;
    case Place::Kind::Folder:
        recipe.outputFolder = m_current.folder;
        break;
    case Place::Kind::Server:
        recipe.destinations = QStringList{m_current.address};
        break;
    case Place::Kind::Named:
        recipe.destinations = QStringList{m_current.name};
        break;
    }
    return recipe;
}

QString RecipeBar::sentence() const
{
    //: What happens with videos that are dropped. %1 is a preset's name, %2 a place.
    return tr("%1, then to %2.")
        .arg(m_presets->currentText(), placeInSentence(m_current, m_shelfFolder));
}

void RecipeBar::showSentence()
{
    const QString text = tr("New videos start at once: %1").arg(sentence());
    for (QWidget *part : {static_cast<QWidget *>(this), static_cast<QWidget *>(m_presets),
                          static_cast<QWidget *>(m_places)})
        part->setToolTip(text);
    m_presets->setAccessibleDescription(text);
    m_places->setAccessibleDescription(text);
}

void RecipeBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fillPlaces(); // its icons are tinted
}

} // namespace sendoff::ui
