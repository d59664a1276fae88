// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/recipe_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sendoff::ui {

namespace {

QString explanation(int videos, int begun)
{
    if (begun == 0)
        return RecipeDialog::tr("For %n video(s) that have not begun.", nullptr, videos);
    if (begun == videos)
        return RecipeDialog::tr("They have begun already. Cancel and start over to change them.");
    return RecipeDialog::tr("For %n video(s); those that have begun keep their recipe.", nullptr,
                            videos - begun);
}

} // namespace

RecipeDialog::RecipeDialog(const RecipeBar &like, int videos, int begun, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("recipeDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Change recipe"));
    auto *text = new QLabel(explanation(videos, begun), this);
    auto *bar = new RecipeBar(like.presets(), like.shelfFolder(), this);
    bar->setDestinations(like.destinations());
    bar->setPlaces(like.recentPlaces(), like.place());
    bar->setPreset(like.presetId());
    bar->offerOnlyKnownPlaces();
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *change = buttons->addButton(tr("C&hange"), QDialogButtonBox::AcceptRole);
    buttons->addButton(tr("&Cancel"), QDialogButtonBox::RejectRole);
    change->setEnabled(begun < videos);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this, bar] {
        Q_EMIT chosen(bar->recipe());
        accept();
    });
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    for (QWidget *part : {static_cast<QWidget *>(text), static_cast<QWidget *>(bar),
                          static_cast<QWidget *>(buttons)})
        column->addWidget(part);
}

} // namespace sendoff::ui
