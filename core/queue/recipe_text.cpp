// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/queue/recipe_text.h"

#include "core/queue/quantity_text.h"

#include <QCoreApplication>
#include <QUrl>

namespace sendoff::queue {

namespace {

struct RecipeWords {
    Q_DECLARE_TR_FUNCTIONS(Recipe)
};

QString presetText(const Recipe &recipe, const PresetTitles &titles)
{
    if (recipe.preset.isEmpty()) {
        //: In the place of a preset: the file is uploaded as it is.
        return RecipeWords::tr("As it is");
    }
    const QString title = titles.value(recipe.preset);
    return isolated(title.isEmpty() ? displayName(fromStored(recipe.preset)) : escapedText(title));
}

QString placesText(const Recipe &recipe)
{
    if (recipe.destinations.isEmpty())
        return isolated(displayName(recipe.outputFolder));
    const QString first = isolated(placeText(recipe.destinations.first()));
    if (recipe.destinations.size() == 1)
        return first;
    if (recipe.destinations.size() == 2) {
        //: Two destinations of one video.
        return RecipeWords::tr("%1 and %2")
            .arg(first, isolated(placeText(recipe.destinations.last())));
    }
    //: Three or more destinations of one video: the first by name, the others as a number.
    return RecipeWords::tr("%1 and %n others", nullptr, int(recipe.destinations.size()) - 1)
        .arg(first);
}

} // namespace

QString placeText(const QString &destination)
{
    const QUrl url(destination);
    if (url.scheme() == u"shelf")
        return RecipeWords::tr("Shelf");
    if (url.scheme() == u"file")
        return displayName(FilePath(url.toLocalFile().toStdString()));
    if (destination.contains(u"://") && !url.host().isEmpty())
        return escapedText(url.host());
    return escapedText(destination);
}

QString recipeText(const Recipe &recipe, const PresetTitles &titles)
{
    const bool hasPlace = !recipe.destinations.isEmpty() || !recipe.outputFolder.empty();
    if (!hasPlace)
        return presetText(recipe, titles);
    //: What happens to a video: %1 is a preset, %2 a destination or a folder.
    return RecipeWords::tr("%1 → %2").arg(presetText(recipe, titles), placesText(recipe));
}

} // namespace sendoff::queue
